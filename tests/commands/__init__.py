"""Tests of the twin's commands."""
