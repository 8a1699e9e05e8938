"""Tests of the proxy that judges."""
