"""Comparison of two texts: match percentage, placeables and highlighted differences."""
