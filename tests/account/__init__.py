"""Tests of `usagetwin.account`."""
