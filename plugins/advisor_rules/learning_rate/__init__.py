"""Rules on the learning rate."""
