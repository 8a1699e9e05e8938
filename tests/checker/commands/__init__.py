"""Tests of `usagetwin_checker.commands`."""
