"""What a memory gives as dictionaries of JSON types, with stable keys: for --json and for servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexapla.rows import DOUBTFUL_BELOW, Alignment
from hexapla.unit_records import record_of

if TYPE_CHECKING:
    from hexapla.memory.cleaning.faulty_units import RuleViolation
    from hexapla.memory.reports import Commit, Info
    from hexapla.memory.search.hits import Hit, Rendering
    from hexapla.units import Change


def alignment_record(alignment: Alignment, written: Mapping[Path, int]) -> dict[str, Any]:
    """Return the summary of an alignment.

    Args:
        alignment: the rows.
        written: units or rows written, by output.

    Returns:
        Languages, symbol, counts by level, outputs, warnings and the signature.
    """
    levels = {}
    for level in dict.fromkeys(row.level for row in alignment.rows):
        rows = [row for row in alignment.rows if row.level is level and any(row.texts.values())]
        levels[str(level)] = {
            "rows": len(rows),
            "complete": sum(len(row.texts) == len(alignment.languages) for row in rows),
            "unaligned": sum(not row.aligned for row in rows),
            "doubtful": sum(row.aligned and row.probability < DOUBTFUL_BELOW for row in rows),
            "moved": sum(row.moved for row in rows),
        }
    signature = alignment.signature
    warnings = [warning for document in alignment.documents for warning in document.warnings]
    warnings += [
        f"{output} holds no units: no row has text in two of its languages and the requested probability. "
        "Look at the rows in a .html output."
        for output, count in written.items()
        if count == 0 and output.name.lower().endswith((".tmx", ".tmx.gz"))
    ]
    return {
        "languages": list(alignment.languages),
        "symbol": alignment.symbol,
        "rows": levels,
        "outputs": {str(output): count for output, count in written.items()},
        "warnings": warnings,
        "signature": {
            "hexapla": signature.version,
            "model": signature.model,
            "model_hash": signature.model_hash,
            "parameters": dict(signature.parameters),
        },
    }


def violation_record(violation: RuleViolation) -> dict[str, Any]:
    """Return what a rule of cleaning found."""
    return {
        "unit": violation.unit,
        "rule": violation.rule,
        "reason": violation.reason,
        "whole": violation.whole,
        "languages": list(violation.languages),
        "other": violation.other,
        "texts": dict(violation.texts),
    }


def change_record(change: Change) -> dict[str, Any]:
    """Return how a unit differs between two memory versions."""
    before, after = change.before, change.after
    return {
        "id": change.id,
        "change": "added" if before is None else "removed" if after is None else "changed",
        "before": record_of(before) if before else None,
        "after": record_of(after) if after else None,
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return a hit of a concordance; stretches of text are pairs of offsets in characters."""
    return {
        "language": hit.language,
        "text": hit.text,
        "hits": [list(span) for span in hit.spans],
        "targets": dict(hit.targets),
        "previous": hit.previous,
        "following": hit.following,
        "same": list(hit.same),
        "years": list(hit.years),
        "unit": record_of(hit.unit),
    }


def hit_rows(hits: Sequence[Hit]) -> tuple[Sequence[str], list[Sequence[str | int]]]:
    """Return hits as a table.

    Args:
        hits: the hits.

    Returns:
        The names of the columns, among them the tags of the languages, and the rows.
    """
    languages = list(dict.fromkeys(tag for hit in hits for tag in (hit.language, *hit.targets)))
    columns = ["unit", "document", "status", "units", *languages, "previous", "following"]
    return columns, [_hit_row(hit, languages) for hit in hits]


def _hit_row(hit: Hit, languages: Sequence[str]) -> Sequence[str | int]:
    texts = {**hit.targets, hit.language: hit.text}
    unit = hit.unit
    start = (unit.id, unit.document, unit.status.value, 1 + len(hit.same))
    return (
        *start,
        *(texts.get(tag, "") for tag in languages),
        hit.previous or "",
        hit.following or "",
    )


def rendering_rows(renderings: Sequence[Rendering]) -> tuple[Sequence[str], list[Sequence[str | int]]]:
    """Return translations as a table: names of the columns, and rows."""
    columns = ("language", "translation", "units", "first year", "last year")
    rows: list[Sequence[str | int]] = [
        (each.language, each.text, each.count, *((each.years[0], each.years[-1]) if each.years else ("", "")))
        for each in renderings
    ]
    return columns, rows


def info_record(info: Info) -> dict[str, Any]:
    """Return what a memory holds."""
    return {
        **asdict(info),
        "created": info.created.isoformat(),
        "languages": {
            each.language: {"texts": each.texts, "index": each.kind, "reason": each.reason}
            for each in info.languages
        },
    }


def commit_record(commit: Commit) -> dict[str, Any]:
    """Return a memory version."""
    return {**asdict(commit), "time": commit.time.isoformat(timespec="seconds")}
