"""What tests noticed of faults and legal variations, and how it is told: of pytest's, and of a command's."""
