"""Guard tests: what the packaging, the make targets and the image promise stays true."""
