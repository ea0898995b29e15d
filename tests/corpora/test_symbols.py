"""Document symbols."""

import pytest

from hexapla_corpora.symbols import find_symbol


@pytest.mark.parametrize(
    "symbol",
    [
        "A/79/L.92",
        "A/RES/79/1",
        "A/RES/2200 (XXI)",
        "A/ES-10/L.31/Rev.1",
        "A/C.3/78/L.33/Rev.1/Corr.2",
        "A/HRC/RES/50/1",
        "A/CONF.157/24",
        "S/RES/2334 (2016)",
        "S/2024/123",
        "E/CN.4/2005/1",
        "CEDAW/C/ABC/CO/6",
        "TD/B/69/3",
        "FCCC/CP/2015/10/Add.1",
        "UNEP/EA.5/Res.14",
    ],
)
def test_finds_symbol(symbol: str) -> None:
    """A symbol is found on its own, with a footnote mark, between Chinese characters and after other words."""
    found = [
        find_symbol(line) for line in (symbol, f"{symbol}*", f"文号{symbol}号", f"United Nations {symbol}")
    ]

    assert found == [symbol] * 4


@pytest.mark.parametrize(
    "line", ["", "HIV/AIDS", "and/or", "57/32", "24/7 service", "TCP/IP", "https://example.org/A/79/1", "2/7"]
)
def test_other_slashes_are_not_symbols(line: str) -> None:
    """Words, figures and addresses with a slash are not symbols."""
    assert find_symbol(line) is None


def test_cited_symbol_is_ignored() -> None:
    """A symbol in brackets is a citation, not the document's own."""
    assert find_symbol("[without reference to a Main Committee (A/90/L.12)]") is None


def test_year_is_spaced() -> None:
    """A year in brackets follows one space, however it was printed."""
    assert find_symbol("S/RES/2334(2016)") == "S/RES/2334 (2016)"


def test_joint_document_has_its_first_symbol() -> None:
    """Of the two symbols of a joint document, the first counts."""
    assert [find_symbol(f"A/90/1{dash}S/2035/3") for dash in "-–"] == ["A/90/1", "A/90/1"]
