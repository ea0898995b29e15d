"""Alignment of language versions: evidence, posteriors, beads and rows."""
