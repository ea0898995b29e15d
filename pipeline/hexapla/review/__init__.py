"""What people decided about units in a reviewed file, applied to the memory."""
