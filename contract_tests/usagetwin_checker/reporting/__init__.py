"""How a report is shown: on the terminal, and as JSON."""
