"""Rules on averaging weights and models."""
