"""Tests of `usagetwin_checker.talking.live`."""
