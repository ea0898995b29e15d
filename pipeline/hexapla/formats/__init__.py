"""Units in and out, a module for each format."""
