"""What a target chose where the contract leaves it open: as far as its answers show it."""
