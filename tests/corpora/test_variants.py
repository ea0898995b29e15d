"""The two Chinese scripts."""

from __future__ import annotations

import pytest

from hexapla_corpora.variants import chinese_script, to_simplified
from support_texts import LONG, SHORT


def test_traditional_becomes_simplified() -> None:
    """The traditional version of a text is converted to the simplified one."""
    assert to_simplified(SHORT["zh-Hant"]) == SHORT["zh"]


@pytest.mark.parametrize("language", ["en", "ru", "ar", "zh"])
def test_other_texts_stay(language: str) -> None:
    """Texts without traditional characters are unchanged."""
    assert to_simplified(LONG[language]) == LONG[language]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (LONG["zh"], "Hans"),
        (LONG["zh-Hant"], "Hant"),
        ("決議草案", "Hant"),
        ("决议草案", "Hans"),
        ("大小山水", None),
        (LONG["en"], None),
        ("關於「台北」的报告，國際會議決議", "Hant"),
    ],
)
def test_chinese_script(text: str, script: str | None) -> None:
    """The characters that belong to only one script decide."""
    assert chinese_script(text) == script
