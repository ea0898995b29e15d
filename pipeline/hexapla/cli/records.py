"""What the commands on a memory print for programs: plain dictionaries with stable keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hexapla.compare.placeables import Repaired
    from hexapla.matches import Match
    from hexapla.memory.cleaning.faulty_units import RuleViolation
    from hexapla.memory.reports import Commit, Info
    from hexapla.memory.search.concordance import Hit
    from hexapla.units import Change, Unit


def unit_record(unit: Unit) -> dict[str, Any]:
    """A unit: what it is, where it stands, what its texts are and what aligned it."""
    return {
        "unit": unit.id,
        "document": unit.document,
        "symbol": unit.symbol,
        "level": unit.level,
        "kind": unit.kind,
        "number": unit.number,
        "status": unit.status.value,
        "probability": round(unit.probability, 4),
        "sources": list(unit.sources),
        "texts": unit.texts,
        "signature": {"hexapla": unit.aligner, "model": unit.model, "model_hash": unit.model_hash},
    }


def match_record(match: Match) -> dict[str, Any]:
    """A match of a look-up; stretches of text are pairs of offsets in characters."""
    return {
        "match": match.kind.value,
        "percentage": match.percentage,
        "band": match.band or None,
        "cosine": None if match.cosine is None else round(match.cosine, 4),
        "penalty": round(match.penalty, 2),
        "language": match.language,
        "source": match.source,
        "targets": {language: _target_record(target) for language, target in match.targets.items()},
        "differences": {
            "query": [list(span) for span in match.differences.query],
            "source": [list(span) for span in match.differences.source],
        },
        "through": list(match.through),
        "same": list(match.same),
        **unit_record(match.unit),
    }


def _target_record(target: Repaired) -> dict[str, Any]:
    return {
        "text": target.text,
        "substitutions": [
            {"start": each.start, "end": each.end, "before": each.before, "after": each.after}
            for each in target.substitutions
        ],
        "missing": list(target.missing),
    }


def finding_record(finding: RuleViolation) -> dict[str, Any]:
    """What a rule of cleaning found."""
    return {
        "unit": finding.unit,
        "rule": finding.rule,
        "reason": finding.reason,
        "whole": finding.whole,
        "languages": list(finding.languages),
        "other": finding.other,
        "texts": dict(finding.texts),
    }


def change_record(change: Change) -> dict[str, Any]:
    """How a unit differs between two versions."""
    before, after = change.before, change.after
    return {
        "unit": change.id,
        "change": "added" if before is None else "removed" if after is None else "changed",
        "before": unit_record(before) if before else None,
        "after": unit_record(after) if after else None,
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """A hit of a concordance; stretches of text are pairs of offsets in characters."""
    return {
        "language": hit.language,
        "text": hit.text,
        "hits": [list(span) for span in hit.spans],
        "targets": dict(hit.targets),
        "previous": hit.previous,
        "following": hit.following,
        "same": list(hit.same),
        **unit_record(hit.unit),
    }


def info_record(info: Info) -> dict[str, Any]:
    """What a memory holds."""
    return {
        **asdict(info),
        "created": info.created.isoformat(),
        "languages": {
            each.language: {"texts": each.texts, "index": each.kind, "reason": each.reason}
            for each in info.languages
        },
    }


def commit_record(commit: Commit) -> dict[str, Any]:
    """A version of a memory."""
    return {**asdict(commit), "time": commit.time.isoformat(timespec="seconds")}
