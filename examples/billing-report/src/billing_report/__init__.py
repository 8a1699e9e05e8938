"""How many sessions LaunchDarkly will bill us for, read from its usage API."""
