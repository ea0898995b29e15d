"""Cognates: words and names that related languages write alike, in one spelling for Latin and Cyrillic script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHORTEST = 4  # letters; shorter words are alike by chance
STEM = 5  # letters that are compared: endings differ between languages

_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_CYRILLIC = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфхыэ", "abvgdeziklmnoprstufhie", strict=True))
    | {"ж": "j", "ц": "ts", "ч": "h", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": ""}
)
_LETTERS = str.maketrans(
    {"c": "k", "q": "k", "y": "i", "j": "i", "w": "v", "z": "s", "ß": "ss", "œ": "oe", "æ": "ae"}
)
_DIGRAPHS = (("ph", "f"), ("th", "t"), ("ch", "h"), ("ck", "k"), ("qu", "k"))
_DOUBLE = re.compile(r"(.)\1+")


def cognates(text: str) -> frozenset[str]:
    """Stems of the words of a text that may be alike in other languages.

    Args:
        text: a segment in any language.

    Returns:
        The first letters of its words in one spelling ("komis" for "Kommission", "commission" and "комиссия"); none of
        what is written without spaces between words.
    """
    spellings = map(_spelling, _WORD.findall(_UNSPACED.sub(" ", text)))
    return frozenset(spelling[:STEM] for spelling in spellings if len(spelling) >= SHORTEST)


@lru_cache(maxsize=65_536)  # texts repeat their words
def _spelling(word: str) -> str:
    """A word in lower case, without diacritics, by sound rather than by the spelling of its language."""
    decomposed = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_CYRILLIC)
    for digraph, letter in _DIGRAPHS:
        plain = plain.replace(digraph, letter)
    return _DOUBLE.sub(r"\1", plain.translate(_LETTERS))
