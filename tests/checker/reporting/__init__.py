"""Tests of `usagetwin_checker.reporting`."""
