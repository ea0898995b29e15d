"""An alignment as an HTML page for people to read."""
