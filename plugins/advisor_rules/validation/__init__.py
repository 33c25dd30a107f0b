"""Rules on validation and metrics."""
