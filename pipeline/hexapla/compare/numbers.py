"""Numbers, dates and item marks as languages write them.

Each is read from a text in one language, and written in another the way a number, date or mark already there is
written: its thousands separators, decimal mark, digits, order, month names and punctuation. An *item mark* is the
number or letter in front of a paragraph or list item, such as "4." or "(b)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hexapla.text import western_digits
from hexapla_corpora.printed_numbers import LIST_STYLES, parse_number

_COMMA_DECIMAL = frozenset(("fr", "es", "ru", "de", "it", "pt", "nl", "pl", "tr"))
_THOUSANDS = {"fr": "\u202f", "es": "\u00a0", "ru": "\u00a0"} | dict.fromkeys(
    ("de", "it", "pt", "nl", "tr"), "."
)
_SEPARATOR = re.compile(r"[.,\u066b\u066c\u00a0\u202f\u2009 '’]")
_ARABIC_DECIMAL, _ARABIC_THOUSANDS = "\u066b", "\u066c"


def read_number(text: str, language: str) -> str:
    """Return a figure in plain digits.

    Args:
        text: the figure as printed.
        language: BCP 47 tag of the text.

    Returns:
        Western digits with a decimal point, if any, and without thousands separators: "1234.5".
    """
    plain = western_digits(text)
    decimal = _decimal_mark(plain, language)
    whole, mark, fraction = plain.rpartition(decimal) if decimal else (plain, "", "")
    digits = _SEPARATOR.sub("", whole)
    return f"{digits}.{fraction}" if mark else digits


def write_number(value: str, written: str, replaced: str, language: str) -> str:
    """Write a figure in the style of the figure that it replaces.

    Args:
        value: the figure as returned by `read_number`.
        written: the figure as the query prints it, which shows whether thousands are separated.
        replaced: the figure in the text that is replaced.
        language: BCP 47 tag of the text.

    Returns:
        The figure with the separators and digits of the one it replaces, or those of the language if that has none.
    """
    whole, _, fraction = value.partition(".")
    old = western_digits(replaced)
    decimal = _decimal_mark(old, language)
    separator = next(iter(_SEPARATOR.findall(old.rpartition(decimal)[0] if decimal else old)), "")
    if separator or _grouped(written):
        whole = (separator or _thousands(language)).join(_threes(whole))
    text = whole + ((decimal or _decimal(language)) + fraction if fraction else "")
    return _in_digits_of(replaced, text)


def _decimal_mark(plain: str, language: str) -> str:
    """Decimal mark of a figure in Western digits; empty if it is a whole number."""
    marks = _SEPARATOR.findall(plain)
    if not marks:
        return ""
    last = marks[-1]
    if last == _ARABIC_DECIMAL:
        return _ARABIC_DECIMAL
    if last not in ".," or marks.count(last) > 1:
        return ""
    before, _, after = plain.rpartition(last)
    if len(set(marks)) > 1 or len(after) != 3 or len(before) > 3 or before == "0":
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


def _in_digits_of(replaced: str, text: str) -> str:
    """Text with the digits of the script of another figure; Arabic digits come with Arabic separators."""
    first = next(character for character in replaced if character.isdecimal())
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
"""Month names, one series per language and form; the first Arabic series are those of the United Nations."""

_GERMAN = next(names for names in _SERIES if "Dezember" in names)
_FRENCH = next(names for names in _SERIES if "janvier" in names)
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
_AFTER_MONTH = re.compile(r"(?:\d{1,2},\s)?\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Date:
    """A date, whole or in part.

    Attributes:
        year: year, or None if the text does not have it.
        month: 1 to 12.
        day: day of the month, or None if the text does not have it.
    """

    year: int | None
    month: int
    day: int | None


def date_at(text: str, place: int) -> tuple[int, int] | None:
    """Find the date whose first figure begins at a given place.

    Args:
        text: a text in any language.
        place: start of a run of digits.

    Returns:
        Start and end of the date, in characters; None if the figure is not part of a date.
    """
    found = _FIGURE_FIRST.match(text, place)
    if found:
        return found.span()
    after = _AFTER_MONTH.match(text, place)
    start = _month_before(text, place) if after else None
    return None if after is None or start is None else (start, after.end())


def _month_before(text: str, place: int) -> int | None:
    """Start of a month name directly before a place, with or without "de" between them; None if there is none."""
    before = text[max(0, place - _LONGEST) : place].lower()
    bare = before.removesuffix(" ").removesuffix(" del").removesuffix(" de")
    if bare == before or not bare.endswith(_NAMES):
        return None
    name = next(name for name in _NAMES if bare.endswith(name))
    start = place - len(before) + len(bare) - len(name)
    return None if start and text[start - 1].isalnum() else start


def read_date(text: str) -> Date | None:
    """Return the date that a text states; None if it is not a date, or there is no such day or month."""
    found = _read(text)
    if found is None:
        return None
    parts = found.groupdict()
    month = parts["month"]
    number = int(month) if month.isdecimal() else _MONTHS[month.lower()]
    year, day = (int(parts[name]) if parts.get(name) else None for name in ("year", "day"))
    return Date(year, number, day) if 1 <= number <= 12 and 1 <= (day or 1) <= 31 else None


def write_date(date: Date, replaced: str) -> str | None:
    """Write a date in the style of the date that it replaces.

    Args:
        date: the date to write.
        replaced: the text of the date that is replaced.

    Returns:
        The date in the same language, order and digits; None if one of the two has a year or day that the other lacks.
    """
    found, old = _read(replaced), read_date(replaced)
    if found is None or old is None or _missing(old) != _missing(date):
        return None
    new = {"year": date.year, "month": date.month, "day": date.day, "ordinal": date.day}
    parts = [name for name, part in found.groupdict().items() if part]
    series = _series(found)
    text, end = "", 0
    for name in sorted(parts, key=found.start):
        text += replaced[end : found.start(name)] + _written(found[name], new[name] or 0, series)
        end = found.end(name)
    written = text + replaced[end:]
    french = any(name in replaced.lower() for name in _FRENCH)
    return re.sub(r"^1(?=\s)", "1er", written) if date.day == 1 and french else written


def _read(text: str) -> re.Match[str] | None:
    return next((found for reader in _READERS if (found := reader.fullmatch(text))), None)


def _missing(date: Date) -> tuple[bool, bool]:
    return date.year is None, date.day is None


def _series(found: re.Match[str]) -> tuple[str, ...]:
    """Month names in the language and form of a date; a full stop after the day shows that "August" is German."""
    month, ordinal = found["month"], found.groupdict().get("ordinal")
    series = [names for names in _SERIES if month.lower() in map(str.lower, names)]
    german = [names for names in series if names is _GERMAN and (ordinal == "." or month not in series[0])]
    return next(iter((*german, *series)), ())


def _written(old: str, number: int, series: Sequence[str]) -> str:
    """A day, month or year in the style of the one it replaces, or the ending of a day."""
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
    """Return where the text after its item mark begins.

    Args:
        text: a text in any language.

    Returns:
        The place in characters; 0 if there is no mark, or nothing after it.
    """
    number = parse_number(text)
    if number is None or number.style not in LIST_STYLES or number.end >= len(text):
        return 0
    figure = _FIGURES.match(text)
    return 0 if figure and date_at(text, figure.start()) else number.end  # "1. Mai" is not a first item


def mark_for(query: str, source: str, target: str) -> str:
    """Return the item mark for a translation.

    Args:
        query: mark of the text to translate; empty if it has none, as for the other two.
        source: mark of the text that was translated.
        target: mark of its translation.

    Returns:
        The mark of the query in the style of the translation; empty if the source has a mark but its translation has
        none.
    """
    if query == source:
        return target
    if not (query and source):
        return query
    new, old = _FIGURES.search(query), _FIGURES.search(target)
    if new is None or old is None:
        return query if target else ""
    zero = ord(old[0][0]) - int(old[0][0])  # of the digits of the translation
    written = "".join(chr(zero + int(each)) if each.isdecimal() else each for each in new[0])
    return target[: old.start()] + written + target[old.end() :]
