"""What the rules see in curves: each sign is measured in one place, for all that ask for it."""
