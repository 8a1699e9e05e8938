"""Tests of accounts out of recordings."""
