"""Tests of `usagetwin_checker.judging`."""
