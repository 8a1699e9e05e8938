"""Tests of validation: two validators with one verdict, and the words of a refusal."""
