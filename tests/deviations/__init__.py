"""The deviations, each in a conversation that shows it."""
