"""The commands `usagetwin control ...`: the control API, for a shell.

Rule: nothing is decided here: one command is one request, and what the API refuses is told in its own words.
"""
