"""Decoding of text in the encodings common for the six languages, and cleaning of Unicode text.

A byte order mark or valid UTF-8 settles the encoding. Otherwise every encoding below is tried, and the text that
looks most like natural language wins: a wrong encoding gives rare Han characters, capitals inside words, runs of
accented letters or two scripts in one word. If no result is plausible, charset-normalizer decides; it supports a
hundred encodings, but mistakes short Spanish texts for windows-1251 and short Arabic ones for UTF-16.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from pathlib import Path

from hexapla_corpora.errors import UnknownFormat, UnreadableDocument
from hexapla_corpora.readers.typography import one_line

# On a tie the earlier one wins: the rules for Western words are the strictest about which letters go together.
CANDIDATES = ("utf-8", "cp1252", "cp1251", "cp1256", "gb18030", "big5hkscs")
WIDE_CANDIDATES = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
PLAUSIBLE = 0.75
SAMPLE = 1 << 16  # bytes; enough to detect an encoding
DECLARED_BONUS = 0.25
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Characters that UTF-8 cannot encode; Python uses them for undecodable bytes of names and arguments (PEP 383)."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like that of UTF-16, so it must be tried first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the encoding labels of web pages mean (WHATWG Encoding Standard, section 4.2), by Python's names.
_WEB_LABELS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
}

_ACCENTED = "àâäáãçèéêëìíîïñòóôöõœùúûüßÀÂÄÁÇÈÉÊËÍÎÏÑÓÔÖŒÚÙÛÜ"
_CYRILLIC = ("А-ЯЁЄІЇҐЎ", "а-яёєіїґў")
_WORD = re.compile(r"[^\W\d_¹²³ªº]+")
_WORD_SHAPES = (
    re.compile(f"[{_CYRILLIC[0]}]?[{_CYRILLIC[1]}]+|[{_CYRILLIC[0]}]+"),
    re.compile("[ء-ۓ]+"),
    re.compile("(?:[A-Za-z]|[À-ɏ]{1,2}(?![À-ɏ]))+"),
    re.compile("[Ͱ-Ͽ]+|[א-ת]+|[ก-๛]+|[ऀ-ॿ]+|[가-힣]+|[ぁ-ヿ一-鿿]*[ぁ-ヿ][ぁ-ヿ一-鿿]*"),
)
_HAN = re.compile("(?<![a-z])[㐀-鿿](?![a-z])")
_COMMON_LETTERS = frozenset("оеаинтсрвлкмОЕАИНТСРВЛКМ" + "اليمونتربةهعأد" + _ACCENTED)
_PUNCTUATION = frozenset(
    "«»‹›“”‘’„‚–—…•·°ªº§№¹²³©®™€£¿¡½\xa0\xad"
    + "、。《》〈〉「」『』【】〔〕\u3000！（），：；？"
    + "،؛؟٪ـ٠١٢٣٤٥٦٧٨٩ًٌٍَُِّْ\u200c\u200e\u200f"
)
_IMPOSSIBLE = re.compile(
    "[\x00-\x08\x0e-\x19\x1c-\x1f\x7f-\x84\x86-\x9f]|(?<=[a-z])[¹²³¿¡£¥©®°](?=[a-z])|(?<!\\S)[¿³£¹](?=[a-z])"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")

_BINARY = (
    "{path} is not text: it holds NUL bytes or other binary content. Save the document as .docx, .pdf, "
    ".html, .md or .txt (UTF-8)."
)


def decode_text(data: bytes, path: Path, declared: str | None = None) -> str:
    r"""Decode a text file in any encoding.

    Args:
        data: the whole file.
        path: its name, for messages.
        declared: the encoding that the file itself declares (an HTML page's meta charset); only a hint.

    Returns:
        Its text without a byte order mark, with \n line ends and with form feeds; paragraphs taken from it still
        need clean_text.

    Raises:
        UnknownFormat: the file has NUL bytes or other binary content. The steps raise UnreadableDocument if no
            encoding gives a plausible text.
    """
    return re.sub("\r\n?|[\u2028\u2029\x85]", "\n", _decode(data, path, declared))


def decode_lines(data: bytes, path: Path) -> list[str]:
    r"""Decode a text file into lines as Python and other programs count them.

    Args:
        data: the whole file.
        path: its name, for messages.

    Returns:
        Its lines; only \n, \r\n and \r end a line, and the last line may lack one.
    """
    lines = re.split("\r\n?|\n", _decode(data, path, None))
    return lines if lines[-1] else lines[:-1]


def _decode(data: bytes, path: Path, declared: str | None) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            break
    else:
        text = data.decode(_encoding(data, path, declared), errors="replace")
    if len(_CONTROL.findall(text, 0, SAMPLE)) > min(SAMPLE, len(text)) // 50:
        raise UnknownFormat(_BINARY.format(path=path))
    return text


def _encoding(data: bytes, path: Path, declared: str | None) -> str:
    """Detect the encoding of a file without a byte order mark."""
    wide = b"\0" in data
    if not wide and _is_utf8(data):
        return "utf-8"
    hint = None if wide else _python_codec(declared)
    sample = _sample(data)
    scores = {name: _plausibility(sample, name) for name in _candidates(data, wide)}
    if hint:
        scores[hint] = scores.get(hint, _plausibility(sample, hint)) + DECLARED_BONUS
    best = max(scores, key=lambda name: scores[name], default="")
    if best and scores[best] >= PLAUSIBLE:
        return best
    if wide:
        raise UnknownFormat(_BINARY.format(path=path))
    return _guess(sample, path)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _python_codec(declared: str | None) -> str | None:
    """Return Python's name of a declared encoding; None if it says little, as Latin-1 does."""
    try:
        name = codecs.lookup(declared or "").name
        b"a".decode(name, "replace")  # some codecs convert bytes, not text
    except (LookupError, UnicodeError):
        return None
    name = _WEB_LABELS.get(name, name)
    return None if name in ("cp1252", "utf-8") or name.startswith("utf-16") else name


def _sample(data: bytes) -> bytes:
    """Return 64 KB from the first significant byte on, without splitting a UTF-16 or UTF-32 unit."""
    first = re.search(rb"[\x80-\xff\0]", data)
    start = first.start() if first else 0
    start -= start % 4
    return data[start : start + SAMPLE]


def _candidates(data: bytes, wide: bool) -> tuple[str, ...]:
    """Return the encodings that length and NUL bytes allow; Chinese in UTF-16 may have no NUL byte."""
    units = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
    fitting = tuple(name for name in WIDE_CANDIDATES if len(data) % units[name] == 0)
    return fitting if wide else CANDIDATES + tuple(name for name in fitting if units[name] == 2)


def _guess(sample: bytes, path: Path) -> str:
    import charset_normalizer

    match = charset_normalizer.from_bytes(sample).best()
    if match is None:
        raise UnreadableDocument(f"{path}: its encoding cannot be detected. Save it as UTF-8.")
    return match.encoding


def _plausibility(sample: bytes, encoding: str) -> float:
    """Return how much the decoded sample looks like natural language: about 1 if the encoding is right."""
    text = sample.decode(encoding, errors="replace")
    foreign = [character for character in text if character > "\x7f"]
    good = sum(_plausible_letters(word) for word in _WORD.findall(text))
    good += sum(character in _PUNCTUATION for character in foreign)
    good -= 3 * text.count("\ufffd") + len(_IMPOSSIBLE.findall(text))
    if encoding not in WIDE_CANDIDATES:
        return good / len(foreign) if foreign else 0.0
    readable = sum(
        character.isprintable() or character in "\t\n\f\r" for character in text if character <= "\x7f"
    )
    return (good + readable) / len(text) if text else 0.0


def _plausible_letters(word: str) -> float:
    """Return the weighted number of non-ASCII letters in a word that is plausible in some language."""
    foreign = [letter for letter in word if letter > "\x7f"]
    if not foreign:
        return 0.0
    if any(shape.fullmatch(word) for shape in _WORD_SHAPES):
        return sum(1.0 if letter in _COMMON_LETTERS else 0.6 for letter in foreign)
    if han := _HAN.findall(word):
        return sum(1.0 if character in _common_han() else 0.2 for character in han)
    return 0.0


@cache
def _common_han() -> frozenset[str]:
    """Return the 3,755 level-1 characters of GB 2312 and the 5,401 of Big5."""
    simplified = (bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = (bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in trails)
    return frozenset(
        b"".join(simplified).decode("gb2312", errors="ignore")
        + b"".join(traditional).decode("big5", errors="ignore")
    )


# Invisible characters that interfere with search: soft hyphens, byte order marks, zero width spaces, word joiners
# and bidirectional controls (the direction follows from the language tag).
_INVISIBLE = "\xad\ufeff\u200b\u2060\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BREAKS = "\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
# Spaces used only for layout. NBSP and thin spaces stay: French needs them, and CAT tools show them.
_LAYOUT_SPACES = "\t\x1f\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u205f\u3000"
# Word takes its bullets from Symbol and Wingdings, whose characters are in the private use area.
_PICTURE_BULLETS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0A8: "◦", 0xF0D8: "‣", 0xF0FC: "✓"}


@cache
def _translation() -> dict[int, str | None]:
    """Return the characters that clean_text replaces or removes, with their replacements."""
    forbidden = (*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
    table: dict[int, str | None] = dict.fromkeys(forbidden)
    table |= dict.fromkeys(map(ord, _INVISIBLE))
    table |= dict.fromkeys(map(ord, _BREAKS), "\n")
    table |= dict.fromkeys(map(ord, _LAYOUT_SPACES), " ")
    table |= _PICTURE_BULLETS
    presentation = (*range(0xFB50, 0xFDFA), 0xFDFC, *range(0xFE70, 0xFEFD))
    for code in (*presentation, *range(0xFB00, 0xFB07), *range(0x2F00, 0x2FD6)):
        letters = unicodedata.normalize("NFKC", chr(code))
        if letters != chr(code):
            table[code] = letters.lstrip(" ")  # an isolated mark decomposes into a space and the mark
    return table


def clean_text(text: str) -> str:
    """Clean a paragraph to one line of plain Unicode, as a CAT tool would show it.

    - The text is normalised to Unicode NFC.
    - Arabic presentation forms, Latin ligatures (ﬁ) and Kangxi radicals, common in PDF files, become the letters
      they stand for; the honorifics ﷺ and ﷻ are signs in their own right and stay.
    - Invisible characters and those that XML 1.0 forbids are removed. ZWNJ and ZWJ stay: Persian and Hindi
      spelling needs them.
    - Runs of tabs, line breaks and layout spaces, including the ideographic space, become one space; line breaks
      between Han characters are removed.
    - White space at the ends is removed; no-break spaces inside stay.
    """
    return one_line(unicodedata.normalize("NFC", text.translate(_translation())))
