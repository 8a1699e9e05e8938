"""What is known of a target that no tier says: its keys, its current time, its labels."""
