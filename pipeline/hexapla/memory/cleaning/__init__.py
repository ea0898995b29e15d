"""Cleaning: rules, and the units that violate them."""
