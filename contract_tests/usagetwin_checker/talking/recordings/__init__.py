"""Exchanges in a file: written while a target is asked, and read from what many tools write."""
