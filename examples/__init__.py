"""Real training runs, recorded by real loggers: what they show and how they were made."""
