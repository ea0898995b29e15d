"""What a memory is better off without: rules, and the units that break them."""
