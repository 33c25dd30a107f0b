"""Rules on how the runs of a study explore their settings."""
