"""TMX: memories in and out, the properties that tools know, and the check of any TMX file."""
