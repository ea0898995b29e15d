"""How documents become units: what changed is aligned again, and each commit is whole."""
