"""Tests of `usagetwin_checker.talking`."""
