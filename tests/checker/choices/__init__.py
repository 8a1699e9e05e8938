"""Tests of what answers teach."""
