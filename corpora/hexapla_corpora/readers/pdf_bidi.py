"""Reading order of the glyphs in a line of right-to-left text.

Undoes the reordering of the Unicode Bidirectional Algorithm (UAX #9) for lines with a single embedding level, as in
print: in a right-to-left line, Latin words and numbers run from left to right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_RIGHT = frozenset(("R", "AL"))
_NUMBER = frozenset(("EN", "AN"))
_SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_SEPARATORS = "./,:\u00a0٫٬"
_BRACKETS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "（": "）", "【": "】"}
_CLOSING = {closing: opening for opening, closing in _BRACKETS.items()}
_MIRRORED_QUOTES = str.maketrans("“”‘’", "”“’‘")
_QUOTED = re.compile("(?<=[\u0590-\u08ff،\\d])[“”‘’]+|[“”‘’]+(?=[\u0590-\u08ff\\d])")
_LAST_MARKS = tuple(".;:،؛")
_FOLLOWS_CLOSING = ".,;:!?،؛؟…"


def is_right_to_left(text: str) -> bool:
    """Whether a text has more right-to-left than left-to-right letters."""
    classes = [unicodedata.bidirectional(character) for character in text]
    return sum(name in _RIGHT for name in classes) > classes.count("L")


def has_right_to_left(text: str) -> bool:
    """Whether a text has right-to-left letters."""
    return any(unicodedata.bidirectional(character) in _RIGHT for character in text)


def needs_reordering(seen: str) -> bool:
    """Whether a line of a right-to-left document, given in visual order from left to right, needs reordering."""
    return has_right_to_left(seen) or (
        seen.lstrip()[:1] in _LAST_MARKS and seen.rstrip()[-1:] not in _LAST_MARKS
    )


def reading_order(seen: Sequence[str]) -> list[int]:
    """Return the reading order of the characters in a right-to-left line.

    Args:
        seen: the characters in visual order, from left to right.

    Returns:
        Indices into seen, in reading order.
    """
    classes = [unicodedata.bidirectional(character[:1] or " ") for character in seen]
    order: list[int] = []
    end = len(seen)
    starts = _left_to_right_runs(seen, classes)
    while end > 0:
        start = starts.get(end, end - 1)
        order.extend(range(start, end))
        end = start
    return order


def _left_to_right_runs(seen: Sequence[str], classes: Sequence[str]) -> dict[int, int]:
    """Return the start of each left-to-right run by its end, just after its last character."""
    runs: dict[int, int] = {}
    place = 0
    while place < len(seen):
        if classes[place] == "L":
            end = _end_of_words(seen, classes, place)
        elif classes[place] in _NUMBER:
            end = _end_of_number(seen, classes, place)
        else:
            end = place + 1
        if end > place + 1:
            runs[end] = place
        place = end
    return runs


def _end_of_words(seen: Sequence[str], classes: Sequence[str], place: int) -> int:
    """Return the end of a run of Latin words, with the numbers and balanced brackets among and after them."""
    end = place + 1
    for index in range(place, len(seen)):
        if classes[index] in _RIGHT:
            break
        if classes[index] == "L" or classes[index] in _NUMBER:
            end = index + 1
    if end == len(seen):
        return end - len(_leading_number(seen[place:end]))
    brackets = [
        character for character in seen[place : end + 1] if character in _BRACKETS or character in _CLOSING
    ]
    if seen[end] in brackets and len(brackets) % 2 == 0:
        end += 1
    return end


def _leading_number(seen: Sequence[str]) -> str:
    """Return the note or paragraph number to the right of a Latin word at the line end, where it is read first."""
    text = "".join(character[:1] for character in seen)
    match = re.search(r"\s+\d{1,3}$", text)
    return match[0] if match else ""


def _end_of_number(seen: Sequence[str], classes: Sequence[str], place: int) -> int:
    """Return the end of a number with its separators, or of a left-to-right run that begins with it ("1st")."""
    end = place + 1
    while end < len(seen):
        if (seen[end] in _SUPERSCRIPTS) != (seen[end - 1] in _SUPERSCRIPTS):
            break
        if classes[end] in _NUMBER:
            end += 1
        elif classes[end] == "L":
            return _end_of_words(seen, classes, place)
        elif seen[end].isspace() and _is_group(seen, classes, place, end):
            end += 4
        elif seen[end] in _SEPARATORS and end + 1 < len(seen) and classes[end + 1] in _NUMBER:
            end += 2
        else:
            break
    return end


def _is_group(seen: Sequence[str], classes: Sequence[str], place: int, end: int) -> bool:
    """Whether exactly three digits, a group of a large number (8 400), follow a space."""
    digits = [name in _NUMBER for name in classes[end + 1 : end + 5]]
    head = "".join(seen[place:end]).split()[-1] if end > place else ""
    return head.isdecimal() and len(head) <= 3 and digits[:3] == [True] * 3 and digits[3:] != [True]


def fix_paired_marks(text: str) -> str:
    """Fix the direction of brackets and quotation marks in a right-to-left line.

    Brackets in a PDF may be mirrored or not, so their context decides: a bracket between white space and text opens,
    one before white space or punctuation closes. PDFium mirrors quotation marks, which the standard does not.

    Args:
        text: a line in reading order.

    Returns:
        The line with the brackets and quotation marks fixed.
    """
    turned = list(_QUOTED.sub(lambda match: match[0].translate(_MIRRORED_QUOTES), text))
    depth = 0
    for index, character in enumerate(text):
        opening = character if character in _BRACKETS else _CLOSING.get(character)
        if opening is None:
            continue
        before = text[index - 1] if index else " "
        after = text[index + 1] if index + 1 < len(text) else " "
        opens = _opens(before, after, depth)
        turned[index] = opening if opens else _BRACKETS[opening]
        depth = max(0, depth + (1 if opens else -1))
    return "".join(turned)


def _opens(before: str, after: str, depth: int) -> bool:
    loose_before = before.isspace() or before in _BRACKETS or before in _CLOSING
    loose_after = after.isspace() or after in _FOLLOWS_CLOSING
    if before.isspace() and not loose_after:
        return True
    if loose_after and not before.isspace():
        return False
    return depth == 0 and not (loose_after and not loose_before)
