"""What is made of the tables: texts, indexes, and the snapshots that readers open."""
