"""The server process: start, log, stop."""
