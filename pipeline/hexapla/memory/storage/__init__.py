"""What a memory stores: units and vectors in Delta tables, in one folder."""
