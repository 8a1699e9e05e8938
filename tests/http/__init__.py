"""What the twin answers, request by request."""
