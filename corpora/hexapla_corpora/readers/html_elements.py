"""The role of HTML elements in the text of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from hexapla_corpora.numerals import letter_label, roman_label

_BLOCKS = (
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul"
)
_UNSEEN = (
    "audio button canvas datalist head iframe map nav noframes noscript object option rp rt script "
    "select style svg template textarea title video"
)
_FURNITURE = "banner contentinfo doc-backlink doc-toc menu menubar navigation search toolbar"
BLOCKS = frozenset(_BLOCKS.split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LISTS = frozenset(("ol", "ul", "menu", "dir"))
_UNSEEN_TAGS = frozenset(_UNSEEN.split())
_FURNITURE_ROLES = frozenset(_FURNITURE.split())
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_NO_NUMBERS = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
_NOTE_ROLES = frozenset(("doc-footnote", "doc-endnotes", "doc-endnote"))
# Class names used by pandoc, Markdown converters, LibreOffice (sdfootnote) and Word (MsoFootnoteText).
_NOTE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:foot|end)notes?(?:$|\s|-list|-text|-item)|Mso(?:Foot|End)noteText|sd(?:foot|end)note(?:$|\s)"
)
_NOTE_ID = re.compile(r"(?:_?ftn|_?edn|fn|footnote|sdfootnote)[-_:]?\d+$", re.IGNORECASE)
_NOTE_LINK = re.compile(
    r"#_?(?:ftn|edn|fn|footnote|endnote|note|cite[_-]?note|sdfootnote|sdendnote)", re.IGNORECASE
)
_NOTE_REFERENCE = re.compile(
    r"note-?ref|footnote-?anc|Mso(?:Foot|End)noteReference|footnote-reference", re.IGNORECASE
)
_BACK = re.compile(r"\s*[↩↑⏎^\ufe0e\ufe0f]+\s*")
_COPYRIGHT = re.compile(r"©|copyright|all rights reserved", re.IGNORECASE)


def is_skipped(element: Element) -> bool:
    """Whether an element and its content are not text of the document: hidden, a script, or page furniture."""
    if element.tag in _UNSEEN_TAGS or element.get("role") in _FURNITURE_ROLES:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN_STYLE.search(element.get("style", "")) or _is_back_link(element):
        return True
    if element.tag == "aside":
        return not is_note(element)
    return element.tag == "footer" and _is_site_footer(element)


def _is_back_link(element: Element) -> bool:
    return (
        element.tag == "a"
        and element.get("href", "").startswith("#")
        and bool(_BACK.fullmatch(_text(element)))
    )


def _is_site_footer(footer: Element) -> bool:
    """Whether a footer has navigation or a copyright notice; other footers may contain the document's notes."""
    return footer.find(".//nav") is not None or bool(_COPYRIGHT.search(_text(footer)))


def _text(element: Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def is_note(element: Element) -> bool:
    """Whether a block is a footnote or a section of footnotes."""
    if element.tag not in BLOCKS:
        return False
    name = element.get("class", "")
    return (
        element.get("role") in _NOTE_ROLES
        or "footnote" in element.get("epub:type", "").split()
        or bool(_NOTE_CLASS.search(name) or _NOTE_ID.match(element.get("id", "")))
    )


def is_raised(element: Element) -> bool:
    """Whether an element raises its text, or is a reference to a footnote."""
    return (
        element.tag == "sup"
        or bool(_RAISED_STYLE.search(element.get("style", "")))
        or bool(_NOTE_REFERENCE.search(element.get("class", "")))
        or is_note_link(element)
    )


def is_note_link(element: Element) -> bool:
    """Whether an element is or contains a link to a footnote."""
    links = [element] if element.tag == "a" else element.findall(".//a")
    return any(
        link.get("role") == "doc-noteref" or _NOTE_LINK.match(link.get("href", "")) for link in links
    ) and (element.tag in ("a", "sup", "span"))


def is_layout_cell(cell: Element) -> bool:
    """Whether a table cell contains part of a page layout rather than one entry of a table."""
    if cell.find(".//table") is not None or any(
        cell.find(f".//{heading}") is not None for heading in HEADINGS
    ):
        return True
    return len(cell.findall(".//p")) > 2


@dataclass(slots=True)
class ListCounter:
    """A counter for the numbers that a browser shows before the items of a list.

    Attributes:
        style: type attribute of a numbered list (1 a A i I); "" for a list without numbers.
        following: number of the next item.
        step: 1, or -1 for a reversed list.
    """

    style: str
    following: int
    step: int

    @classmethod
    def of(cls, element: Element) -> ListCounter:
        """Create the counter of a list."""
        numbered = element.tag == "ol" and not _NO_NUMBERS.search(element.get("style", ""))
        step = 1 if element.get("reversed") is None else -1
        first = _integer(element.get("start")) or (1 if step == 1 else len(element.findall("li")))
        return cls((element.get("type") or "1") if numbered else "", first, step)

    def number(self, item: Element) -> str | None:
        """Count an item and return its number: "3.", "c.", "iii."; None in a list without numbers."""
        value = _integer(item.get("value"))
        current = self.following if value is None else value
        self.following = current + self.step
        return f"{_label(current, item.get('type') or self.style)}." if self.style else None


def _integer(attribute: str | None) -> int | None:
    return int(attribute) if attribute and re.fullmatch(r"\s*-?\d{1,9}\s*", attribute) else None


def _label(value: int, style: str) -> str:
    if style in ("a", "A") and value > 0:
        return letter_label(value) if style == "a" else letter_label(value).upper()
    if style in ("i", "I") and 0 < value < 4000:
        return roman_label(value).lower() if style == "i" else roman_label(value).upper()
    return str(value)
