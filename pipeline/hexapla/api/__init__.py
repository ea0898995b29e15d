"""The front door: what `import hexapla` gives; nothing else is public."""
