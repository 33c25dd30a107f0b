"""The line of the training's own settings that a change touches: found where exactly one fits."""
