"""Tests of the contract: the document, the overlay, the rules, the projection."""
