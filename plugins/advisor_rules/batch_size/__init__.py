"""Rules on the size of a batch."""
