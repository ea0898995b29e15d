"""Automatic numbering of lists in Word files (ECMA-376 part 1, section 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element

from hexapla_corpora.readers.docx_number_formats import format_number
from hexapla_corpora.readers.docx_package import W
from hexapla_corpora.readers.docx_styles import Styles, is_on, value

_PLACEHOLDER = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class ListNumber:
    """The number of a paragraph in a list.

    Attributes:
        printed: the number as printed, such as "(a)"; empty for a bullet.
        level: level of the list, from 0.
        number_format: number format of that level, a value of ST_NumberFormat.
    """

    printed: str
    level: int
    number_format: str


@dataclass(frozen=True, slots=True)
class _Level:
    """Settings of a level of a list; restart_after is the number of outer levels that restart it (None: all)."""

    start: int
    number_format: str
    text: str
    restart_after: int | None
    legal: bool
    style: str | None


class ListCounters:
    """The lists of a document and their current numbers."""

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, _Element] = {}
        self._lists: dict[str, _Element] = {}
        if root is not None:
            self._abstract = {
                item.get(W + "abstractNumId", ""): item for item in root.iterchildren(W + "abstractNum")
            }
            self._lists = {item.get(W + "numId", ""): item for item in root.iterchildren(W + "num")}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def advance(self, paragraph: _Element) -> ListNumber | None:
        """Count a paragraph and return its number, or None if it is not in a list; call it in reading order."""
        found = self._styles.numbering(paragraph)
        if found is None or found[0] not in self._lists:
            return None
        identifier, depth, style = found
        levels = self._levels_of(identifier)
        if depth is None:
            depth = next((depth for depth, level in levels.items() if level.style == style), 0)
        if depth not in levels or depth not in range(_LEVELS):
            return None
        counters = self._count(identifier, depth, levels)
        return ListNumber(_printed(levels, counters, depth), depth, levels[depth].number_format)

    def _count(self, identifier: str, depth: int, levels: dict[int, _Level]) -> list[int | None]:
        """Advance the counters, which lists with one abstract list share until one of them overrides its start."""
        counters = self._counters.setdefault(self._abstract_of(identifier), [None] * _LEVELS)
        for outer in range(depth):
            if counters[outer] is None and outer in levels:
                counters[outer] = levels[outer].start
        counted = counters[depth]
        overridden = self._lists[identifier].find(f"{W}lvlOverride[@{W}ilvl='{depth}']/{W}startOverride")
        if overridden is not None and (identifier, depth) not in self._restarted:
            self._restarted.add((identifier, depth))
            counted = None
        counters[depth] = levels[depth].start if counted is None else counted + 1
        for inner in range(depth + 1, _LEVELS):
            restart_after = levels[inner].restart_after if inner in levels else None
            if restart_after is None or depth < restart_after:
                counters[inner] = None
        return counters

    def _abstract_of(self, identifier: str) -> str:
        """Return the id of a list's abstract list, following links to numbering styles."""
        for _ in self._lists:
            abstract = value(self._lists[identifier].find(W + "abstractNumId")) or ""
            link = (
                value(self._abstract[abstract].find(W + "numStyleLink"))
                if abstract in self._abstract
                else None
            )
            linked = self._styles.list_of_style(link) if link else None
            if linked is None or linked == identifier or linked not in self._lists:
                return abstract
            identifier = linked
        return ""

    def _levels_of(self, identifier: str) -> dict[int, _Level]:
        if identifier not in self._levels:
            abstract = self._abstract.get(self._abstract_of(identifier))
            elements = [] if abstract is None else list(abstract.iterchildren(W + "lvl"))
            levels = {_depth(element): _read_level(element) for element in elements}
            for override in self._lists[identifier].iterchildren(W + "lvlOverride"):
                _override(levels, override)
            self._levels[identifier] = levels
        return self._levels[identifier]


def _override(levels: dict[int, _Level], override: _Element) -> None:
    depth = _depth(override)
    own = override.find(W + "lvl")
    if own is not None:
        levels[depth] = _read_level(own)
    start = value(override.find(W + "startOverride"))
    if start is not None and start.isdecimal() and depth in levels:
        level = levels[depth]
        levels[depth] = _Level(
            int(start), level.number_format, level.text, level.restart_after, level.legal, level.style
        )


def _depth(element: _Element) -> int:
    depth = element.get(W + "ilvl", "0")
    return int(depth) if depth.isdecimal() else 0


def _read_level(element: _Element) -> _Level:
    start = value(element.find(W + "start"))
    restart = value(element.find(W + "lvlRestart"))
    legal = element.find(W + "isLgl")
    return _Level(
        start=int(start) if start and start.isdecimal() else 0,
        number_format=value(element.find(W + "numFmt")) or "decimal",
        text=value(element.find(W + "lvlText")) or "",
        restart_after=int(restart) if restart and restart.isdecimal() else None,
        legal=legal is not None and is_on(legal.get(W + "val")),
        style=value(element.find(W + "pStyle")),
    )


def _printed(levels: dict[int, _Level], counters: list[int | None], depth: int) -> str:
    level = levels[depth]
    if level.number_format == "bullet":
        return ""

    def replace(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        if place not in levels or place > depth:
            return ""
        number_format = levels[place].number_format
        legal = level.legal and number_format not in ("none", "bullet")
        return format_number(counters[place] or 0, "decimal" if legal else number_format)

    return _PLACEHOLDER.sub(replace, level.text).strip()
