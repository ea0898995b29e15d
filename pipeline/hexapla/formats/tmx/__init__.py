"""TMX: reader, writer, profiles of CAT tools, and validation of any TMX file."""
