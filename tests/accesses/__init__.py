"""What the log says of each answered request, each form of it on its own."""
