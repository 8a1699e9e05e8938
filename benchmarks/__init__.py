"""What we claim about speed and about fitting other tools, and how to measure it again: `make bench`."""
