"""Scripts that `make` runs; they are no part of the wheel."""
