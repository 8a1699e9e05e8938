"""Answers from a recording: what was asked is answered as it was, and what was not is told so."""
