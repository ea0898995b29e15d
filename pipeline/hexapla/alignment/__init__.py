"""Beads, posteriors and rows: what stands beside what in all language versions."""
