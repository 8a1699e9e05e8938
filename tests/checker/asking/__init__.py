"""Tests of `usagetwin_checker.asking`."""
