"""An ask in, an exchange out: targets, bodies, and patience."""
