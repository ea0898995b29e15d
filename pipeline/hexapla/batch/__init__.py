"""Batches: a manifest names many documents, workers align them, and one process commits them in large appends."""
