"""The names that loggers, frameworks and people give to series and hyperparameters, as data."""
