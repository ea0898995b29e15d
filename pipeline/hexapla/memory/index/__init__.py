"""Data derived from the tables: fragments with texts and indexes, and the snapshots that readers open."""
