"""Tests of plays that several processes serve."""
