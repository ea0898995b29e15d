"""Changed bytes in the tables of a memory and in their logs."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from hexapla.errors import DamagedMemory
from hexapla.memory.storage.checksums import check_files
from hexapla.memory.storage.log_checks import LogChecks
from hexapla.memory.storage.store import VersionedTable


@pytest.fixture
def table(tmp_path: Path) -> VersionedTable:
    """A table of two commits."""
    table = VersionedTable.create(tmp_path / "table", {"text": pl.String}, {"operation": "create"})
    for text in ("Each morning", "Each evening"):
        table.append([pl.DataFrame({"text": [text] * 40})], {"operation": "add"})
    return table


def change(file: Path, chance: random.Random) -> bytes:
    """Change one bit of a file; return what it was."""
    whole = file.read_bytes()
    place = chance.randrange(len(whole))
    file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
    return whole


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_byte_in_a_table_is_seen_before_rows_are_read(table: VersionedTable, seed: int) -> None:
    """The check before reading names the file, and so does the check of every byte."""
    chance = random.Random(seed)
    check_files(table.state().files)
    file = chance.choice(table.state().files)
    change(file, chance)
    with pytest.raises(DamagedMemory, match=f"{file.name}.*differs from what was written"):
        check_files(table.state().files)
    assert [path for path, _ in table.damaged()] == [file]


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_byte_in_the_log_is_seen_before_a_version_is_read(table: VersionedTable, seed: int) -> None:
    """Opening a version names the damaged file of the log, and so does the check of every byte."""
    chance = random.Random(seed)
    file = chance.choice(sorted((table.path / "_delta_log").glob("*.json")))
    whole = change(file, chance)
    with pytest.raises(DamagedMemory, match=f"{file.name}.*backup"):
        VersionedTable(table.path).state()
    assert [path for path, _ in VersionedTable(table.path).damaged()] == [file]
    file.write_bytes(whole)
    assert list(VersionedTable(table.path).damaged()) == []


def test_changed_checksums_of_a_log_do_no_harm(table: VersionedTable) -> None:
    """A damaged line is found, ignored by readers, and written again with the next commit."""
    file = table.path / "_log_checks"
    change(file, random.Random(1))
    assert [path for path, _ in table.damaged()] == [file]
    assert table.state().version == 2
    table.append([pl.DataFrame({"text": ["Each noon"]})], {"operation": "add"})
    assert list(table.damaged()) == []


def test_checksums_that_a_killed_writer_left_out_are_added(table: VersionedTable) -> None:
    """The newest commit may have no checksum in the log, and gets one from the next writer."""
    file = table.path / "_log_checks"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-1]))
    assert table.state().version == 2
    assert list(table.damaged()) == []
    LogChecks(table.path).record()
    assert file.read_text().splitlines(keepends=True) == lines


@pytest.mark.slow
def test_a_damaged_checkpoint_is_named_and_can_be_removed(table: VersionedTable) -> None:
    """After a hundred commits the log has a checkpoint, whose changed bytes are seen."""
    for k in range(100):
        table.append([pl.DataFrame({"text": [str(k)]})], {"operation": "add"})
    log = table.path / "_delta_log"
    (checkpoint,) = log.glob("*.checkpoint.parquet")
    for file in (checkpoint, log / "_last_checkpoint"):
        whole = change(file, random.Random(3))
        assert [path for path, _ in table.damaged()] == [file]
        file.write_bytes(whole)
    change(checkpoint, random.Random(4))
    with pytest.raises(DamagedMemory, match=r"checkpoint\.parquet.*remove it"):
        table.state()
    checkpoint.unlink()
    (log / "_last_checkpoint").unlink()
    assert len(table.state().files) == 102
    assert list(table.damaged()) == []
