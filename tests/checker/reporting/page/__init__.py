"""Tests of `usagetwin_checker.reporting.page`: reports as a page."""
