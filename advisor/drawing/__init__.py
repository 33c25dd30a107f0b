"""A series as it is drawn: few buckets that hide no spike, at any coarseness."""
