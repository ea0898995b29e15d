"""Text of Word paragraphs as printed: tracked changes accepted, hidden text and field codes left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lxml.etree import _Element

from hexapla_corpora.readers.docx_package import W
from hexapla_corpora.readers.docx_styles import Styles, integer_attribute, is_on, value
from hexapla_corpora.readers.typography import superscript

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_LEFT_OUT = frozenset(
    W + name
    for name in [
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "instrText",
        "delText",
        "delInstrText",
        "rt",
        "tblPr",
        "trPr",
        "tcPr",
        "footnoteRef",
        "endnoteRef",
        "annotationRef",
        "separator",
        "continuationSeparator",
    ]
)
_CHARACTERS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "\u2011",
    W + "softHyphen": "",
}
# The Symbol font has Greek at the code points of Latin letters; of its other characters, these are in use.
_GREEK = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
)
_SYMBOL_FONT = {
    0xB0: "°",
    0xB1: "±",
    0xB2: "″",
    0xA2: "′",
    0xB3: "≥",
    0xA3: "≤",
    0xB4: "×",
    0xB7: "•",
    0xB9: "≠",
}
_SYMBOL_FONT |= {
    0xBB: "≈",
    0xAE: "→",
    0xAC: "←",
    0xBC: "…",
    0xD6: "√",
    0xE5: "∑",
    0x2D: "−",
    0xA5: "∞",
    0xB8: "÷",
}
_PRIVATE_USE = range(0xF000, 0xF100)

NoteReference = Callable[[str, str, "str | None"], str]


class TextReader:
    """Reader for the text of paragraphs, in document order, as complex fields may span paragraphs.

    The w:txbxContent elements found are collected in `boxes`.

    Args:
        styles: the document's styles.
        refer: callback that takes "footnote" or "endnote", the note's id and its own mark or None, and returns the
            note's mark.
        fields: whether to leave out field codes; False for damaged files with a field that never ends.
    """

    def __init__(self, styles: Styles, refer: NoteReference, *, fields: bool = True) -> None:
        self._styles = styles
        self._refer = refer
        self._skips_fields = fields
        self._fields: list[str] = []
        self.boxes: list[_Element] = []

    @property
    def in_field(self) -> bool:
        """Whether the reader is inside a field code, before the result, where text is skipped."""
        return self._skips_fields and "code" in self._fields

    def read(self, paragraph: _Element) -> str:
        """Return the raw text of a w:p element, with its tabs and line breaks."""
        return self._children(paragraph, self._styles.paragraph_style(paragraph))

    def _children(self, element: Iterable[_Element], style: str | None) -> str:
        return "".join(self._element(child, style) for child in element)

    def _element(self, element: _Element, style: str | None) -> str:
        tag = element.tag
        if not isinstance(tag, str) or tag in _LEFT_OUT:
            return ""
        if tag == W + "r":
            return self._run(element, style)
        if tag == W + "sdt" and element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            return ""
        if tag == _COMPATIBILITY + "AlternateContent":
            return self._children(chosen_alternative(element), style)
        if tag == W + "txbxContent":
            self.boxes.append(element)
            return ""
        if tag == _MATH + "t":
            return element.text or ""
        return self._children(element, style)

    def _run(self, run: _Element, style: str | None) -> str:
        hidden = self._styles.run_property(run, style, "vanish")
        text = "".join(self._run_child(child, style) for child in run)
        if hidden is not None and is_on(hidden.get(W + "val")):
            return ""
        return superscript(text) if self._is_raised(run, style) else text

    def _run_child(self, child: _Element, style: str | None) -> str:
        if child.tag == W + "fldChar":
            self._update_field(child.get(W + "fldCharType"))
            return ""
        if self.in_field:
            return ""
        if child.tag == W + "t":
            return child.text or ""
        if child.tag == W + "sym":
            return _symbol(child)
        if child.tag in (W + "footnoteReference", W + "endnoteReference"):
            return self._reference(child)
        return _CHARACTERS[child.tag] if child.tag in _CHARACTERS else self._element(child, style)

    def _update_field(self, event: str | None) -> None:
        if event == "begin":
            self._fields.append("code")
        elif event == "separate" and self._fields:
            self._fields[-1] = "result"
        elif event == "end" and self._fields:
            self._fields.pop()

    def _reference(self, reference: _Element) -> str:
        """Return the mark of a note; "" for a custom mark, which follows as text of the run."""
        kind = "footnote" if reference.tag == W + "footnoteReference" else "endnote"
        identifier = reference.get(W + "id", "")
        if not is_on(reference.get(W + "customMarkFollows", "0")):
            return self._refer(kind, identifier, None)
        following = "".join(_own_mark(sibling) for sibling in reference.itersiblings())
        self._refer(kind, identifier, following.strip())
        return ""

    def _is_raised(self, run: _Element, style: str | None) -> bool:
        if value(self._styles.run_property(run, style, "vertAlign")) == "superscript":
            return True
        position = run.find(f"{W}rPr/{W}position")
        return position is not None and integer_attribute(position, "val", 0) > 0


def chosen_alternative(element: _Element) -> Sequence[_Element]:
    """Return the displayed content of mc:AlternateContent: the first choice or fallback that is not empty."""
    for branch in element:
        if branch.tag in (_COMPATIBILITY + "Choice", _COMPATIBILITY + "Fallback") and len(branch):
            return list(branch)
    return ()


def _own_mark(element: _Element) -> str:
    if element.tag == W + "sym":
        return _symbol(element)
    return (element.text or "") if element.tag == W + "t" else ""


def _symbol(element: _Element) -> str:
    """Return the character of a w:sym; "" for those of picture fonts such as Wingdings."""
    try:
        code = int(element.get(W + "char", ""), 16)
    except ValueError:
        return ""
    if code not in _PRIVATE_USE:
        return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    if element.get(W + "font", "").lower() != "symbol":
        return ""
    code -= _PRIVATE_USE.start
    letter = chr(code)
    return (
        _GREEK.get(letter)
        or _SYMBOL_FONT.get(code)
        or (letter if letter.isascii() and letter.isprintable() else "")
    )
