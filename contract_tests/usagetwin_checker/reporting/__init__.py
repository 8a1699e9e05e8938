"""How a report is shown: on the terminal, as JSON, and as a page."""
