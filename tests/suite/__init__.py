"""Tests of `contract_tests.suite`."""
