"""Tests of what the benchmarks read and print; nothing here measures time."""
