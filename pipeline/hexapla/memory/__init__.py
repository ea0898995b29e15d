"""Persistent translation memories: versioned units that are looked up, corrected and added to."""
