"""The forms in which a translation memory compares texts."""

from __future__ import annotations

import re
import unicodedata

from hexapla_corpora.variants import HAN, to_simplified, without_regional_forms

_ALIKE = {
    ord(character): plain
    for plain, characters in {
        "'": "‘’‚‛′´",
        '"': "“”„‟«»″「」『』",
        "-": "‐‑‒–—−",
        "ا": "أإآٱ",  # hamza is often left out
        "و": "ؤ",
        "ي": "ئىی",  # the last is that of Persian keyboards
        "ك": "ک",
    }.items()
    for character in characters
}
_UNSEEN = ("Cc", "Cf")  # general categories of controls and of marks of direction, soft hyphens, joiners
_SELECTORS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_SPACE_AT_HAN = re.compile(f"(?<=[{HAN}]) | (?=[{HAN}])")


class _Folding(dict[int, str]):
    """The folded form of each character, computed on first use."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def _folded(character: str) -> str:
    if unicodedata.combining(character) or character == "\u0640":  # Arabic vowel marks and tatweel
        return ""
    if unicodedata.category(character) in _UNSEEN or _SELECTORS.match(character):
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    compatible = unicodedata.normalize("NFKC", character)
    return without_regional_forms(compatible).casefold().translate(_ALIKE)


_FOLDING = _Folding(_ALIKE)


def as_seen(text: str) -> str:
    """Return the text as a translator sees it: Unicode NFC, each run of white space one space, none at the ends.

    Two texts are an exact match if they are the same in this form. Kinds of spaces and line breaks belong to the
    layout, not to the text.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def comparable(text: str) -> str:
    """Return the text in the form that is compared for a percentage.

    It ignores what a reader does not see or count: case, the width of characters, Traditional and Simplified Chinese,
    spaces beside Chinese characters, the shape of quotation marks and dashes, the script of digits, Arabic vowel marks
    and hamza, soft hyphens, marks of direction and other invisible characters. Texts that differ in nothing else match
    by 99%.

    Args:
        text: a text in the form of `as_seen`.

    Returns:
        Its comparable form, which has about the same length.
    """
    if text.isascii() and text.isprintable():
        return text.lower()
    return _SPACE_AT_HAN.sub("", _in_one_script(text)).translate(_FOLDING)


def comparable_places(text: str) -> tuple[str, list[int]]:
    """Return the comparable form of a text, and where its characters come from.

    Args:
        text: a text in the form of `as_seen`.

    Returns:
        The form, and for each of its characters the place in the text of the character it comes from, followed by the
        length of the text.
    """
    plain = _in_one_script(text)
    dropped = {space.start() for space in _SPACE_AT_HAN.finditer(plain)}
    folded = [
        "" if place in dropped else character.translate(_FOLDING) for place, character in enumerate(plain)
    ]
    places = [place for place, part in enumerate(folded) for _ in part]
    return "".join(folded), [*places, len(text)]


def _in_one_script(text: str) -> str:
    """Return a text with words in Traditional characters simplified, if that does not move any character."""
    simplified = to_simplified(text)
    return simplified if len(simplified) == len(text) else text
