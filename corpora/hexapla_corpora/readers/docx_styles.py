"""Styles in Word files: the properties that paragraphs and runs inherit (ECMA-376 part 1, section 17.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element

from hexapla_corpora.document import BlockKind
from hexapla_corpora.readers.docx_package import W

_HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
# Heading styles of the United Nations templates: "_ H_M", "_ H_Ch_G", "_ H_1", "_ H_2/3", "_ H_56_G".
_UNITED_NATIONS_HEADING = re.compile(r"_ ?H ?_(M|Ch|1|2|4|5)(?![A-Za-z])", re.IGNORECASE)
_UNITED_NATIONS_LEVELS = {"m": 1, "ch": 2, "1": 3, "2": 4, "4": 5, "5": 6}
_BODY_TEXT_OUTLINE = 9


class Styles:
    """The styles of a document, with their inheritance resolved."""

    def __init__(self, root: _Element | None) -> None:
        found = () if root is None else root.iterchildren(W + "style")
        self._styles = {style.get(W + "styleId"): style for style in found}
        self._default = next(
            (
                identifier
                for identifier, style in self._styles.items()
                if style.get(W + "type") == "paragraph" and is_on(style.get(W + "default", "0"))
            ),
            None,
        )

    def paragraph_style(self, paragraph: _Element) -> str | None:
        """Return the style id of a paragraph, or that of the default style if it has none."""
        return value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._default

    def heading(self, paragraph: _Element) -> tuple[BlockKind, int] | None:
        """Return the kind and level of a title (level 0) or heading (level from 1); None for other paragraphs."""
        outline = value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        if outline is not None:
            return _outline(outline)
        for style in self._chain(self.paragraph_style(paragraph)):
            name = value(style.find(W + "name")) or ""
            if name.lower() == "title":
                return BlockKind.TITLE, 0
            if match := _HEADING_NAME.fullmatch(name):
                return BlockKind.HEADING, int(match[1])
            outline = value(style.find(f"{W}pPr/{W}outlineLvl"))
            if outline is not None:
                return _outline(outline)
            if match := _UNITED_NATIONS_HEADING.match(name):
                return BlockKind.HEADING, _UNITED_NATIONS_LEVELS[match[1].lower()]
        return None

    def numbering(self, paragraph: _Element) -> tuple[str, int | None, str | None] | None:
        """Return the numbered list of a paragraph, its own or that of its style.

        Args:
            paragraph: a w:p element.

        Returns:
            The id of the list, the level from 0 (None: the level linked to the style) and the id of the style that
            sets the list (None: the paragraph itself); None for a paragraph without a list.
        """
        level = value(paragraph.find(f"{W}pPr/{W}numPr/{W}ilvl"))
        own = value(paragraph.find(f"{W}pPr/{W}numPr/{W}numId"))
        if own is not None:
            return None if own == "0" else (own, _integer(level, 0), None)
        for style in self._chain(self.paragraph_style(paragraph)):
            inherited = value(style.find(f"{W}pPr/{W}numPr/{W}numId"))
            if inherited is not None:
                found = level or value(style.find(f"{W}pPr/{W}numPr/{W}ilvl"))
                return (
                    None if inherited == "0" else (inherited, _integer(found, None), style.get(W + "styleId"))
                )
        return None

    def run_property(self, run: _Element, paragraph_style: str | None, name: str) -> _Element | None:
        """Return a run property: from the run itself, else its character style, else its paragraph style."""
        own = run.find(f"{W}rPr/{W}{name}")
        if own is not None:
            return own
        character_style = value(run.find(f"{W}rPr/{W}rStyle"))
        for identifier in (character_style, paragraph_style):
            for style in self._chain(identifier):
                inherited = style.find(f"{W}rPr/{W}{name}")
                if inherited is not None:
                    return inherited
        return None

    def list_of_style(self, identifier: str) -> str | None:
        """Return the id of the list of a numbering style, or None."""
        style = self._styles.get(identifier)
        return None if style is None else value(style.find(f"{W}pPr/{W}numPr/{W}numId"))

    def _chain(self, identifier: str | None) -> Iterator[_Element]:
        """Yield a style, the style it is based on, and so on."""
        seen: set[str] = set()
        while identifier is not None and identifier not in seen and identifier in self._styles:
            seen.add(identifier)
            style = self._styles[identifier]
            yield style
            identifier = value(style.find(W + "basedOn"))


def value(element: _Element | None) -> str | None:
    """Return the w:val of an element, or None if there is no element or no value."""
    return None if element is None else element.get(W + "val")


def is_on(text: str | None) -> bool:
    """Whether an on/off value is on, as it is for an element without a value."""
    return text is None or text not in ("0", "false", "off")


def integer_attribute(element: _Element, name: str, default: int) -> int:
    """Return an integer attribute in the w: namespace, or the default if it is missing or not a number."""
    found = _integer(element.get(W + name), default)
    return default if found is None else found


def _outline(text: str) -> tuple[BlockKind, int] | None:
    level = _integer(text, _BODY_TEXT_OUTLINE)
    return None if level is None or level >= _BODY_TEXT_OUTLINE else (BlockKind.HEADING, level + 1)


def _integer(text: str | None, default: int | None) -> int | None:
    try:
        return default if text is None else int(text)
    except ValueError:
        return default
