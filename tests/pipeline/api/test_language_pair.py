"""Pairs of languages as users write them."""

from __future__ import annotations

import pytest

from hexapla.api.language_pair import parse_pair
from hexapla.errors import InputError


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("zh-en", ("zh", "en")),
        ("EN-FR", ("en", "fr")),
        ("zh-CN-en-US", ("zh-CN", "en-US")),
        ("en_us-fr_ca", ("en-US", "fr-CA")),
        ("zh-Hant-fr", ("zh-Hant", "fr")),
        ("fr-ca", ("fr", "ca")),
        ("es-419-sr-Latn-RS", ("es-419", "sr-Latn-RS")),
        (("ZH_cn", "en"), ("zh-CN", "en")),
    ],
)
def test_pairs(text: str, pair: tuple[str, str]) -> None:
    """A pair is split where the second language begins, in any case, with hyphens or underscores."""
    assert parse_pair(text) == pair


@pytest.mark.parametrize("text", ["zh", "zh-CN", "", "-", "zh-", "english-french", "zh,en", "a-b-c-d"])
def test_text_that_is_not_a_pair(text: str) -> None:
    """Text that is not two languages is refused, and the error gives an example."""
    with pytest.raises(InputError, match="is not two languages: give source and target, as in zh-en"):
        parse_pair(text)


def test_a_pair_of_three() -> None:
    """Two languages make a pair, and three do not."""
    with pytest.raises(InputError, match="a pair has two languages, and this one has 3: zh, en, fr"):
        parse_pair(("zh", "en", "fr"))
