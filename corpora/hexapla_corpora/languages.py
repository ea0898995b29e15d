"""Language tags (BCP 47) and the language of a text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.variants import chinese_script

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LOADING = Lock()
# Loading the registry of languages takes longer than a look-up, and these tags do not need it.
_OFFICIAL = frozenset(("ar", "en", "es", "fr", "ru", "zh"))
LETTERS_NEEDED = 20
SAMPLE = 20_000  # characters; enough to detect a language
# How much likelier another language must be before we say that a text is not in the declared one: the difference
# of the model's log-probabilities divided by the square root of the text's length in bytes, which makes short and
# long texts comparable. Related languages differ by less in a line of a few words.
SURE = 1.5
# Labels that the model gives documents only by mistake: dialects and creoles of languages that have their
# own label, dead and constructed languages, "no linguistic content".
_CHANCE = "ace an ary arz bcl ext fuv gcf gcr gom guw hbo kik la lij ltg pcm sdh uzs vec vo wa wuu yue zxx"
_LEFT_OUT = frozenset(_CHANCE.split())
MOST_TAG = 64  # characters of a tag; RFC 5646, section 4.4.1, recommends room for 35
_UNSPACED = frozenset({"zh", "cmn", "yue", "wuu", "lzh", "ja", "th", "lo", "km", "my"})
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile("[㐀-鿿]")
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_HAN_WEIGHT = 4  # a Han character says about as much as this many letters


def normalise_tag(tag: str) -> str:
    """Check that a tag is valid BCP 47, and return it in its usual spelling.

    Args:
        tag: a tag such as zh, zh-Hant or pt-BR, in any case, with hyphens or underscores.

    Returns:
        The tag with hyphens and in the usual case: zh-CN for ZH_cn.

    Raises:
        UnknownLanguage: it is not valid.
    """
    hyphenated = tag.strip().replace("_", "-")
    if hyphenated.lower() in _OFFICIAL:
        return hyphenated.lower()
    import langcodes

    if len(hyphenated) > MOST_TAG:
        raise UnknownLanguage(
            f"the language tag {tag[:MOST_TAG]!r}... has {len(tag):,} characters: use one of {MOST_TAG} at most."
        )
    if not langcodes.tag_is_valid(hyphenated):
        raise UnknownLanguage(
            f"{tag!r} is not a BCP 47 language tag: write one such as zh, en, fr, es, ru, ar or zh-Hant."
        )
    return usual_case(hyphenated)


def usual_case(tag: str) -> str:
    """Return a tag in the usual case of BCP 47 (RFC 5646, section 2.1.1).

    Args:
        tag: a BCP 47 tag.

    Returns:
        The tag, for example zh-Hant-HK for ZH-HANT-hk.
    """
    first, *rest = tag.lower().split("-")
    private = next((place for place, part in enumerate(rest) if len(part) == 1), len(rest))
    shown = [part.title() if len(part) == 4 and part.isalpha() else part for part in rest[:private]]
    return "-".join((first, *(part.upper() if len(part) == 2 else part for part in shown), *rest[private:]))


def same_language(a: str, b: str) -> bool:
    """Whether two tags mean one written language; a tag that leaves the script open matches any script.

    Args:
        a: a BCP 47 tag.
        b: another.

    Returns:
        True for en-US and en-GB, zh and zh-Hant, cmn and zh; False for zh-CN and zh-Hant, whose scripts
        differ.
    """
    if a == b or _OFFICIAL.issuperset((a, b)):
        return a == b
    if is_private(a) or is_private(b):
        return a.lower() == b.lower()
    return _primary(a) == _primary(b) and len({_script(a), _script(b)} - {None}) < 2


def is_private(tag: str) -> bool:
    """Return whether a tag has no language subtag: private use (x-abc) or an old registration (i-klingon)."""
    return tag[1:2] in ("-", "_")


def primary_subtag(tag: str) -> str:
    """Return the language subtag of a tag; a tag without one is returned unchanged."""
    return tag if is_private(tag) else tag.partition("-")[0]


def nearest_first(tags: Sequence[str], wanted: str) -> list[str]:
    """Sort tags of varieties of a language by how near they are to one.

    Args:
        tags: BCP 47 tags.
        wanted: a BCP 47 tag.

    Returns:
        The tags: first the wanted one, in any case, then by the distance of the Unicode CLDR.
    """
    if len(tags) < 2:
        return list(tags)
    from langcodes import tag_distance

    return sorted(tags, key=lambda tag: (tag.lower() != wanted.lower(), tag_distance(wanted, tag), tag))


def _primary(tag: str) -> str | None:
    """Return the primary language; for a variety with a common written form (cmn, nb), that of the group (zh, no)."""
    from langcodes import Language

    language = Language.get(tag).prefer_macrolanguage().language
    return "no" if language == "nb" else language


def _script(tag: str) -> str | None:
    """Return the script that a tag states or, like zh-TW, implies by its region; None if it is open."""
    from langcodes import Language

    language = Language.get(tag)
    if language.script or language.territory:
        return language.maximize().script
    return None


def spaced(tag: str) -> bool:
    """Whether a language is written with spaces between words.

    Args:
        tag: BCP 47 tag.

    Returns:
        False for Chinese, Japanese, Thai and a few others.
    """
    return tag.split("-")[0].lower() not in _UNSPACED


def detect_language(text: str) -> str:
    """Detect the language of a text by its script and with py3langid; for Chinese, also the script.

    Args:
        text: the text, ideally of a whole document.

    Returns:
        A BCP 47 tag: en, fr, ..., zh-Hans, zh-Hant (zh if every character belongs to both scripts).

    Raises:
        UnknownLanguage: the text has fewer than 20 letters (5 Han characters).
    """
    text = text[:SAMPLE]
    letters = _letters(text)
    if letters < LETTERS_NEEDED:
        raise UnknownLanguage(
            f"the text is too short to detect its language: it has {letters} letters, {LETTERS_NEEDED} are needed"
        )
    return _east_asian(text) or next(iter(_likelihoods(text)))


def other_language(text: str, tag: str) -> str | None:
    """Return the language of a text that is clearly not in its declared language.

    Args:
        text: the text, ideally of a whole document.
        tag: BCP 47 tag of the declared language.

    Returns:
        The tag of its language; None if the text is in the declared language, or if there is doubt.
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
        return None  # the model does not know the declared language
    return found if declared is None or best - declared > SURE else None


def _letters(text: str) -> int:
    """Count the letters; a Han character counts as four."""
    return len(_LETTER.findall(text)) + (_HAN_WEIGHT - 1) * len(_HAN.findall(text))


def _east_asian(text: str) -> str | None:
    """Recognise Chinese and Japanese by their characters; return None for other languages."""
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    others = len(_LETTER.findall(text)) - han - kana
    if _HAN_WEIGHT * (han + kana) <= others:
        return None
    if kana > han // 10:
        return "ja"
    script = chinese_script(text)
    return f"zh-{script}" if script else "zh"


def _likelihoods(text: str) -> dict[str, float]:
    """Rank languages by log-probability divided by the square root of the text's length, the likeliest first."""
    words = (
        word for word in text.split() if not re.search(r"[\d/@\\]", word)
    )  # symbols and figures belong to no language
    text = " ".join(words) or text
    length = math.sqrt(len(text.encode()))
    ranked = _identifier().rank(text)
    return {label: score / length for label, score in ranked if label not in _LEFT_OUT}


def load_detector() -> None:
    """Load the language model, which takes half a second; call it in a thread while documents are read."""
    _identifier()


def _identifier() -> LanguageIdentifier:
    with _LOADING:  # a second caller waits for the first instead of loading it again
        return _load_identifier()


@cache
def _load_identifier() -> LanguageIdentifier:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
