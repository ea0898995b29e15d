"""Bounds of files that unpack, such as zip archives, and what reading damaged ones raises."""

from __future__ import annotations

import lzma
import zipfile
import zlib

MAXIMUM_ENTRIES = 10_000
MAXIMUM_RATIO = 300  # of the bytes of a part to those that it has compressed
_RATIO_APPLIES_FROM = 20_000_000
DAMAGE = (
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    lzma.LZMAError,
    NotImplementedError,  # an unknown compression
    RuntimeError,  # an encrypted part
    UnicodeDecodeError,  # of a name that says that it is UTF-8
)
"""What reading a damaged or encrypted archive raises, beside OSError."""


def unpacked_limit(compressed: int) -> int:
    """Bytes that text which has so many compressed may have; more are a bomb."""
    return max(_RATIO_APPLIES_FROM, MAXIMUM_RATIO * compressed)
