"""The page on which a person reads an alignment."""
