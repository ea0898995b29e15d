"""Dates in texts, and another date written alike."""

from __future__ import annotations

import pytest

from hexapla.compare.numbers import Date, date_at, read_date, write_date

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
    """A date is read in whole or in part, in figures of any script."""
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text", ["", "March", "2025", "40 March 2025", "2025-13-01", "12 apples 2025", "3:12"]
)
def test_what_is_no_date(text: str) -> None:
    """A month alone, a year alone and a day that there is not are no dates."""
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("like", "expected"),
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
def test_a_date_is_written_as_another_one(like: str, expected: str) -> None:
    """Language, order, case, digits and leading zeros are those of the date that is replaced."""
    assert write_date(DAY, like) == expected


def test_the_first_of_a_month_in_french() -> None:
    """French writes the first day of a month as an ordinal, whatever the other date was."""
    assert write_date(Date(2025, 5, 1), "12 mars 2024") == "1er mai 2025"


@pytest.mark.parametrize("like", ["May 2020", "5 May", "no date"])
def test_a_date_that_says_more_or_less_is_not_written(like: str) -> None:
    """A whole date does not take the place of part of one."""
    assert write_date(DAY, like) is None


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
def test_where_a_date_stands(text: str, figure: str, expected: str | None) -> None:
    """A date is found by its first figure, with the name of the month before it, but not inside a word."""
    found = date_at(text, text.index(figure))
    assert (text[slice(*found)] if found else None) == expected
