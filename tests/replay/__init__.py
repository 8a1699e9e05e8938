"""Tests of answers from a recording."""
