"""What was asked: a query string becomes a query, or a refusal that says what to send."""
