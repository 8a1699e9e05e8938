"""What the log says of each answered request, and what it never says."""
