"""Code shared by all formats: bounded reading of untrusted input, and output written whole or not at all."""
