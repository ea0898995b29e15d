"""Language tags (BCP 47) and the language of a text."""

from __future__ import annotations

import math
import re
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import langcodes

from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.variants import chinese_script

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LOADING = Lock()
LETTERS_NEEDED = 20
SAMPLE = 20_000  # characters that are enough to tell a language
# By how much a text's language must be likelier than another before we say that it is not the other:
# difference of the model's log-probabilities by the root of the text's bytes, which makes short and long
# texts comparable. Below it lies what related languages differ by in a line of a few words.
SURE = 1.5
# Labels of the model that a document would only get by chance: dialects and creoles beside a written standard
# that is also a label, dead and constructed languages, "no linguistic content".
_CHANCE = "ace an ary arz bcl ext fuv gcf gcr gom guw hbo kik la lij ltg pcm sdh uzs vec vo wa wuu yue zxx"
_LEFT_OUT = frozenset(_CHANCE.split())
_UNSPACED = frozenset({"zh", "cmn", "yue", "wuu", "lzh", "ja", "th", "lo", "km", "my"})
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile("[㐀-鿿]")
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_HAN_WEIGHT = 4  # a Han character says about as much as this many letters


def normalise_tag(tag: str) -> str:
    """Check that a tag is valid BCP 47; it comes back as it was given, without white space around.

    Args:
        tag: such as zh, zh-Hant, pt-BR.

    Returns:
        The tag.

    Raises:
        UnknownLanguage: it is not; the message suggests the right form where there is one.
    """
    tag = tag.strip()
    if "_" in tag and langcodes.tag_is_valid(tag):
        right = langcodes.standardize_tag(tag)
        raise UnknownLanguage(f"{tag!r} is not a BCP 47 language tag, which has hyphens: write {right}.")
    if not langcodes.tag_is_valid(tag):
        raise UnknownLanguage(
            f"{tag!r} is not a BCP 47 language tag: write one such as zh, en, fr, es, ru, ar or zh-Hant."
        )
    return tag


def usual_case(tag: str) -> str:
    """The tag with its letters as BCP 47 has them (RFC 5646, section 2.1.1).

    Args:
        tag: a BCP 47 tag.

    Returns:
        zh-Hant-HK for ZH-HANT-hk.
    """
    first, *rest = tag.lower().split("-")
    private = next((place for place, part in enumerate(rest) if len(part) == 1), len(rest))
    shown = [part.title() if len(part) == 4 and part.isalpha() else part for part in rest[:private]]
    return "-".join((first, *(part.upper() if len(part) == 2 else part for part in shown), *rest[private:]))


def same_language(a: str, b: str) -> bool:
    """Tell whether two tags mean one written language; one that leaves the script open agrees with each.

    Args:
        a: a BCP 47 tag.
        b: another.

    Returns:
        True for en-US and en-GB, zh and zh-Hant, cmn and zh; False for zh-CN and zh-Hant, whose scripts
        differ.
    """
    if _primary(a) != _primary(b):
        return False
    scripts = {_script(langcodes.Language.get(tag)) for tag in (a, b)}
    return len(scripts - {None}) < 2


def _primary(tag: str) -> str | None:
    """Find the primary language; for one in a group that is written alike (cmn, nb) the group's (zh, no)."""
    language = langcodes.Language.get(tag).prefer_macrolanguage().language
    return "no" if language == "nb" else language


def _script(language: langcodes.Language) -> str | None:
    """Find the script that a tag says or, as zh-TW does, implies by its region; None where it is open."""
    if language.script or language.territory:
        return language.maximize().script
    return None


def spaced(tag: str) -> bool:
    """Tell whether a language is written with spaces between words.

    Args:
        tag: BCP 47 tag.

    Returns:
        False for Chinese, Japanese, Thai and others that do not.
    """
    return tag.split("-")[0].lower() not in _UNSPACED


def detect_language(text: str) -> str:
    """Tell the language of a text by its writing and py3langid; of Chinese also the script.

    Args:
        text: the text, at best all of a document.

    Returns:
        A BCP 47 tag: en, fr, ..., zh-Hans, zh-Hant (zh where every character belongs to both scripts).

    Raises:
        UnknownLanguage: it has fewer than 20 letters (5 Han characters).
    """
    text = text[:SAMPLE]
    letters = _letters(text)
    if letters < LETTERS_NEEDED:
        raise UnknownLanguage(f"a text of so few letters ({letters}) is too short to tell its language")
    return _east_asian(text) or next(iter(_likelihoods(text)))


def other_language(text: str, tag: str) -> str | None:
    """Tell whether a text is surely in another language than was said.

    Args:
        text: the text, at best all of a document.
        tag: BCP 47 tag of the language it was said to be in.

    Returns:
        The tag of the language it is in; None if it agrees with what was said or leaves doubt.
    """
    text = text[:SAMPLE]
    if _letters(text) < LETTERS_NEEDED:
        return None
    if found := _east_asian(text):
        return None if same_language(found, tag) else found
    likelihoods = _likelihoods(text)
    found, best = next(iter(likelihoods.items()))
    if same_language(found, tag):
        return None
    declared = likelihoods.get(_primary(tag) or "")
    if declared is None and _primary(tag) not in ("zh", "ja"):
        return None  # the model does not know what was said
    return found if declared is None or best - declared > SURE else None


def _letters(text: str) -> int:
    """Count the letters, a Han character for four."""
    return len(_LETTER.findall(text)) + (_HAN_WEIGHT - 1) * len(_HAN.findall(text))


def _east_asian(text: str) -> str | None:
    """Tell Chinese and Japanese by their characters; None for others."""
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    others = len(_LETTER.findall(text)) - han - kana
    if _HAN_WEIGHT * (han + kana) <= others:
        return None
    if kana > han // 10:
        return "ja"
    script = chinese_script(text)
    return f"zh-{script}" if script else "zh"


def _likelihoods(text: str) -> dict[str, float]:
    """Rank the languages by log-probability over the root of the text's length, the likeliest first."""
    words = (
        word for word in text.split() if not re.search(r"[\d/@\\]", word)
    )  # symbols and figures are of no language
    text = " ".join(words) or text
    length = math.sqrt(len(text.encode()))
    ranked = _identifier().rank(text)
    return {label: score / length for label, score in ranked if label not in _LEFT_OUT}


def load_detector() -> None:
    """Load the language model, which takes half a second; called in a thread it need not keep the reader waiting."""
    _identifier()


def _identifier() -> LanguageIdentifier:
    with _LOADING:  # a second caller waits for the first and does not load it again
        return _load_identifier()


@cache
def _load_identifier() -> LanguageIdentifier:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
