"""Additions: documents and files become units, and only what changed is aligned again."""
