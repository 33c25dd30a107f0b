"""What the rules know of what a run was given: its recorded settings, and what they leave open."""
