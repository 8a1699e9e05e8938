"""A proxy that judges: requests are passed on to an upstream, and its answers are held to the contract."""
