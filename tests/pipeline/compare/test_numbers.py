"""Figures as languages write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla.compare.numbers import read_number, write_number


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
    """Separators of thousands go, the decimal mark is a point; where a mark may be both, the language decides."""
    assert read_number(text, language) == expected


@pytest.mark.parametrize(
    ("value", "written", "like", "language", "expected"),
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
    value: str, written: str, like: str, language: str, expected: str
) -> None:
    """Separators and digits are those of the figure that is replaced, and of its language where it shows none."""
    assert write_number(value, written, like, language) == expected


@given(st.integers(0, 10**12), st.integers(0, 999), st.sampled_from(["zh", "en", "fr", "es", "ru", "ar"]))
def test_what_is_written_is_read_again(whole: int, fraction: int, language: str) -> None:
    """A figure that was written in a language is read as the same value in it."""
    value = f"{whole}.{fraction}9"
    written = write_number(value, f"{whole:,}.{fraction}9", "1", language)
    assert read_number(written, language) == value


def test_a_very_long_figure() -> None:
    """A figure of 100,000 digits is grouped like any other."""
    assert write_number("1" * 100_000, "1,111", "1,000", "en") == "1," + ",".join(["111"] * 33_333)
