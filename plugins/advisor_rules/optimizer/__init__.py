"""Rules on the optimizer and its momentum."""
