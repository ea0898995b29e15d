"""Faulty units: units, or texts of units, that violate rules of cleaning."""

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
    """A rule that a unit violates.

    Attributes:
        unit: identifier of the unit.
        rule: name of the rule, a field of `hexapla.memory.cleaning.rules.Rules`.
        languages: languages whose texts are removed; all those of the unit if the whole unit is.
        whole: whether the whole unit is removed.
        reason: what is wrong, in a few words.
        texts: texts of the unit by language tag.
        other: language of the text that contradicts this one, if the rule compares two texts; else None.
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
    """The changes that cleaning makes to a memory.

    Attributes:
        violations: the violated rules, in the order of the units.
        removed: identifiers of the units to remove.
        changed: units that stay but change: they lose a language, or replace duplicates.
    """

    violations: tuple[RuleViolation, ...]
    removed: tuple[str, ...]
    changed: tuple[Unit, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """Count, by rule, the removed units and the texts removed from units that stay."""
        counted: dict[str, dict[str, int]] = {}
        for violation in self.violations:
            counts = counted.setdefault(violation.rule, {"units": 0, "texts": 0})
            counts["units"] += violation.whole
            counts["texts"] += 0 if violation.whole else len(violation.languages)
        return counted


class _Fault(NamedTuple):
    """A fault of a text, or of two texts that contradict each other."""

    language: str
    other: str | None
    rule: str
    reason: str
    mirrored: str | None = None  # the reason from the side of the other text

    def violation(self, unit: Unit, language: str, *, whole: bool) -> RuleViolation:
        """Describe the fault from the side of one of the two texts; of the whole unit if `language` is empty."""
        first = language == self.language
        from_this_side = self.reason if first else self.mirrored
        reason = f"{language}: {from_this_side}" if language else self.reason
        other = self.other if first else self.language
        return RuleViolation(
            unit.id, self.rule, unit.languages if whole else (language,), whole, reason, unit.texts, other
        )


def find_faulty(units: pl.DataFrame, rules: Rules, progress: Progress = quiet) -> CleaningResult:
    """Find what all rules but those on duplicates remove.

    A text that is wrong by itself is removed, and so is its unit if fewer than two languages are left. Of two texts
    that contradict each other, the one that most other languages of the unit contradict is removed; if that is not
    clear, neither is.

    Args:
        units: units with the columns of `hexapla.unit_table.UNIT`.
        rules: the rules that apply.
        progress: progress callback.

    Returns:
        What is removed, and why.
    """
    judged = units.select(UNIT.keys()).filter(~pl.col("status").is_in(rules.protect.statuses))
    usual = usual_lengths(texts_of(judged.head(JUDGED_AT_ONCE), rules))
    results = []
    for start in range(0, len(judged), JUDGED_AT_ONCE):
        progress("Judging units", start, len(judged))
        results.append(_judge(judged[start : start + JUDGED_AT_ONCE], rules, usual))
    return CleaningResult(
        tuple(violation for result in results for violation in result.violations),
        tuple(id for result in results for id in result.removed),
        tuple(unit for result in results for unit in result.changed),
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
        reason = f"{floor(1000 * units[row, 'probability']) / 1000:g} is below {rules.probability.minimum:g}"
        faults.setdefault(row, []).append(_Fault("", None, "probability", reason))
    if rules.empty.enabled:
        for row in units.with_row_index("row").filter(pl.col("variants").list.len() < 2)["row"]:
            faults.setdefault(row, []).append(_Fault("", None, "empty", "one language only"))
    return _verdicts(units, faults)


def _note(faults: dict[int, list[_Fault]], found: pl.DataFrame) -> None:
    for row, *fault in found.select("row", *_Fault._fields).iter_rows():
        faults.setdefault(row, []).append(_Fault(*fault))


def _improbable(units: pl.DataFrame, texts: pl.DataFrame, rules: Rules) -> Sequence[int]:
    """Return the rows of units that are probably misaligned."""
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
    """Yield the languages whose texts are removed, each with the fault that is the reason."""
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
