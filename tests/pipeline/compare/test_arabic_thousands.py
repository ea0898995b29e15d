"""Numbers as Arabic documents of the United Nations print them, with the first group of digits last."""

from __future__ import annotations

from time import process_time

import pytest

from hexapla.compare.placeables import differ_in_placeables, placeables, repair
from hexapla.memory.cleaning.defects import numbers_in
from hexapla.text import with_thousands_in_order


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("بلغ عدد السفن 000 12 سفينة", "12000"),
        ("بلغ عدد السفن 500 12 سفينة", "12500"),
        ("بلغ عدد السفن 000 120 سفينة", "120000"),
        ("بلغت التكلفة 000 000 3 دولار", "3000000"),
        ("بلغت التكلفة ٠٠٠ ١٢ دولار", "12000"),
        ("بلغ عدد السفن 12 000 سفينة", "12000"),
        ("بلغ عدد السفن 000\u00a012 سفينة", "12000"),
    ],
)
def test_the_value_of_a_number(printed: str, value: str) -> None:
    """Groups of digits have the value that a reader sees, for placeables and for the rule of numbers."""
    assert numbers_in(printed, "ar") == {value}
    assert [each.value("ar") for each in placeables(printed)] == [value]
    assert len(with_thousands_in_order(printed)) == len(printed)


@pytest.mark.parametrize(
    "text",
    [
        "The fee was 000 12 there.",
        "في عامي 250 100",
        "الفقرة 000 05",
        "القرار 70/1 و 000 12 000",
        "سنة 2019 12",
    ],
)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    """Numbers that have another reading, or stand in another script, are not changed."""
    assert with_thousands_in_order(text) == text


def test_a_number_of_the_query_is_put_into_the_translation() -> None:
    """Two texts that differ in such a number are the same but for placeables, and the value is put where it belongs."""
    query, source = "بلغ عدد السفن 000 15 سفينة.", "بلغ عدد السفن 000 12 سفينة."
    assert differ_in_placeables(query, source)
    assert (
        repair(query, source, "The ships numbered 12,000.", ("ar", "en")).text == "The ships numbered 15,000."
    )


def test_a_long_run_of_digits_takes_no_long_time() -> None:
    """The search is linear on hostile texts."""
    start = process_time()
    with_thousands_in_order("سفن " + "000 " * 100_000)
    assert process_time() - start < 5
