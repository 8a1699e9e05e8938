"""The ASGI parts, each on its own or in the assembled twin."""
