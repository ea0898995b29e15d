"""Decoding of any encoding, and cleaning of Unicode text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexapla_corpora.errors import DocumentError, UnknownFormat
from hexapla_corpora.text_encoding import clean_text, decode_text
from support_texts import ENCODED, LONG, SHORT

PATH = Path("paper.txt")


@pytest.mark.parametrize(("language", "encoding"), ENCODED)
@pytest.mark.parametrize("texts", [SHORT, LONG], ids=["short", "long"])
def test_every_language_in_its_encodings(texts: dict[str, str], language: str, encoding: str) -> None:
    """A heading and a short page are decoded correctly without a declared encoding."""
    assert decode_text(texts[language].encode(encoding), PATH) == texts[language]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", LONG)
def test_unicode_encodings_of_every_language(language: str, encoding: str) -> None:
    """UTF-8 and UTF-32 are decoded with and without a byte order mark."""
    assert decode_text(LONG[language].encode(encoding), PATH) == LONG[language]


@pytest.mark.parametrize(
    "text",
    ["¹ A/79/837.", "Artículo 30", "ГЕНЕРАЛЬНАЯ АССАМБЛЕЯ", "Год: № 5 «вода»", "Éléments", "été à l’été"],
)
def test_capitals_and_single_marks(text: str) -> None:
    """Lines with few significant letters, or only capitals, are not mistaken for another script."""
    encoding = "cp1251" if "А" in text or "Г" in text else "cp1252"
    assert decode_text(text.encode(encoding), PATH) == text


@pytest.mark.parametrize("encoding", ["koi8-r", "iso8859-5", "cp866"])
def test_other_encodings_are_left_to_the_library(encoding: str) -> None:
    """Russian in an encoding that is not among our candidates is decoded too."""
    assert decode_text(LONG["ru"].encode(encoding), PATH) == LONG["ru"]


def test_one_broken_byte_leaves_the_rest_utf8() -> None:
    """UTF-8 with one invalid byte is still decoded as UTF-8, with a replacement character for the byte."""
    assert decode_text(LONG["zh"].encode() + b"\xff", PATH) == LONG["zh"] + "\ufffd"


@pytest.mark.parametrize(
    "declared", ["gb2312", "utf-8", "iso-8859-1", "no-such-encoding", "hex", "rot13", "undefined", None]
)
def test_a_wrong_declaration_does_no_harm(declared: str | None) -> None:
    """A declared encoding is only a hint: Arabic in windows-1256 is decoded whatever is declared."""
    assert decode_text(LONG["ar"].encode("cp1256"), PATH, declared) == LONG["ar"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "Komitet prosi sekretariat o zebranie odczytów; żeglugę wstrzymano, łodzie były za małe.",
            "iso8859-2",
        ),
        ("委員会は、事務局に対し、すべての港の観測データを集めるよう要請する。", "euc-jp"),
    ],
)
def test_a_right_declaration_helps(text: str, encoding: str) -> None:
    """An encoding that cannot be detected is taken from the declaration."""
    assert decode_text(text.encode(encoding), PATH, encoding) == text


@pytest.mark.parametrize(
    "data",
    [
        b"A resolution\0\0\0 with NUL bytes\0 in it",
        bytes(range(256)) * 8,
        b"\0" * 1000,
        b"\x01\x02\x03\x04" * 50,
    ],
)
def test_binary_content(data: bytes) -> None:
    """Binary content, including NUL bytes that are not UTF-16, is refused with the file name."""
    with pytest.raises(UnknownFormat, match=r"paper\.txt is not text.*Save the document"):
        decode_text(data, PATH)


def test_line_ends_and_form_feeds() -> None:
    """All kinds of line ends become line feeds; a form feed, which ends a page, stays."""
    assert decode_text(b"a\r\nb\rc\n\x0cd\xe2\x80\xa8e", PATH) == "a\nb\nc\n\x0cd\ne"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\u3000\u3000大会，", "大会，"),
        ("第一章\u3000\u3000总则", "第一章 总则"),
        ("第一\n第二", "第一第二"),
        ("one\ntwo\t three", "one two three"),
        ("ﻣﺸﺮﻭﻉ ﻗﺮﺍﺭ ﺑﺸﺄﻥ ﺍﻷﻧﻬﺎﺭ", "مشروع قرار بشأن الأنهار"),
        ("صلى \ufdfa", "صلى \ufdfa"),
        ("ba\ufe7cd", "ba\u0651d"),
        ("e\u0301tude", "étude"),
        ("o\ufb03cial \ufb01nding", "official finding"),
        ("⼈⽔", "人水"),
        ("\uf0b7 lamps \uf0a7 oil", "• lamps ▪ oil"),
        ("co\xadopera\u200btion\ufeff\u2060", "cooperation"),
        ("\u200f(أ) \u202bنص\u202c\u200e", "(أ) نص"),
        ("\xa0question\xa0; oui\u202f!\xa0", "question\xa0; oui\u202f!"),
        ("a\x00b\x0bc\x1bd\x85e\x9ff\ufffe", "ab cd ef"),
        ("می‌خواهد", "می\u200cخواهد"),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    """Presentation forms are replaced, layout spaces and invisible characters removed; printed characters stay."""
    assert clean_text(text) == clean


@given(st.text())
def test_clean_text_is_stable_and_legal(text: str) -> None:
    """Clean text is one line in NFC that XML 1.0 allows, and cleaning it again changes nothing."""
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in clean)
    assert clean == clean.strip()


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl"])),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
)
def test_marked_round_trip(text: str, encoding: str) -> None:
    """Any text encoded with a byte order mark is decoded unchanged."""
    text = text.replace("\u2029", "")
    assert decode_text(text.encode(encoding), PATH) == text


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    """Any bytes give text or a DocumentError, never another exception."""
    try:
        assert isinstance(decode_text(data, PATH), str)
    except DocumentError as error:
        assert "paper.txt" in str(error)
