"""Real clients against a served twin."""
