"""Tests of the twin and of the checker."""
