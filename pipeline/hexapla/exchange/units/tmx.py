"""Units in TMX, read and written with all that they have."""

from __future__ import annotations

from hexapla.exchange.units.tmx_reading import read_units
from hexapla.exchange.units.tmx_writing import write_units

__all__ = ["read_units", "write_units"]
