"""The twin's commands: options in, words out.

Rule: a command parses options and prints; what it does is done below.
"""
