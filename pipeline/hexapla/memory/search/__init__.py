"""Search: by edit distance, by meaning and by words."""
