"""Tests of checks in shards."""
