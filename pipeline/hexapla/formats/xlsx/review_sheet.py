"""The workbook for reviewing units: its sheets, columns and instructions."""

from __future__ import annotations

import hashlib
import re

REVIEW, HELP, EXPORTED = "Review", "How to review", "hexapla exported"
"""Names of the sheets; the last one is hidden, and records the content of the first one as exported."""

ACTION = "action"
MERGE = "merge with next"
LEFT_COLUMNS = ("unit", "document", "number", "level", "probability", "status", ACTION)
"""Columns to the left of the languages."""
RIGHT_COLUMNS = ("comment",)
"""Columns to the right of the languages."""
LOCKED = ("unit", "document", "number", "level", "probability")
WIDTHS = {
    "unit": 10,
    "document": 17,
    "number": 11,
    "level": 12,
    "probability": 13,
    "status": 12,
    ACTION: 18,
    "comment": 32,
}
LANGUAGE_WIDTH = 46
MAXIMUM_LENGTH = 32_767
"""Characters that a cell can hold, in UTF-16 code units."""

INSTRUCTIONS = (
    ("Correct", "Change a text in its cell. Everything but the grey columns may be changed."),
    (
        "Approve",
        "Choose approved in the column status: an approved unit ranks higher, and no rule removes it.",
    ),
    ("Reject", "Choose rejected in the column status: the unit is no longer found. Do not delete its row."),
    (
        "Merge",
        "Choose merge with next in the column action, in the upper row. The texts of both rows become one unit; the "
        "unit of the lower row is rejected.",
    ),
    (
        "Split",
        "Insert a row below, and move the second part of each text into it. Leave the grey columns of the new row "
        "empty. It becomes a separate unit, after the one above it.",
    ),
    (
        "Remove a text",
        "Empty its cell if the text does not belong to the others. At least two texts must be left.",
    ),
    ("Comment", "Write anything you like in the column comment. It is kept with the unit."),
    (
        "Take care",
        "Filter as you like, but do not sort, and do not merge cells. Write text, not formulas: text may begin "
        "with an equals sign.",
    ),
    (
        "Send back",
        "Save as Excel workbook (.xlsx) and import it with: hexapla import MEMORY FILE.xlsx. Changes that cannot be "
        "applied are listed with their rows; anything that was changed in the memory in the meantime stays as it is "
        "there.",
    ),
)
_UNSTABLE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]+"
)  # LibreOffice drops them on the way through .ods


def fingerprint(text: str) -> str:
    """Return a hash that shows whether a text was edited, regardless of changes that spreadsheets make by themselves.

    Args:
        text: text of a cell.

    Returns:
        16 hexadecimal digits, independent of control characters in the text; empty for a text of white space.
    """
    plain = _UNSTABLE.sub("", text)
    return hashlib.sha256(plain.encode()).hexdigest()[:16] if plain.strip() else ""
