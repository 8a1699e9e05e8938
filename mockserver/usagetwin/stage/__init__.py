"""A twin that can be told things while it runs: its plays, their faults, and what they were asked."""
