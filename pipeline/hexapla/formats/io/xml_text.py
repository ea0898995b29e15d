"""Text cleaned so that it is legal in XML and matches what a CAT tool looks up."""

from __future__ import annotations

import re

# Everything outside the Char production of XML 1.0 (fifth edition, section 2.2): one such character makes
# OmegaT drop the whole file.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What Python breaks lines at: line breaks of all kinds, vertical tab, form feed and the separators U+001C-1E.
_LINE_ENDS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_ZERO_WIDTH = "\ufeff\u200b"


def legal_text(text: str) -> str:
    """Remove the characters that XML forbids from a text."""
    return text if text.isprintable() else _ILLEGAL.sub("", text)


def clean_text(text: str) -> str:
    """Prepare a text for a segment: one line, no characters that XML forbids, no white space around it.

    Args:
        text: any text.

    Returns:
        The text with line breaks turned into spaces and forbidden characters removed; empty if nothing else is left.
    """
    text = legal_text(_LINE_ENDS.sub(" ", text))
    while text != (trimmed := text.strip().strip(_ZERO_WIDTH)):
        text = trimmed
    return text
