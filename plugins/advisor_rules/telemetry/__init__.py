"""Rules on the log itself."""
