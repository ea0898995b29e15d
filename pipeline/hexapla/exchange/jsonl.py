"""JSON lines: every row of an alignment, one JSON object a line, for programs."""

from __future__ import annotations

import json
from pathlib import Path

from hexapla.exchange.output import open_output
from hexapla.rows import Alignment, Row


def write_jsonl(alignment: Alignment, path: Path) -> int:
    """Write every row, aligned or not, as one JSON object a line (UTF-8, no ASCII escapes).

    The keys are id, level, kind, number, probability (4 decimal places), texts and segments (by language tag,
    in the order the languages were given; segments count from 0), symbol and moved.

    Args:
        alignment: the rows.
        path: the output.

    Returns:
        The number of rows written.

    Raises:
        OutputError: the output cannot be written.
    """
    with open_output(path) as stream:
        for row in alignment.rows:
            line = json.dumps(_record(row), ensure_ascii=False) + "\n"
            # A lone surrogate has no UTF-8 form; its backslash form is the JSON escape for it.
            stream.write(line.encode("utf-8", errors="backslashreplace"))
    return len(alignment.rows)


def _record(row: Row) -> dict[str, object]:
    """Return the row as JSON types."""
    return {
        "id": row.id,
        "level": row.level.value,
        "kind": row.kind,
        "number": row.number,
        "probability": round(row.probability, 4),
        "texts": dict(row.texts),
        "segments": {language: list(indices) for language, indices in row.segments.items()},
        "symbol": row.symbol,
        "moved": row.moved,
    }
