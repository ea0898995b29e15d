"""Figures as languages write them: separators of thousands, decimal marks, digits of other scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hexapla.text import western_digits
from hexapla_corpora.printed_numbers import LIST_STYLES, parse_number

_COMMA_DECIMAL = frozenset(("fr", "es", "ru", "de", "it", "pt", "nl", "pl", "tr"))
_THOUSANDS = {
    "fr": "\u202f",
    "es": "\u00a0",
    "ru": "\u00a0",
    "de": ".",
    "it": ".",
    "pt": ".",
    "nl": ".",
    "tr": ".",
}
_SEPARATOR = re.compile(r"[.,\u066b\u066c\u00a0\u202f\u2009 '’]")
_ARABIC_DECIMAL, _ARABIC_THOUSANDS = "\u066b", "\u066c"


def read_number(text: str, language: str) -> str:
    """A figure in plain digits.

    Args:
        text: as a text prints it.
        language: BCP 47 tag of the text.

    Returns:
        Western digits with a decimal point, if any, and without separators of thousands: "1234.5".
    """
    plain = western_digits(text)
    decimal = _decimal_mark(plain, language)
    whole, mark, fraction = plain.rpartition(decimal) if decimal else (plain, "", "")
    digits = _SEPARATOR.sub("", whole)
    return f"{digits}.{fraction}" if mark else digits


def write_number(value: str, written: str, like: str, language: str) -> str:
    """Write a figure as a text writes another.

    Args:
        value: as `read_number` gives it.
        written: as the query prints it; tells whether thousands are separated.
        like: what stands in the text.
        language: BCP 47 tag of the text.

    Returns:
        The figure with the separators and digits of the text, and of its language where the text shows none.
    """
    whole, _, fraction = value.partition(".")
    old = western_digits(like)
    decimal = _decimal_mark(old, language)
    separator = next(iter(_SEPARATOR.findall(old.rpartition(decimal)[0] if decimal else old)), "")
    if separator or _grouped(written):
        whole = (separator or _thousands(language)).join(_threes(whole))
    text = whole + ((decimal or _decimal(language)) + fraction if fraction else "")
    return _in_digits_of(like, text)


def _decimal_mark(plain: str, language: str) -> str:
    """The decimal mark of a figure in Western digits; empty if it is a whole number."""
    marks = _SEPARATOR.findall(plain)
    if not marks:
        return ""
    last = marks[-1]
    if last == _ARABIC_DECIMAL:
        return _ARABIC_DECIMAL
    if last not in ".," or marks.count(last) > 1:
        return ""
    before, _, behind = plain.rpartition(last)
    if len(set(marks)) > 1 or len(behind) != 3 or len(before) > 3 or before == "0":
        return str(last)
    return str(last) if last == _decimal(language) else ""


def _threes(whole: str) -> list[str]:
    """Digits in groups of three; the first may have fewer."""
    first = len(whole) % 3 or 3
    return [whole[:first], *(whole[k : k + 3] for k in range(first, len(whole), 3))]


def _grouped(text: str) -> bool:
    return bool(re.search(r"\d[,\u066c\u00a0\u202f\u2009 '’.]\d{3}(?!\d)", western_digits(text)))


def _decimal(language: str) -> str:
    return "," if _primary(language) in _COMMA_DECIMAL else "."


def _thousands(language: str) -> str:
    return _THOUSANDS.get(_primary(language), ",")


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]


def _in_digits_of(like: str, text: str) -> str:
    """Digits of the script in which another figure is written; Arabic separators with Arabic digits."""
    first = next(character for character in like if character.isdecimal())
    zero = ord(first) - int(first)
    if zero == ord("0"):
        return text
    shifted = "".join(chr(zero + int(c)) if c.isdecimal() else c for c in text)
    if 0x660 <= zero <= 0x6F0:
        return shifted.replace(",", _ARABIC_THOUSANDS).replace(".", _ARABIC_DECIMAL)
    return shifted


_SERIES = tuple(
    tuple(name.replace("_", " ") for name in names.split())
    for names in (
        "January February March April May June July August September October November December",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "كانون_الثاني/يناير شباط/فبراير آذار/مارس نيسان/أبريل أيار/مايو حزيران/يونيه تموز/يوليه آب/أغسطس "
        "أيلول/سبتمبر تشرين_الأول/أكتوبر تشرين_الثاني/نوفمبر كانون_الأول/ديسمبر",
        "كانون_الثاني/يناير شباط/فبراير آذار/مارس نيسان/أبريل أيار/مايو حزيران/يونيو تموز/يوليو آب/أغسطس "
        "أيلول/سبتمبر تشرين_الأول/أكتوبر تشرين_الثاني/نوفمبر كانون_الأول/ديسمبر",
        "يناير فبراير مارس أبريل مايو يونيه يوليه أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    )
)
"""Names of the months, a series for each language and form; the first Arabic ones are those of the United Nations."""

_GERMAN = next(names for names in _SERIES if "Dezember" in names)
_MONTHS = {name.lower(): month for names in _SERIES for month, name in enumerate(names, start=1)}
_NAMES = tuple(sorted(_MONTHS, key=len, reverse=True))
_LONGEST = len(_NAMES[0]) + len(" del ")
_NAME = f"(?P<month>{'|'.join(map(re.escape, _NAMES))})"
_DAY, _YEAR, _OF = r"(?P<day>\d{1,2})", r"(?P<year>\d{4})", r"\s(?:del?\s)?"
_FROM_FIGURE = (
    rf"(?<!\d){_DAY}(?P<ordinal>er|º|°|\.)?{_OF}{_NAME}\b(?:{_OF}{_YEAR}(?!\d))?",
    rf"(?<!\d){_YEAR}年(?P<month>\d{{1,2}})月(?:{_DAY}日)?",
    rf"(?<!\d)(?P<month>\d{{1,2}})月{_DAY}日",
    rf"(?<![\d-]){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])",
)
_FROM_MONTH = (rf"{_NAME}\s{_DAY},\s{_YEAR}", rf"{_NAME}{_OF}{_YEAR}")
_READERS = tuple(re.compile(form, re.IGNORECASE) for form in (*_FROM_FIGURE, *_FROM_MONTH))
_FIGURE_FIRST = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", form) for form in _FROM_FIGURE), re.IGNORECASE)
_BEHIND_MONTH = re.compile(r"(?:\d{1,2},\s)?\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Date:
    """A date, whole or in part.

    Attributes:
        year: None if the text does not say it.
        month: 1 to 12.
        day: None if the text does not say it.
    """

    year: int | None
    month: int
    day: int | None


def date_at(text: str, place: int) -> tuple[int, int] | None:
    """Where the date stands whose first figure begins at a place.

    Args:
        text: in any language.
        place: of a run of digits.

    Returns:
        Start and end of the date, in characters; None if the figure is of no date.
    """
    found = _FIGURE_FIRST.match(text, place)
    if found:
        return found.span()
    behind = _BEHIND_MONTH.match(text, place)
    start = _month_before(text, place) if behind else None
    return None if behind is None or start is None else (start, behind.end())


def _month_before(text: str, place: int) -> int | None:
    """Where the name of a month begins that stands before a place, "de" between them or not; None if none does."""
    before = text[max(0, place - _LONGEST) : place].lower()
    bare = before.removesuffix(" ").removesuffix(" del").removesuffix(" de")
    if bare == before or not bare.endswith(_NAMES):
        return None
    name = next(name for name in _NAMES if bare.endswith(name))
    start = place - len(before) + len(bare) - len(name)
    return None if start and text[start - 1].isalnum() else start


def read_date(text: str) -> Date | None:
    """The date that a text is; None if it is none, or there is no such day or month."""
    found = _read(text)
    if found is None:
        return None
    parts = found.groupdict()
    month = parts["month"]
    number = int(month) if month.isdecimal() else _MONTHS[month.lower()]
    year, day = (int(parts[name]) if parts.get(name) else None for name in ("year", "day"))
    return Date(year, number, day) if 1 <= number <= 12 and 1 <= (day or 1) <= 31 else None


def write_date(date: Date, like: str) -> str | None:
    """Write a date as a text writes another.

    Args:
        date: what is to be written.
        like: the text of another date.

    Returns:
        The date in the same language, order and digits; None if it says more or less than that text.
    """
    found, old = _read(like), read_date(like)
    if found is None or old is None or _known(old) != _known(date):
        return None
    new = {"year": date.year, "month": date.month, "day": date.day, "ordinal": date.day}
    parts = [name for name, part in found.groupdict().items() if part]
    series = _series(found)
    text, end = "", 0
    for name in sorted(parts, key=found.start):
        text += like[end : found.start(name)] + _written(found[name], new[name] or 0, series)
        end = found.end(name)
    written = text + like[end:]
    return re.sub(r"^1(?=\s)", "1er", written) if date.day == 1 and _read_in_french(like) else written


def _read(text: str) -> re.Match[str] | None:
    return next((found for reader in _READERS if (found := reader.fullmatch(text))), None)


def _read_in_french(text: str) -> bool:
    return any(name in text.lower() for name in _SERIES[1])


def _known(date: Date) -> tuple[bool, bool]:
    return date.year is None, date.day is None


def _series(found: re.Match[str]) -> tuple[str, ...]:
    """Names of the months in the language and form of a date; August is of two, a point behind the day tells them."""
    month, ordinal = found["month"], found.groupdict().get("ordinal")
    series = [names for names in _SERIES if month.lower() in map(str.lower, names)]
    german = [names for names in series if names is _GERMAN and (ordinal == "." or month not in series[0])]
    return next(iter((*german, *series)), ())


def _written(old: str, number: int, series: Sequence[str]) -> str:
    """A day, month or year in place of another one, or the ending of another day."""
    if old.isdecimal():
        zero = ord(old[0]) - int(old[0])
        plain = str(number).zfill(len(old) if int(old[0]) == 0 else 1)
        return "".join(chr(zero + int(digit)) for digit in plain)
    if old.lower() not in _MONTHS:
        return old if old == "." or number == 1 else ""
    name = series[number - 1]
    return name.capitalize() if old[0].isupper() else name


_FIGURES = re.compile(r"\d+(?:\.\d+)*")


def mark_end(text: str) -> int:
    """Where the text behind its item mark begins.

    Args:
        text: in any language.

    Returns:
        Its place in characters; 0 if there is no mark, or nothing behind it.
    """
    number = parse_number(text)
    if number is None or number.style not in LIST_STYLES or number.end >= len(text):
        return 0
    figure = _FIGURES.match(text)
    return 0 if figure and date_at(text, figure.start()) else number.end  # "1. Mai" is no first item


def mark_for(query: str, source: str, target: str) -> str:
    """The item mark of a translation.

    Args:
        query: mark of what is to be translated; empty if it has none, as the others.
        source: mark of what was translated.
        target: mark of its translation.

    Returns:
        The mark of the query as the translation writes marks; none if the translation of a marked text has none.
    """
    if query == source:
        return target
    if not (query and source):
        return query
    new, old = _FIGURES.search(query), _FIGURES.search(target)
    if new is None or old is None:
        return query if target else ""
    zero = ord(old[0][0]) - int(old[0][0])  # of the digits that the translation has
    written = "".join(chr(zero + int(each)) if each.isdecimal() else each for each in new[0])
    return target[: old.start()] + written + target[old.end() :]
