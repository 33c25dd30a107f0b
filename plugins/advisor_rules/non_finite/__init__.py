"""Rules on values that are not finite."""
