"""What was tried to break the programs, and what held: `make abuse`, and a sample of it as tests."""
