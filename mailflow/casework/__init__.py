"""What we do about it: one visible transaction per use case."""
