"""Rules on how long to train."""
