"""Duplicates: units with the same texts, of which one is kept for all documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

import polars as pl

from hexapla.memory.cleaning.faulty_units import CleaningResult, RuleViolation
from hexapla.memory.cleaning.rules import Rules
from hexapla.memory.cleaning.similar import similar_pairs
from hexapla.progress import Progress, quiet
from hexapla.unit_records import unit_of_row
from hexapla.unit_table import UNIT
from hexapla.units import Status

_TRUST = {Status.APPROVED: 0, Status.EDITED: 1, Status.ALIGNED: 2}
_TEXT = pl.col("text")
_NUMBER_MARK = r"([\p{Nd}])[.,:/–-]([\p{Nd}])"
_TYPOGRAPHY = r"[\p{P}\p{Z}\p{Cc}\p{Cf}\x{0640}\x{064b}-\x{065f}\x{0670}--[%‰?]]"
_INSIDE_NUMBER = "\ue000"  # private use: not in any text, and not punctuation


@dataclass(frozen=True, slots=True)
class Translations:
    """One source text with several targets.

    Attributes:
        source: language of the text.
        target: language of its translations.
        text: the source text.
        targets: each translation with the identifiers of its units, the most trusted first.
    """

    source: str
    target: str
    text: str
    targets: tuple[tuple[str, tuple[str, ...]], ...]


def find_duplicates(units: pl.DataFrame, rules: Rules, progress: Progress = quiet) -> CleaningResult:
    """Find units that another unit of the same level makes superfluous.

    Of units with the same texts one is kept; a unit with more languages also replaces one with fewer. A unit that a
    person approved or edited is preferred, then the more probable, then the older one. It gets the documents of the
    others as sources. Rejected units are left alone.

    Args:
        units: units with the columns of `hexapla.unit_table.UNIT`.
        rules: the rules, of which `exact` and `near` apply here.
        progress: progress callback.

    Returns:
        The duplicates as removed units, with reasons, and the kept units as changed ones.
    """
    ranked = _ranked(units)
    kept_by: dict[int, int] = {}
    reasons: dict[int, tuple[str, str]] = {}
    trust = ranked["trust"].to_list()
    steps = [step for step in _steps(rules) if step[1]]
    for done, (name, _, find) in enumerate(steps):
        progress("Comparing units", done, len(steps))
        left = ranked.filter(~pl.col("rank").is_in(list(kept_by)))
        for row, keeper, reason in find(left):
            if keeper not in kept_by and row not in kept_by and trust[keeper] <= trust[row]:
                kept_by[row], reasons[row] = keeper, (name, reason)
    return _cleaning(ranked, kept_by, reasons)


def several_targets(
    units: pl.DataFrame, source: str | None = None, target: str | None = None
) -> list[Translations]:
    """Find source texts with several translations, which is not a fault: all of them are kept.

    Args:
        units: units with the columns of `hexapla.unit_table.UNIT`.
        source: language of the texts; each in turn if None.
        target: language of the translations; each in turn if None.

    Returns:
        The texts, by languages, in the order of the units.
    """
    texts = _texts(_ranked(units)).select("rank", "id", "language", "text")
    tags = texts["language"].unique().sort().to_list()
    found: list[Translations] = []
    for one, other in permutations(tags, 2):
        if source in (None, one) and target in (None, other):
            found += _several(texts, one, other)
    return found


def _several(texts: pl.DataFrame, source: str, target: str) -> Iterator[Translations]:
    both = texts.filter(pl.col("language") == source).join(
        texts.filter(pl.col("language") == target), on="rank", suffix="_target"
    )
    several = both.filter(pl.col("text_target").n_unique().over("text") > 1)
    targets = several.group_by("text", "text_target", maintain_order=True).agg("id")
    for (text,), group in targets.partition_by("text", as_dict=True, maintain_order=True).items():
        listed = ((each["text_target"], tuple(each["id"])) for each in group.iter_rows(named=True))
        yield Translations(source, target, text, tuple(listed))


def _ranked(units: pl.DataFrame) -> pl.DataFrame:
    """Return the units that are not rejected, the most trusted first, with their ranks."""
    trust = pl.col("status").replace_strict(
        {status.value: rank for status, rank in _TRUST.items()}, default=None
    )
    order = ["trust", "improbable", "created", "document", "position", "id"]
    return (
        units.select(UNIT.keys())
        .with_columns(trust.alias("trust"), improbable=-pl.col("probability"))
        .filter(pl.col("trust").is_not_null())
        .sort(order, nulls_last=True)
        .with_row_index("rank")
    )


def _texts(ranked: pl.DataFrame) -> pl.DataFrame:
    """Return the texts of units, one a row, sorted by language tag within a unit."""
    return (
        ranked.select("rank", "id", "level", "variants")
        .explode("variants", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("variants").struct.field("language", "text"))
        .drop("variants")
        .with_columns(_TEXT.str.strip_chars())
        .filter(_TEXT != "")
        .sort("rank", "language")
    )


_Found = Iterator[tuple[int, int, str]]


def _steps(rules: Rules) -> list[tuple[str, bool, Callable[[pl.DataFrame], _Found]]]:
    """List the rules: name, whether enabled, and a finder of pairs (rank of duplicate, rank of kept unit, reason)."""
    similarity = rules.near.similarity
    return [
        ("exact", rules.exact.enabled, lambda ranked: _same(_texts(ranked), "same texts as {}")),
        (
            "near",
            rules.near.enabled,
            lambda ranked: _same(_plain(_texts(ranked)), "same but for typography as {}"),
        ),
        ("near", rules.near.enabled and similarity < 100, lambda ranked: _similar(ranked, similarity)),
    ]


def _same(texts: pl.DataFrame, reason: str) -> _Found:
    """Find units whose texts another unit has, which may have more languages."""
    tags = texts.group_by("rank").agg(pl.col("level").first(), pl.col("language").alias("tags"))
    sets = tags["tags"].unique().to_list()
    for few in sorted(sets, key=len):
        holding = tags.filter(pl.col("tags").is_in([each for each in sets if set(few) <= set(each)]))
        keys = (
            texts.filter(pl.col("language").is_in(few))
            .join(holding.select("rank", pl.col("tags").list.len().cast(pl.Int32).alias("wide")), on="rank")
            .group_by("rank", maintain_order=True)
            .agg(pl.col("level", "wide").first(), _TEXT.str.join("\x1f"))
        )
        widest = pl.col("rank").sort_by(-pl.col("wide"), "rank").first().over("level", "text")
        own = keys.with_columns(kept=widest).filter(
            pl.col("wide") == len(few), pl.col("rank") != pl.col("kept")
        )
        yield from ((row, kept, reason) for row, kept in own.select("rank", "kept").iter_rows())


def _plain(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the texts without typography."""
    plain = _TEXT.str.normalize("NFKC").str.to_lowercase()
    for _ in range(2):  # a digit between two marks is matched with one of them at a time
        plain = plain.str.replace_all(_NUMBER_MARK, f"${{1}}{_INSIDE_NUMBER}${{2}}")
    plain = plain.str.replace_all(_TYPOGRAPHY, "")
    return texts.with_columns(pl.when(plain == "").then(_TEXT).otherwise(plain).alias("text"))


def _similar(ranked: pl.DataFrame, similarity: float) -> _Found:
    """Find units whose texts are similar in every language."""
    plain = _plain(_texts(ranked))
    tags = plain.group_by("rank", maintain_order=True).agg(pl.col("level").first(), "language", "text")
    for group in tags.partition_by("level", "language", maintain_order=True):
        ranks = group["rank"].to_list()
        for keeper, row, percentage in similar_pairs(group["text"].to_list(), similarity):
            yield ranks[row], ranks[keeper], f"{percentage:.0f}% the same as {{}}"


def _cleaning(
    ranked: pl.DataFrame, kept_by: Mapping[int, int], reasons: Mapping[int, tuple[str, str]]
) -> CleaningResult:
    ids = ranked["id"]
    violations: list[RuleViolation] = []
    gathered: dict[int, list[str]] = {}
    for row, keeper in kept_by.items():
        unit = unit_of_row(ranked.row(row, named=True))
        rule, reason = reasons[row]
        violations.append(
            RuleViolation(unit.id, rule, unit.languages, True, reason.format(ids[keeper]), unit.texts)
        )
        gathered.setdefault(keeper, []).extend((unit.document, *unit.sources))
    changed = []
    for keeper, sources in gathered.items():
        unit = unit_of_row(ranked.row(keeper, named=True))
        further = tuple(sorted({*unit.sources, *sources} - {unit.document, ""}))
        if further != unit.sources:
            changed.append(replace(unit, sources=further))
    return CleaningResult(
        tuple(violations), tuple(violation.unit for violation in violations), tuple(changed)
    )
