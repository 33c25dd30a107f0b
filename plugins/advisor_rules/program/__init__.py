"""Rules on mistakes in the program: nothing else is worth tuning while they fire."""
