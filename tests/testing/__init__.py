"""Tests of the twin inside a test."""
