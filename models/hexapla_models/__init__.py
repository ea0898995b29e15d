"""Texts to vectors: the encoder protocol, the registry of models and the embedded encoder."""
