"""Tests of `usagetwin_checker.knowing`."""
