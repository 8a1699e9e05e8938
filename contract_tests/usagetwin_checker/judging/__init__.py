"""What answers show, each by itself and all together: pure, and the same for every target."""
