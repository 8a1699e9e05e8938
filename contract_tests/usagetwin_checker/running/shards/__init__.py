"""A check in parts, which any number of processes and machines may share."""
