"""Attributes of units that TMX files hold in props; see `hexapla.formats.tmx.names`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import langcodes

from hexapla.formats.tmx import names
from hexapla.unit_records import check_properties
from hexapla.units import Status
from hexapla_corpora.document import BlockKind
from hexapla_corpora.languages import MOST_TAG

Remarks = list[list[Any]]
"""Notes and props, each as name, text and attributes."""
SOURCES = "sources"
"""The attribute that has one prop per value."""
PropReaders = Mapping[str, tuple[str, Callable[[str], Any]]]
"""For each type of prop, the name of the attribute and the function that parses its value."""


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(map(_number, text.split()))


def _probability(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= 1:
        raise ValueError(text)
    return number


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError(text) from error
    if not isinstance(value, dict):
        raise ValueError(text)
    check_properties(value)
    return value


def _yes(text: str) -> bool:
    if text != names.YES:
        raise ValueError(text)
    return True


_UNIT_PROPS: PropReaders = {
    names.ID: ("id", str),
    names.DOCUMENT: ("document", str),
    names.SYMBOL: ("symbol", str),
    names.KIND: ("kind", lambda text: BlockKind(text).value),
    names.NUMBER: ("number", str),
    names.POSITION: ("position", _number),
    names.PROBABILITY: ("probability", _probability),
    names.STATUS: ("status", Status),
    names.MOVED: ("moved", _yes),
    names.MODEL: ("model", str),
    names.MODEL_HASH: ("model_hash", str),
    names.ALIGNER: ("aligner", str),
    names.SOURCE: (SOURCES, lambda text: (text,)),
    names.PROPERTIES: ("properties", _object),
}
_VARIANT_PROPS: PropReaders = {
    names.ORIGINAL: ("original", str),
    names.SEGMENTS: ("segments", _numbers),
    names.BLOCK: ("block", _number),
    names.FILE: ("file", str),
}
_ALL = {**_UNIT_PROPS, **_VARIANT_PROPS}
UNIT_PROPS, VARIANT_PROPS = frozenset(_UNIT_PROPS), frozenset(_VARIANT_PROPS)
"""Types of props that hold attributes, in files that hexapla wrote."""
FOREIGN_PROPS = frozenset({names.DOCUMENT})
"""Types of props that mean the same in files of other tools."""


def attribute_of(kind: str, text: str) -> tuple[str, Any] | None:
    """Return the attribute that a prop holds.

    Args:
        kind: type of the prop.
        text: its text.

    Returns:
        Name and value, or None if the text is not a valid value: the prop is then one of another tool.
    """
    return _short_attribute(kind, text) if len(text) <= _SHORT else _attribute(kind, text)


def _attribute(kind: str, text: str) -> tuple[str, Any] | None:
    name, parse = _ALL[kind]
    try:
        return name, parse(text)
    except ValueError:
        return None


_short_attribute = lru_cache(maxsize=1 << 14)(_attribute)  # most values are repeated many times
_SHORT = 200  # characters of a value that is worth remembering


@lru_cache(maxsize=1000)
def tag_of(code: str) -> str:
    """Return the BCP 47 tag for a language code of a TMX file.

    Args:
        code: a code such as EN_us, eng or zh-cn.

    Returns:
        The tag in its usual spelling.

    Raises:
        ValueError: the code is not that of a language.
    """
    hyphened = code.strip().replace("_", "-")
    try:
        if len(hyphened) <= MOST_TAG and langcodes.tag_is_valid(hyphened):
            return langcodes.standardize_tag(hyphened)
    except ValueError:
        pass
    raise ValueError(f"{code[:MOST_TAG]!r} is not a language code: use one such as zh, en or pt-BR")


@lru_cache(maxsize=1000)
def tag_or_empty(code: str) -> str:
    """Return the BCP 47 tag for a language code, or an empty text if the code is not that of a language."""
    try:
        return tag_of(code)
    except ValueError:
        return ""
