"""How texts are found: by edit distance, by meaning, by words."""
