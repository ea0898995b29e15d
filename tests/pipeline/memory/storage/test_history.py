"""The history of a table."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from hexapla.memory.storage.store import VersionedTable


def test_commits_keep_their_numbers_while_another_process_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that is made after the log was opened does not shift the numbers of the others."""
    table = VersionedTable.create(tmp_path / "table", {"number": pl.Int64}, {"operation": "create"})
    table.append([pl.DataFrame({"number": [1]})], {"operation": "first"})
    opened = table._open()
    table.append([pl.DataFrame({"number": [2]})], {"operation": "second"})
    monkeypatch.setattr(VersionedTable, "_open", lambda self: opened)
    assert [(each["version"], each["operation"]) for each in table.history()] == [
        (2, "second"),
        (1, "first"),
        (0, "create"),
    ]
