"""Limits on compressed files such as zip archives, and the exceptions that damaged ones raise."""

from __future__ import annotations

import lzma
import zipfile
import zlib

MAXIMUM_ENTRIES = 10_000
MAXIMUM_RATIO = 300  # of the size of a part to its compressed size
_RATIO_APPLIES_FROM = 20_000_000
DAMAGE = (
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    lzma.LZMAError,
    NotImplementedError,  # an unknown compression method
    RuntimeError,  # an encrypted part
    UnicodeDecodeError,  # a name marked as UTF-8 that is not
)
"""The exceptions, besides OSError, that reading a damaged or encrypted archive raises."""


def unpacked_limit(compressed: int) -> int:
    """Return the largest plausible unpacked size, in bytes, of a part with this compressed size; more is a zip bomb."""
    return max(_RATIO_APPLIES_FROM, MAXIMUM_RATIO * compressed)
