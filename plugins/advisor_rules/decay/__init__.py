"""Rules on how the learning rate is lowered over a run."""
