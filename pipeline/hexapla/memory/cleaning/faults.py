"""Faults of texts and of pairs of texts, found with polars in many units at once.

A frame of faults has the columns row (of the unit), language, other (the second language, null if one text is wrong by
itself), rule, reason, and mirrored (the reason from the side of the second language).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from hexapla.memory.cleaning.defects import garbled, numbers_in, unlike_numbers
from hexapla.memory.cleaning.rules import CopyRule, LengthRule, NumbersRule, Rules
from hexapla_corpora.languages import other_language

BYTES_OF_ENGLISH = {"zh": 0.76, "en": 1.0, "fr": 1.27, "es": 1.22, "ru": 2.17, "ar": 1.60}
"""UTF-8 bytes of a text for each byte of its English version; medians over texts of the United Nations."""

_ENOUGH_TEXTS = 50  # texts in two languages that show what is usual for them
_SLACK = 20  # bytes of English by which short texts may differ
_NOTHING = pl.lit(None, dtype=pl.String)
_NUMERAL = r"[\p{Nd}〇零一二三四五六七八九十百千万亿]"

# What Python, and so the readers of files, strip from a text; polars does not strip the four separators.
_EDGES = r"^[\s\x1c-\x1f]+|[\s\x1c-\x1f]+$"


def texts_of(units: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the texts of units, one a row.

    Args:
        units: units with the columns of `hexapla.unit_table.UNIT`.
        rules: rules that say what is protected.

    Returns:
        Columns row (of the unit), place (of the variant in the unit), language, base (its primary subtag), text,
        letters (a Chinese character counts as four), bytes and protected (whether most rules leave the unit alone).
    """
    text = pl.col("text")
    long = (
        units.select(pl.col("kind").is_in(rules.protect.kinds).alias("protected"), "variants")
        .with_row_index("row")
        .explode("variants", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("variants").struct.field("language", "text"))
        .drop("variants")
        .with_columns(text.str.replace_all(_EDGES, ""), place=pl.int_range(pl.len()).over("row"))
        .with_columns(
            base=pl.col("language").str.to_lowercase().str.extract("^([a-z]+)"),
            letters=text.str.count_matches(r"\p{L}") + 3 * text.str.count_matches(r"\p{Han}"),
            bytes=text.str.len_bytes(),
        )
    )
    few = pl.col("letters").max().over("row") < rules.protect.letters
    return long.with_columns(pl.col("protected") | few)


def text_faults(texts: pl.DataFrame, rules: Rules) -> Iterator[pl.DataFrame]:
    """Find the faults of single texts.

    Args:
        texts: texts as returned by `texts_of`.
        rules: the rules that apply.

    Yields:
        Frames of faults, one for each rule.
    """
    if rules.empty.enabled:
        yield _faults(texts.filter(pl.col("text") == ""), "empty", pl.lit("no text"))
    if rules.mojibake.enabled:
        candidates = texts.filter(pl.col("text").str.contains(r"[^\x00-\x7f]"))
        found = _judged(candidates, lambda text, language: "wrong character set" if garbled(text) else None)
        yield _faults(found, "mojibake", pl.col("judgement"))
    if rules.language.enabled:
        long_enough = pl.col("letters") >= rules.language.letters
        found = _judged(texts.filter(~pl.col("protected") & long_enough), other_language)
        yield _faults(found, "language", pl.format("in {}", "judgement"))


def pair_faults(texts: pl.DataFrame, rules: Rules, usual: Mapping[str, float]) -> Iterator[pl.DataFrame]:
    """Find the faults of pairs of texts of a unit.

    Args:
        texts: texts as returned by `texts_of`, without those that have faults themselves.
        rules: the rules that apply.
        usual: result of `usual_lengths`.

    Yields:
        Frames of faults, one for each rule and pair of languages.
    """
    judged = texts.filter(~pl.col("protected")).with_columns(hash=pl.col("text").hash())
    numbers = _numbers(judged) if rules.numbers.enabled else pl.Series([], dtype=pl.List(pl.String))
    if rules.numbers.enabled:
        judged = judged.with_columns(numbers.alias("numbers"))
    judged = judged.drop("text", "protected")
    pairs = judged.join(judged, on="row", suffix="_other").filter(pl.col("place") < pl.col("place_other"))
    for (one, other), pair in pairs.partition_by("base", "base_other", as_dict=True).items():
        for name, find in _PAIR_RULES.items():
            rule = getattr(rules, name).of(one, other)
            if rule.enabled and one != other:
                yield find(pair, rule, usual)


def usual_lengths(texts: pl.DataFrame) -> dict[str, float]:
    """Return the usual number of bytes in each language for a byte of English.

    Args:
        texts: texts as returned by `texts_of`, from which languages not in BYTES_OF_ENGLISH are estimated.

    Returns:
        Bytes by primary subtag; languages with too few texts are left out.
    """
    known = pl.DataFrame(
        {"base": list(BYTES_OF_ENGLISH), "usual": list(BYTES_OF_ENGLISH.values())},
        schema={"base": pl.String, "usual": pl.Float64},
    )
    long = texts.filter(pl.col("bytes") > _SLACK).select("row", "base", "bytes")
    share = pl.col("bytes") / pl.col("usual")
    english = long.join(known, on="base").group_by("row").agg(share.median().alias("english"))
    learned = (
        long.join(known, on="base", how="anti")
        .join(english, on="row")
        .group_by("base")
        .agg((pl.col("bytes") / pl.col("english")).median(), pl.len().alias("texts"))
        .filter(pl.col("texts") >= _ENOUGH_TEXTS)
    )
    return BYTES_OF_ENGLISH | dict(learned.select("base", "bytes").iter_rows())


def _copies(pair: pl.DataFrame, rule: CopyRule, usual: Mapping[str, float]) -> pl.DataFrame:
    same = (pl.col("hash") == pl.col("hash_other")) & (pl.col("letters") >= rule.letters)
    words = "same text as {}"
    return _faults(
        pair.filter(same),
        "copy",
        pl.format(words, "language_other"),
        pl.format(words, "language"),
    )


def _lengths(pair: pl.DataFrame, rule: LengthRule, usual: Mapping[str, float]) -> pl.DataFrame:
    one, other = pair[0, "base"], pair[0, "base_other"]
    if one not in usual or other not in usual:
        return _faults(pair.clear(), "length", _NOTHING)
    lengths = [
        pl.col("bytes") / usual[one] + _SLACK,
        pl.col("bytes_other") / usual[other] + _SLACK,
    ]
    ratio = pl.max_horizontal(lengths) / pl.min_horizontal(lengths)
    found = pair.with_columns(ratio=ratio.round(1)).filter(ratio > rule.factor)
    words = [pl.lit("longer"), pl.lit("shorter")]
    comparison, mirrored = (
        pl.when(lengths[0] > lengths[1]).then(a).otherwise(b) for a, b in (words, words[::-1])
    )
    return _faults(
        found,
        "length",
        pl.format("{} times {} than {}", "ratio", comparison, "language_other"),
        pl.format("{} times {} than {}", "ratio", mirrored, "language"),
    )


def _numbers_unlike(pair: pl.DataFrame, rule: NumbersRule, usual: Mapping[str, float]) -> pl.DataFrame:
    both = pair.filter((pl.col("numbers").list.len() > 0) & (pl.col("numbers_other").list.len() > 0))
    unlike = [
        unlike_numbers(frozenset(one), frozenset(other), rule.smallest) or (None, None)
        for one, other in both.select("numbers", "numbers_other").iter_rows()
    ]
    schema = {"mine": pl.String, "theirs": pl.String}
    found = both.hstack(pl.DataFrame(unlike, schema=schema, orient="row")).drop_nulls("mine")
    return _faults(
        found,
        "numbers",
        pl.format("{} against {} of {}", "mine", "theirs", "language_other"),
        pl.format("{} against {} of {}", "theirs", "mine", "language"),
    )


_PAIR_RULES: dict[str, Callable[[pl.DataFrame, Any, Mapping[str, float]], pl.DataFrame]] = {
    "copy": _copies,
    "length": _lengths,
    "numbers": _numbers_unlike,
}


def _numbers(texts: pl.DataFrame) -> pl.Series:
    """Return the numbers in each text."""
    numeral = texts["text"].str.contains(_NUMERAL)
    found = [
        list(numbers_in(text, language)) if has else []
        for text, language, has in zip(texts["text"], texts["language"], numeral, strict=True)
    ]
    return pl.Series("numbers", found, dtype=pl.List(pl.String))


def _judged(texts: pl.DataFrame, judge: Callable[[str, str], str | None]) -> pl.DataFrame:
    """Return the texts for which a function of text and language returns a judgement; equal texts are judged once."""
    unique = texts.select("text", "language").unique(maintain_order=True)
    judgements = [judge(text, language) for text, language in unique.iter_rows()]
    found = unique.with_columns(pl.Series("judgement", judgements, dtype=pl.String)).drop_nulls("judgement")
    return texts.join(found, on=["text", "language"])


def _faults(found: pl.DataFrame, rule: str, reason: pl.Expr, mirrored: pl.Expr = _NOTHING) -> pl.DataFrame:
    other = pl.col("language_other") if "language_other" in found.columns else _NOTHING
    return found.select(
        "row",
        "language",
        other.alias("other"),
        pl.lit(rule).alias("rule"),
        reason.alias("reason"),
        mirrored.alias("mirrored"),
    )
