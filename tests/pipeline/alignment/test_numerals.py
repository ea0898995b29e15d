"""Chinese numerals as figures."""

from __future__ import annotations

import pytest

from hexapla.alignment.anchors import chinese_numbers

NUMERALS = [
    ("第一条", {"1"}),
    ("第十条", {"10"}),
    ("第二十三条", {"23"}),
    ("二〇三〇年", {"2030"}),
    ("十二月十日", {"12"}),
    ("一百二十五个国家", {"125"}),
    ("一百零五", {"105"}),
    ("三千四百", {"3400"}),
    ("一万二千人", {"12000"}),
    ("两亿三千万", {"230000000"}),
    ("一个人和三只猫", set()),
    ("万里长城，千百年来", set()),
    ("", set()),
    ("Article 10", set()),
]


@pytest.mark.parametrize(("text", "expected"), NUMERALS)
def test_numerals(text: str, expected: set[str]) -> None:
    """Numerals with units and digit by digit have their value; single ones count only as ordinals."""
    assert chinese_numbers(text) == expected


def test_an_endless_numeral_is_read_in_pieces() -> None:
    """A numeral far longer than any number is no failure."""
    assert chinese_numbers("亿" * 3 + "三亿" * 9_000)
