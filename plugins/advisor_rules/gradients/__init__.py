"""Rules on the stage gradients: their size, by layer and over time, and clipping."""
