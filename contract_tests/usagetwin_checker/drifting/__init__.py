"""What moved between the vendored document and a newer one, or between two reports, and what would follow."""
