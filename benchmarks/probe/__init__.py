"""How often the probe names a planted fault, and how often it is wrong about a sound program."""
