"""Language tags and the language of a text."""

from __future__ import annotations

import pytest

from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import (
    detect_language,
    normalise_tag,
    other_language,
    same_language,
    usual_case,
)
from support_texts import LONG, SHORT

NEIGHBOURS = {
    "uk": "Комітет просить секретаріат зібрати дані всіх портів до наступної сесії.",
    "bg": "Комитетът моли секретариата да събере данните от всички пристанища.",
    "fa": "کمیته از دبیرخانه می‌خواهد که گزارش همه بندرها را پیش از نشست آینده گردآوری کند.",
    "ur": "کمیٹی سیکرٹریٹ سے درخواست کرتی ہے کہ وہ تمام بندرگاہوں کے اعداد و شمار جمع کرے۔",
    "pt": "O Comitê solicita ao secretariado que reúna os dados de todos os portos.",
    "it": "Il Comitato chiede al segretariato di raccogliere i dati di tutti i porti.",
    "de": "Der Ausschuss ersucht das Sekretariat, die Messwerte aller Häfen zu sammeln.",
    "ja": "委員会は、事務局に対し、すべての港の観測データを集めるよう要請する。",
    "ko": "위원회는 사무국에 모든 항구의 자료를 수집하도록 요청한다.",
}


def _detected(language: str) -> str:
    return "zh-Hans" if language == "zh" else language


@pytest.mark.parametrize("language", LONG)
@pytest.mark.parametrize("texts", [SHORT, LONG], ids=["short", "long"])
def test_the_six_languages(texts: dict[str, str], language: str) -> None:
    """Headings and pages in the six languages are recognised, Chinese with its script."""
    assert detect_language(texts[language]) == _detected(language)


@pytest.mark.parametrize(("language", "text"), NEIGHBOURS.items())
def test_their_neighbours(language: str, text: str) -> None:
    """Languages similar to one of the six are not mistaken for it."""
    assert detect_language(text) == language


def test_symbols_are_ignored() -> None:
    """Document symbols and addresses do not change the language detected for the text around them."""
    assert detect_language("A/79/L.92 https://example.org/the/report " + LONG["fr"]) == "fr"


@pytest.mark.parametrize("text", ["", "A/79/L.92", "12 345", "Annex I", "附件"])
def test_too_short(text: str) -> None:
    """The language of a text with only a few letters is not guessed."""
    with pytest.raises(UnknownLanguage, match="too short"):
        detect_language(text)
    assert other_language(text, "fr") is None


@pytest.mark.parametrize(
    ("declared", "text", "found"),
    [
        ("fr", LONG["en"], "en"),
        ("es", LONG["fr"], "fr"),
        ("ru", NEIGHBOURS["uk"], "uk"),
        ("en", LONG["zh"], "zh-Hans"),
        ("zh", LONG["ar"], "ar"),
        ("zh-CN", LONG["zh-Hant"], "zh-Hant"),
        ("zh-TW", LONG["zh"], "zh-Hans"),
        ("zh", LONG["zh-Hant"], None),
        ("en-GB", LONG["en"], None),
        ("arb", LONG["ar"], None),
        ("es", "Vida de ecosistemas terrestres", None),
        ("tpi", LONG["en"], None),
    ],
)
def test_other_language(declared: str, text: str, found: str | None) -> None:
    """A wrong language is reported; variants, doubtful cases and languages unknown to the model are accepted."""
    assert other_language(text, declared) == found


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("zh", "zh"),
        ("zh-Hant", "zh-Hant"),
        ("ZH-cn", "zh-CN"),
        ("pt_br", "pt-BR"),
        ("es-419", "es-419"),
        ("sr_cyrl", "sr-Cyrl"),
        ("EN", "en"),
    ],
)
def test_valid_tags(tag: str, usual: str) -> None:
    """A valid tag may be in any case, with hyphens or underscores, and is returned in its usual spelling."""
    assert normalise_tag(f" {tag} ") == usual


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("english", "such as"),
        ("", "such as"),
        ("zz", "such as"),
    ],
)
def test_invalid_tags(tag: str, hint: str) -> None:
    """An invalid tag is quoted in the message, with examples of right ones."""
    with pytest.raises(UnknownLanguage, match=f"{tag}.*BCP 47.*{hint}"):
        normalise_tag(tag)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("zh", "zh-Hant", True),
        ("zh-CN", "zh-Hans", True),
        ("zh-TW", "zh-Hant", True),
        ("zh-CN", "zh-Hant", False),
        ("cmn", "zh-Hans", True),
        ("arb", "ar", True),
        ("nb", "no", True),
        ("en-US", "en-GB", True),
        ("ru", "uk", False),
        ("sr-Cyrl", "sr-Latn", False),
    ],
)
def test_same_language(a: str, b: str, same: bool) -> None:
    """Tags mean one written language if neither language nor script differs."""
    assert same_language(a, b) is same
    assert same_language(b, a) is same


@pytest.mark.parametrize(
    "tag", ["en", "en-US", "zh-Hant-HK", "sr-Latn", "de-1996", "es-419", "en-x-ab-cdef", "sl-rozaj-biske"]
)
def test_usual_case(tag: str) -> None:
    """Tags have the usual case of RFC 5646, however they were typed."""
    assert usual_case(tag.upper()) == usual_case(tag.lower()) == tag
