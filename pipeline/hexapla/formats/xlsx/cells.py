"""Cells of a sheet and their content, as defined by ECMA-376 (Office Open XML)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree
from lxml.etree import _Element

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")  # for characters that XML cannot hold; ECMA-376 part 1, 22.9.2.19


class CellKind(StrEnum):
    """Kinds of content of a cell."""

    TEXT = "text"
    NUMBER = "a number"
    FORMULA = "a formula"
    ERROR = "an error"


_KINDS = {
    "s": CellKind.TEXT,
    "str": CellKind.TEXT,
    "inlineStr": CellKind.TEXT,
    "e": CellKind.ERROR,
}  # by ST_CellType


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not empty.

    Attributes:
        text: its content; for a formula, the result when the file was saved.
        kind: kind of the content.
    """

    text: str
    kind: CellKind = CellKind.TEXT


def cell_of(element: _Element, string: Callable[[int], str]) -> Cell:
    """Return the cell in an element.

    Args:
        element: a `c` element.
        string: returns the shared string with a given number.

    Returns:
        The cell.

    Raises:
        ValueError: the number of a shared string is not a number.
    """
    kind = element.get("t", "n")
    parts = {etree.QName(part).localname: part for part in element}
    value = (parts["v"].text or "") if "v" in parts else ""
    if kind == "s" and value:
        text = string(int(value))
    elif kind == "inlineStr":
        text = text_of(parts["is"]) if "is" in parts else ""
    else:
        text = _unescaped(value) if kind == "str" else _number(value)
    return Cell(text, CellKind.FORMULA if "f" in parts else _KINDS.get(kind, CellKind.NUMBER))


def column_of(letters: str) -> int:
    """Return the number of a column, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def text_of(element: _Element) -> str:
    """Return all text of a string, without the phonetic readings printed above Japanese text."""
    if len(element) == 1 and not len(element[0]):
        return _unescaped(element[0].text or "")
    return "".join(_unescaped(part.text or "") for part in element.iter("{*}t") if _is_text(part))


def _is_text(part: _Element) -> bool:
    parent = part.getparent()
    return parent is None or etree.QName(parent).localname != "rPh"


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _number(value: str) -> str:
    """Format a number as people write it: 2019, not 2019.0."""
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else str(number)
