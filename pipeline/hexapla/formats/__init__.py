"""Readers and writers of units and rows, one module per format."""
