"""What is true, without HTTP: worlds, their counts, the ledger, and the answers that are views of it."""
