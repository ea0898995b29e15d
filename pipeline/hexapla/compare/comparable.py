"""Texts as a translation memory compares them."""

from __future__ import annotations

import unicodedata

from hexapla_corpora.variants import to_simplified

_ALIKE = {
    ord(character): plain
    for plain, characters in {"'": "‘’‚‛′´", '"': "“”„‟«»″「」『』", "-": "‐‑‒–—−"}.items()
    for character in characters
}


class _Folding(dict[int, str]):
    """What stands for each character when texts are compared, found when it is first asked for."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def _folded(character: str) -> str:
    if unicodedata.combining(character) or character == "\u0640":  # vowels of Arabic, its stretcher
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return to_simplified(unicodedata.normalize("NFKC", character)).casefold()


_FOLDING = _Folding(_ALIKE)


def as_seen(text: str) -> str:
    """The text as a translator sees it: composed (Unicode NFC), every run of white space one space, none at the ends.

    Two texts are an exact match if they are the same in this form. Which kind of space stands in them, and where a
    line was broken, is of the layout, not of the text.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def comparable(text: str) -> str:
    """The text in the form in which it is compared for a percentage.

    Case, the width of characters, Traditional and Simplified Chinese, the shape of quotation marks and dashes, the
    script of digits and Arabic vowel marks make no difference in it, as they make little for who adapts a translation;
    texts that differ in nothing else match by 99%.

    Args:
        text: as `as_seen` gives it.

    Returns:
        Its comparable form; of about the same length.
    """
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def comparable_places(text: str) -> tuple[str, list[int]]:
    """The comparable form, and where its characters come from.

    Args:
        text: as `as_seen` gives it.

    Returns:
        The form; for each of its characters the place in the text of the one that it comes from, and last the length
        of the text.
    """
    folded = [comparable(character) for character in text]
    places = [place for place, part in enumerate(folded) for _ in part]
    return "".join(folded), [*places, len(text)]
