"""Additions: how documents and files become units; only what changed is aligned again."""
