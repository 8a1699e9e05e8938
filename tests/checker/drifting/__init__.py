"""Tests of what says what moved."""
