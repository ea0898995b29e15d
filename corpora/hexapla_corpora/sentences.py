"""Sentence splitting: built-in rules for the six United Nations languages, sentencex for all others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hexapla_corpora.abbreviations import ABBREVIATIONS, Abbreviations
from hexapla_corpora.document import Document, Segment
from hexapla_corpora.lines import SUPERSCRIPTS
from hexapla_corpora.numerals import roman_value
from hexapla_corpora.printed_numbers import parse_number
from hexapla_corpora.text_encoding import LONE_SURROGATE

_CHINESE = frozenset({"zh", "yue", "wuu", "lzh", "cmn"})
_IDEOGRAPHIC_STOPS = "。！？｡"
# Quotes, brackets and footnote marks right after a stop belong to the sentence that it ends.
_MARKS = rf"[{SUPERSCRIPTS}⁽⁾]+|[*†‡]+|\[\d{{1,3}}\]"
_CLOSERS = rf"(?:[\"”’»›)\]}}'“‘]|\s{{0,2}}[»›)\]]|{_MARKS})*"
_CLOSERS_IDEOGRAPHIC = rf"(?:[”’」』）)》】〉〕］\]»›]|\s?(?:{_MARKS}))*"
_STOP = re.compile(
    rf"(?P<ideographic>[{_IDEOGRAPHIC_STOPS}][{_IDEOGRAPHIC_STOPS}!?.]*|…+(?=[”’」』]))"
    r"|(?P<spaced>\.(?:[ \u00a0]\.)+|[.!?؟۔…‼⁇⁈⁉]+)"
)
_AFTER_SPACED = re.compile(_CLOSERS)
_AFTER_IDEOGRAPHIC = re.compile(_CLOSERS_IDEOGRAPHIC)
_CONTINUING = frozenset(",;:，、；：،؛,·/")
_OPENERS = re.compile(r"[\s\"'“”„‘’«‹(\[{¿¡—–\-\u200e\u200f]*")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|\S")
_LAST_TOKEN = re.compile(r"[^\s(«“„\"‘’'\[{”،,;:/—–¿¡]*$")
_NUMERAL = re.compile(r"[\d«“\"(§№]|[IVXLCDM]+\b(?![’'])|[^\W\d_](?![\w’'])|[A-Z]\.")
_LIST_MARK = re.compile(r"\s+(?:\((?:[a-z]|[ivx]{1,4}|[а-я])\)|(?:[a-z]|[ivx]{1,4}|[а-я])\))\s")
_LOOK_BACK = 40
_QUOTED = 2_000  # characters; longer quotations are not tracked
_WINDOW = 4_000  # characters; on some inputs the library's run time grows with the square of the length
_HAN = re.compile(r"[\u3400-\u9fff]")


def split_document(document: Document) -> tuple[Segment, ...]:
    """Return the sentences of all blocks of a document, in reading order."""
    return tuple(
        Segment(block.text[start:end], index, start, end)
        for index, block in enumerate(document.blocks)
        for start, end in split_sentences(block.text, document.language)
    )


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Split a paragraph into sentences.

    Semicolons, colons and printed numbers do not end a sentence; quotes, brackets and footnote marks after a stop
    belong to the sentence before.

    Args:
        text: a paragraph.
        language: BCP 47 tag; for an unknown language only punctuation counts.

    Returns:
        Start and end offsets of each sentence, without surrounding white space, in order. Every character that is
        not white space is in exactly one sentence; each contains a letter unless the whole paragraph has none.
    """
    base = language.replace("_", "-").split("-")[0].lower()
    base = "zh" if base in _CHINESE else base
    ends = _rule_ends(text, base) if base in ABBREVIATIONS else _library_ends(text, base)
    return _join_unlettered(text, _spans(text, ends))


def _rule_ends(text: str, base: str) -> Iterator[int]:
    abbreviations = ABBREVIATIONS[base]
    number = parse_number(text)
    last = 0
    for match in _STOP.finditer(text, number.end if number else 0):
        if match.start() < last:
            continue
        ideographic = match["ideographic"] is not None
        closers = (_AFTER_IDEOGRAPHIC if ideographic else _AFTER_SPACED).match(text, match.end())
        end = closers.end() if closers else match.end()
        if ideographic:
            end = _with_straight_quote(text, last, end)
        if _ends_here(text, match, end, last, abbreviations, ideographic):
            last = end
            yield end


def _with_straight_quote(text: str, start: int, end: int) -> int:
    """Move an end past a straight quote that closes: one after an odd number of them in the sentence."""
    straight = text[end : end + 1] == '"' and text.count('"', max(start, end - _QUOTED), end) % 2 == 1
    return end + 1 if straight else end


def _ends_here(
    text: str, stop: re.Match[str], end: int, start: int, abbreviations: Abbreviations, ideographic: bool
) -> bool:
    if end >= len(text):
        return True
    following = _OPENERS.match(text, end)
    begin = following.end() if following else end
    if begin >= len(text) or text[begin] in _CONTINUING or (text[end] in _CONTINUING):
        return False
    if ideographic:
        return True
    if _HAN.match(text, begin) and stop[0].strip("…") == "":
        return False  # a Chinese ellipsis is a pause
    if not text[end].isspace():
        return _touches_next(text, stop, end)
    if text[begin].islower():
        return bool(_LIST_MARK.match(text, end))
    return stop[0] != "." or _full_stop_ends(text, stop.start(), begin, start, abbreviations)


def _touches_next(text: str, stop: re.Match[str], end: int) -> bool:
    """Whether a stop that no space follows ends a sentence, as it may in Arabic and Chinese."""
    if stop[0] in {"؟", "۔"}:
        return text[end].isalpha()
    return stop[0][-1] in "!?" and bool(_HAN.match(text, end))


def _full_stop_ends(text: str, stop: int, begin: int, start: int, abbreviations: Abbreviations) -> bool:
    """Whether a full stop before a capital, a figure or a caseless letter ends a sentence."""
    token = _token_before(text, stop, start)
    word = token.lower()
    following = _WORD.match(text, begin)
    after = following[0] if following else ""
    starts = after.lower() in abbreviations.starters
    spaced = _spaced_abbreviation(text, stop, start)
    if word in abbreviations.never_final or spaced in abbreviations.never_final:
        return False
    if (
        word in abbreviations.before_number
        and _NUMERAL.match(text, begin)
        and (not starts or roman_value(after))
    ):
        return False
    if word in abbreviations.usually_final or spaced in abbreviations.usually_final:
        return not after[:1].isdigit()
    if word in abbreviations.sometimes_final or spaced in abbreviations.sometimes_final:
        return starts
    if len(token) == 1 and token.isalpha() and token != token.lower():
        return _labelled(text, stop - 1, start, abbreviations)
    if "." in token and re.fullmatch(r"(?:[^\W\d_]\.-?)+[^\W\d_]", token):
        return starts
    return True


def _token_before(text: str, stop: int, start: int) -> str:
    """Return the word before a full stop, including the stops inside it (i.e)."""
    match = _LAST_TOKEN.search(text, max(start, stop - _LOOK_BACK), stop)
    return match[0] if match else ""


def _spaced_abbreviation(text: str, stop: int, start: int) -> str:
    """Return the two abbreviated words before a full stop as one: "т.е" for "т. е.", "p.ex" for "p. ex."."""
    window = text[max(start, stop - _LOOK_BACK) : stop]
    match = re.search(r"(?<![^\s(«“\"])([^\W\d_]{1,2})\.\s([^\W\d_]{1,3})$", window)
    return f"{match[1]}.{match[2]}".lower() if match else ""


def _labelled(text: str, letter: int, start: int, abbreviations: Abbreviations) -> bool:
    """Whether a capital before a full stop is a label ("annex B.") and not an initial ("B. Smith")."""
    words = text[max(start, letter - _LOOK_BACK) : letter].split()
    return bool(words) and words[-1].lower().strip('(«“"') in abbreviations.labelled


def _library_ends(text: str, base: str) -> Iterator[int]:
    # Imported here because the six languages do not need it.
    from sentencex import get_sentence_boundaries

    clean = LONE_SURROGATE.sub("\ufffd", text)  # the library requires UTF-8
    start = last = 0
    while start < len(text):
        window = clean[start : start + _WINDOW]
        stops = [start + int(boundary["end_index"]) for boundary in get_sentence_boundaries(base, window)]
        # The last sentence of a window may continue after it.
        whole = start + len(window) == len(text)
        start = len(text) if whole else (stops[-2] if len(stops) > 1 else start + len(window))
        for stop in stops if whole else stops[:-1]:
            last = _end_after_stop(text, stop, last)
            yield last


def _end_after_stop(text: str, stop: int, last: int) -> int:
    """Return the end of a sentence that the library found, moved past closing quotes and footnote marks."""
    while stop > last and text[stop - 1].isspace():
        stop -= 1
    closers = _AFTER_SPACED.match(text, max(stop, last))
    return closers.end() if closers else max(stop, last)


def _spans(text: str, ends: Iterator[int]) -> list[tuple[int, int]]:
    """Return the spans between the ends of sentences, without surrounding white space; leave out empty ones."""
    spans = []
    start = 0
    for end in (*ends, len(text)):
        first, last = start, end
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            spans.append((first, last))
        start = max(start, end)
    return spans


def _join_unlettered(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a span without letters to the sentence after it if it has a digit, else to the one before it."""
    joined: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in spans:
        first = start if pending is None else pending
        if any(character.isalpha() for character in text[start:end]):
            joined.append((first, end))
            pending = None
        elif joined and pending is None and not any(character.isdigit() for character in text[start:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            pending = first
    if pending is not None:
        end = spans[-1][1]
        if joined:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((pending, end))
    return joined
