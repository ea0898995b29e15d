"""Many documents at once: a manifest names them, workers align them, and one process commits them in large appends."""
