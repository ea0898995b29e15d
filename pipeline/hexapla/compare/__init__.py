"""How two texts are compared: percentage, placeables, highlighted differences."""
