"""Cleaning: units, or languages of units, that rules find to be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import NamedTuple

import polars as pl

from hexapla.memory.cleaning.faults import pair_faults, text_faults, texts_of, usual_lengths
from hexapla.memory.cleaning.rules import Rules
from hexapla.progress import Progress, quiet
from hexapla.unit_records import unit_of_row
from hexapla.unit_table import UNIT
from hexapla.units import Unit

JUDGED_AT_ONCE = 50_000  # units that are judged at once


@dataclass(frozen=True, slots=True)
class RuleViolation:
    """What a rule found in a unit.

    Attributes:
        unit: identifier of the unit.
        rule: name of the rule, a field of `hexapla.memory.cleaning.rules.Rules`.
        languages: languages whose texts go; all those of the unit if it goes as a whole.
        whole: whether the unit goes as a whole.
        reason: what is wrong, in a few words.
        texts: texts of the unit by language tag.
        other: language whose text tells that this one is wrong, where two contradict each other; else None.
    """

    unit: str
    rule: str
    languages: tuple[str, ...]
    whole: bool
    reason: str
    texts: Mapping[str, str]
    other: str | None = None


@dataclass(frozen=True, slots=True)
class CleaningResult:
    """What cleaning does to a memory.

    Attributes:
        violations: what was found, in the order of the units.
        removed: identifiers of units that go.
        changed: units that stay and are changed: they lose a language, or stand for others too.
    """

    violations: tuple[RuleViolation, ...]
    removed: tuple[str, ...]
    changed: tuple[Unit, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """By rule, how many units go, and how many texts are taken from units that stay."""
        counted: dict[str, dict[str, int]] = {}
        for violation in self.violations:
            counts = counted.setdefault(violation.rule, {"units": 0, "texts": 0})
            counts["units"] += violation.whole
            counts["texts"] += 0 if violation.whole else len(violation.languages)
        return counted


class _Fault(NamedTuple):
    """A rule's word against a text, or two."""

    language: str
    other: str | None
    rule: str
    reason: str
    mirrored: str | None = None  # the reason as it is said of the other text

    def violation(self, unit: Unit, language: str, *, whole: bool) -> RuleViolation:
        """What it says of a unit, from the side of one of the two texts; of the unit itself if that is empty."""
        first = language == self.language
        said = self.reason if first else self.mirrored
        reason, other = (
            (f"{language}: {said}" if language else self.reason),
            self.other if first else self.language,
        )
        return RuleViolation(
            unit.id, self.rule, unit.languages if whole else (language,), whole, reason, unit.texts, other
        )


def find_faulty(units: pl.DataFrame, rules: Rules, progress: Progress = quiet) -> CleaningResult:
    """Find what all rules but those on duplicates remove.

    A text that is wrong by itself goes, and its unit where fewer than two languages are left. Of two texts that do not
    go together the one goes that most other languages of the unit contradict; where that is not clear none goes.

    Args:
        units: with the columns of `hexapla.unit_table.UNIT`.
        rules: which apply.
        progress: progress callback.

    Returns:
        What goes and why.
    """
    judged = units.select(UNIT.keys()).filter(~pl.col("status").is_in(rules.protect.statuses))
    usual = usual_lengths(texts_of(judged.head(JUDGED_AT_ONCE), rules))
    parts = []
    for start in range(0, len(judged), JUDGED_AT_ONCE):
        progress("Judging units", start, len(judged))
        parts.append(_judge(judged[start : start + JUDGED_AT_ONCE], rules, usual))
    return CleaningResult(
        tuple(violation for part in parts for violation in part.violations),
        tuple(id for part in parts for id in part.removed),
        tuple(unit for part in parts for unit in part.changed),
    )


def _judge(units: pl.DataFrame, rules: Rules, usual: Mapping[str, float]) -> CleaningResult:
    texts = texts_of(units, rules)
    faults: dict[int, list[_Fault]] = {}
    for found in text_faults(texts, rules):
        _note(faults, found)
        texts = texts.join(found, on=["row", "language"], how="anti")
    for found in pair_faults(texts, rules, usual):
        _note(faults, found)
    for row in _improbable(units, texts, rules):
        said = f"{floor(1000 * units[row, 'probability']) / 1000:g} is below {rules.probability.minimum:g}"
        faults.setdefault(row, []).append(_Fault("", None, "probability", said))
    if rules.empty.enabled:
        for row in units.with_row_index("row").filter(pl.col("variants").list.len() < 2)["row"]:
            faults.setdefault(row, []).append(_Fault("", None, "empty", "one language only"))
    return _verdicts(units, faults)


def _note(faults: dict[int, list[_Fault]], found: pl.DataFrame) -> None:
    for row, *fault in found.select("row", *_Fault._fields).iter_rows():
        faults.setdefault(row, []).append(_Fault(*fault))


def _improbable(units: pl.DataFrame, texts: pl.DataFrame, rules: Rules) -> Sequence[int]:
    """Rows of units that were probably not aligned rightly."""
    if not rules.probability.enabled:
        return []
    numbered = pl.col("number").is_not_null() | (pl.col("kind") == "list item")
    kept = numbered if rules.protect.numbered else pl.lit(False)
    protected = texts.filter("protected").select("row").unique()
    found = units.with_row_index("row").filter((pl.col("probability") < rules.probability.minimum) & ~kept)
    return found.join(protected, on="row", how="anti")["row"].to_list()


def _verdicts(units: pl.DataFrame, faults: Mapping[int, list[_Fault]]) -> CleaningResult:
    violations: list[RuleViolation] = []
    removed, changed = [], []
    for row in sorted(faults):
        unit = unit_of_row(units.row(row, named=True))
        gone = dict(_blamed(unit.languages, faults[row]))
        if not gone and unit.variants:
            continue
        whole = len(unit.languages) - len(gone) < 2
        if whole:
            removed.append(unit.id)
            fault = next(iter(gone.values()), faults[row][0])
            violations.append(fault.violation(unit, fault.language, whole=True))
            continue
        kept = tuple(variant for variant in unit.variants if variant.language not in gone)
        changed.append(replace(unit, variants=kept))
        violations += [fault.violation(unit, language, whole=False) for language, fault in gone.items()]
    return CleaningResult(tuple(violations), tuple(removed), tuple(changed))


def _blamed(languages: Sequence[str], faults: Sequence[_Fault]) -> Iterator[tuple[str, _Fault]]:
    """Languages whose texts go, each with a fault that is the reason."""
    alone = [fault for fault in faults if fault.other is None]
    for fault in alone:
        yield from ((language, fault) for language in ([fault.language] if fault.language else languages))
    left = set(languages) - {fault.language for fault in alone}
    pairs = [fault for fault in faults if fault.other is not None]
    while pairs and len(left) > 1:
        counts = Counter(
            language for language in left for fault in pairs if language in (fault.language, fault.other)
        )
        most = max(counts.values())
        worst = [language for language, count in counts.items() if count == most]
        if 2 * most <= len(left) - 1:
            return
        for language in worst:
            yield language, next(fault for fault in pairs if language in (fault.language, fault.other))
        left -= set(worst)
        pairs = [fault for fault in pairs if fault.language in left and fault.other in left]
