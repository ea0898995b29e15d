"""Numbers and dates as languages write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.compare.numbers import Date, date_at, read_date, read_number, write_date, write_number


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1,234.5", "en", "1234.5"),
        ("1 234,5", "fr", "1234.5"),
        ("1\u202f234\u202f567", "fr", "1234567"),
        ("1.234,5", "es", "1234.5"),
        ("1,234", "en", "1234"),
        ("1,234", "ru", "1.234"),
        ("1.234", "de", "1234"),
        ("1.234", "en", "1.234"),
        ("0,125", "en", "0.125"),
        ("2,5", "zh", "2.5"),
        ("١٬٢٣٤٫٥", "ar", "1234.5"),
        ("１２３", "zh", "123"),
        ("1,234,567", "es", "1234567"),
        ("007", "en", "007"),
    ],
)
def test_figures_are_read(text: str, language: str, expected: str) -> None:
    """Thousands separators are removed, the decimal mark is a point; the language decides on ambiguous marks."""
    assert read_number(text, language) == expected


@pytest.mark.parametrize(
    ("value", "written", "replaced", "language", "expected"),
    [
        ("9876543", "9,876,543", "1 234", "fr", "9 876 543"),
        ("9876.5", "9,876.5", "1 234,5", "ru", "9 876,5"),
        ("9876", "9,876", "12", "es", "9\u00a0876"),
        ("9876", "9 876", "12", "zh", "9,876"),
        ("9876", "9876", "12", "en", "9876"),
        ("2.5", "2.5", "12", "fr", "2,5"),
        ("9876.5", "9876.5", "١٬٢٣٤٫٥", "ar", "٩٬٨٧٦٫٥"),
        ("12", "12", "٣", "ar", "١٢"),
        ("2030", "2030", "1,500", "en", "2,030"),
        ("0012", "0012", "1,500", "en", "0,012"),
    ],
)
def test_a_figure_is_written_as_another_one(
    value: str, written: str, replaced: str, language: str, expected: str
) -> None:
    """Separators and digits are those of the replaced figure, or of its language if the figure has none."""
    assert write_number(value, written, replaced, language) == expected


@given(st.integers(0, 10**12), st.integers(0, 999), st.sampled_from(["zh", "en", "fr", "es", "ru", "ar"]))
def test_written_figures_are_read_again(whole: int, fraction: int, language: str) -> None:
    """A figure that was written in a language is read back as the same value."""
    value = f"{whole}.{fraction}9"
    written = write_number(value, f"{whole:,}.{fraction}9", "1", language)
    assert read_number(written, language) == value


def test_a_very_long_figure() -> None:
    """A figure of 100,000 digits is grouped like any other."""
    assert write_number("1" * 100_000, "1,111", "1,000", "en") == "1," + ",".join(["111"] * 33_333)


DAY = Date(2025, 3, 12)
WRITTEN = {
    "12 March 2025": Date(2025, 3, 12),
    "March 12, 2025": Date(2025, 3, 12),
    "12 mars 2025": Date(2025, 3, 12),
    "1er mars 2025": Date(2025, 3, 1),
    "12 de marzo de 2025": Date(2025, 3, 12),
    "12 марта 2025": Date(2025, 3, 12),
    "12 آذار/مارس 2025": Date(2025, 3, 12),
    "١٢ آذار/مارس ٢٠٢٥": Date(2025, 3, 12),
    "2025年3月12日": Date(2025, 3, 12),
    "2025年3月": Date(2025, 3, None),
    "3月12日": Date(None, 3, 12),
    "2025-03-12": Date(2025, 3, 12),
    "12. März 2025": Date(2025, 3, 12),
    "March 2025": Date(2025, 3, None),
    "12 March": Date(None, 3, 12),
    "كانون الأول/ديسمبر 2025": Date(2025, 12, None),
}


@pytest.mark.parametrize(("text", "expected"), WRITTEN.items())
def test_dates_of_all_languages_are_read(text: str, expected: Date) -> None:
    """Whole and partial dates are read, in figures of any script."""
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text", ["", "March", "2025", "40 March 2025", "2025-13-01", "12 apples 2025", "3:12"]
)
def test_text_that_is_not_a_date(text: str) -> None:
    """A month only, a year only and a day that does not exist are not dates."""
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("replaced", "expected"),
    [
        ("5 May 2020", "12 March 2025"),
        ("May 5, 2020", "March 12, 2025"),
        ("5 mai 2020", "12 mars 2025"),
        ("1er mai 2020", "12 mars 2025"),
        ("5 de mayo de 2020", "12 de marzo de 2025"),
        ("5 мая 2020", "12 марта 2025"),
        ("5 أيار/مايو 2020", "12 آذار/مارس 2025"),
        ("٥ مايو ٢٠٢٠", "١٢ مارس ٢٠٢٥"),
        ("2020年5月5日", "2025年3月12日"),
        ("2020-05-05", "2025-03-12"),
        ("5. Mai 2020", "12. März 2025"),
        ("5. August 2020", "12. März 2025"),
        ("5 August 2020", "12 March 2025"),
    ],
)
def test_a_date_is_written_as_another_one(replaced: str, expected: str) -> None:
    """Language, order, case, digits and leading zeros are those of the replaced date."""
    assert write_date(DAY, replaced) == expected


def test_the_first_of_a_month_in_french() -> None:
    """French writes the first day of a month as an ordinal, whatever the replaced date was."""
    assert write_date(Date(2025, 5, 1), "12 mars 2024") == "1er mai 2025"


@pytest.mark.parametrize("replaced", ["May 2020", "5 May", "no date"])
def test_a_date_that_says_more_or_less_is_not_written(replaced: str) -> None:
    """A whole date does not replace a partial one."""
    assert write_date(DAY, replaced) is None


@pytest.mark.parametrize(
    ("text", "figure", "expected"),
    [
        ("held on 12 March 2025 in", "12", "12 March 2025"),
        ("held in March 2025 in", "2025", "March 2025"),
        ("с 3 по 12 марта 2025 года", "12", "12 марта 2025"),
        ("于2025年3月12日通过", "2025", "2025年3月12日"),
        ("Summary 2025", "2025", None),
        ("dismay 2025", "2025", None),
        ("12 marchers", "12", None),
    ],
)
def test_place_of_a_date(text: str, figure: str, expected: str | None) -> None:
    """A date is found by its first figure, including a month name before it, but not inside a word."""
    found = date_at(text, text.index(figure))
    assert (text[slice(*found)] if found else None) == expected
