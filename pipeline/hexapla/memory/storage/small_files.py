"""The small files of the table of units that a commit merges with its rows, so that single edits stay cheap.

The replaced files stay on disk for older versions. Files that a large fragment of derived data covers are never merged,
since the fragment would have to be made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from hexapla.memory.storage.store import TableVersion

FRAGMENT_MANIFEST = "stamp.json"
MOST_FILES = 32  # small files of a version; a commit that finds as many merges them
_SMALL = 1 << 18  # bytes of a small file, at most
_LARGE_FRAGMENT = 1000  # rows; smaller fragments are made again in no time


def mergeable(state: TableVersion, derived: Path) -> tuple[Path, ...]:
    """Return the files that the next commit should merge with its rows.

    Args:
        state: the newest version of the table of units.
        derived: folder of the derived data.

    Returns:
        The files; none as long as they are few.
    """
    if len(state.files) < MOST_FILES:
        return ()
    covered = set(_covered(derived))
    small = [file for file in state.files if file.name not in covered and file.stat().st_size <= _SMALL]
    return tuple(small) if len(small) >= MOST_FILES else ()


def _covered(derived: Path) -> Iterator[str]:
    """Yield the names of the files that large fragments cover; a manifest that cannot be read covers none."""
    for manifest in derived.glob(f"*/{FRAGMENT_MANIFEST}"):
        try:
            fields = json.loads(manifest.read_text(encoding="utf-8"))
            if fields["rows"] > _LARGE_FRAGMENT:
                yield from fields["files"]
        except (OSError, ValueError, LookupError, TypeError):
            continue
