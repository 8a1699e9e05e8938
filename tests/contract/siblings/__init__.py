"""Tests of the operations that users bring."""
