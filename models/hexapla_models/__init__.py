"""Text to vectors: the embedded encoder and the registry of models."""
