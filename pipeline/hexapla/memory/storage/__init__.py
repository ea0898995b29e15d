"""What a memory keeps: units and vectors in Delta tables, and the folder they stand in."""
