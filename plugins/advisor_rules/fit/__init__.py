"""Rules on over- and underfitting."""
