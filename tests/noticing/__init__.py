"""What tests noticed, and how it is told."""
