"""From a run to diagnoses: its rules judged, findings joined, and the next experiment chosen."""
