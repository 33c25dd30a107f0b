"""The small trainings behind the recorded examples, one module per logger."""
