"""Tests of `usagetwin_checker.running`."""
