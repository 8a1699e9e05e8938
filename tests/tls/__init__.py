"""Tests of certificates and who believes them."""
