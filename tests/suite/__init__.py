"""Tests of `usagetwin_checker.suite`."""
