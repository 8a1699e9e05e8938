"""The server process around the twin: its HTTP, its ready line, its stop, and whether it is well."""
