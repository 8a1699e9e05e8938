"""Tests of exchanges in a file."""
