"""Tests of the ledger oracle."""
