"""Recordings of many tools, read: every entry in one form, whichever tool wrote it."""
