"""Programs that are led to a twin."""
