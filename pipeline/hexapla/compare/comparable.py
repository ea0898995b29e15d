"""The forms in which a translation memory compares texts."""

from __future__ import annotations

import unicodedata

from hexapla_corpora.variants import to_simplified

_ALIKE = {
    ord(character): plain
    for plain, characters in {"'": "‘’‚‛′´", '"': "“”„‟«»″「」『』", "-": "‐‑‒–—−"}.items()
    for character in characters
}


class _Folding(dict[int, str]):
    """The folded form of each character, computed on first use."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def _folded(character: str) -> str:
    if unicodedata.combining(character) or character == "\u0640":  # Arabic vowel marks and tatweel
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return to_simplified(unicodedata.normalize("NFKC", character)).casefold()


_FOLDING = _Folding(_ALIKE)


def as_seen(text: str) -> str:
    """Return the text as a translator sees it: Unicode NFC, each run of white space one space, none at the ends.

    Two texts are an exact match if they are the same in this form. Kinds of spaces and line breaks belong to the
    layout, not to the text.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def comparable(text: str) -> str:
    """Return the text in the form that is compared for a percentage.

    It ignores case, the width of characters, Traditional and Simplified Chinese, the shape of quotation marks and
    dashes, the script of digits and Arabic vowel marks, all of which matter little when a translation is adapted. Texts
    that differ in nothing else match by 99%.

    Args:
        text: a text in the form of `as_seen`.

    Returns:
        Its comparable form, which has about the same length.
    """
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def comparable_places(text: str) -> tuple[str, list[int]]:
    """Return the comparable form of a text, and where its characters come from.

    Args:
        text: a text in the form of `as_seen`.

    Returns:
        The form, and for each of its characters the place in the text of the character it comes from, followed by the
        length of the text.
    """
    folded = [comparable(character) for character in text]
    places = [place for place, part in enumerate(folded) for _ in part]
    return "".join(folded), [*places, len(text)]
