"""What the page costs: its bytes, the time until a browser has drawn it, and that of a click."""
