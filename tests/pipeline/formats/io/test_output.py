"""Outputs are written whole or not at all, and unusable paths are refused before the work starts."""

from __future__ import annotations

import gzip
import os
import resource
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hexapla.errors import OutputError
from hexapla.formats.io.output import check_output, open_output, output_suffix

SUFFIXES = (".tmx", ".tmx.gz", ".jsonl", ".html", ".beads")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep files of this process from growing beyond 10 kB, as on a full disk; no bytecode is written meanwhile."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def folder_content(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["rows.jsonl", "决议 草案.html", "é.tmx", "a.b.tmx"])
def test_output_holds_what_was_written(tmp_path: Path, name: str) -> None:
    """A block that ends normally leaves the bytes under the name, and nothing else in the folder."""
    with open_output(tmp_path / name) as stream:
        stream.write(b"one\n")
        assert folder_content(tmp_path) != [name]
        stream.write(b"two\n")
    assert (tmp_path / name).read_bytes() == b"one\ntwo\n"
    assert folder_content(tmp_path) == [name]


@pytest.mark.parametrize("name", ["rows.tmx.gz", "ROWS.TMX.GZ"])
def test_compressed_output_is_the_same_every_time(tmp_path: Path, name: str) -> None:
    """A gzip header contains neither time nor file name."""
    copies = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        with open_output(folder / name) as stream:
            stream.write("联合国".encode())
        copies.append((folder / name).read_bytes())
    assert copies[0] == copies[1]
    assert gzip.decompress(copies[0]).decode() == "联合国"
    assert copies[0][4:8] == b"\0\0\0\0"


@pytest.mark.parametrize("error", [ValueError("broken"), KeyboardInterrupt()])
@pytest.mark.parametrize("name", ["rows.jsonl", "rows.tmx.gz"])
def test_older_output_is_kept_when_writing_breaks_off(
    tmp_path: Path, name: str, error: BaseException
) -> None:
    """An error or an interrupt leaves the older file unchanged, and no half-written one."""
    (tmp_path / name).write_bytes(b"older")
    with pytest.raises(type(error)), open_output(tmp_path / name) as stream:
        stream.write(b"newer")
        raise error
    assert (tmp_path / name).read_bytes() == b"older"
    assert folder_content(tmp_path) == [name]


@pytest.mark.parametrize("older", [None, b"older"])
@pytest.mark.parametrize("name", ["rows.jsonl", "rows.tmx.gz"])
@pytest.mark.usefixtures("full_disk")
def test_full_disk(tmp_path: Path, name: str, older: bytes | None) -> None:
    """A full disk gives an error that says what to do, keeps an older file and leaves no other."""
    path = tmp_path / name
    if older:
        path.write_bytes(older)
    with pytest.raises(OutputError) as caught, open_output(path) as stream:
        for _ in range(100):
            stream.write(os.urandom(1000))
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "choose a folder on another disk" in message
    assert ("the older file is unchanged" if older else "nothing was written") in message
    assert folder_content(tmp_path) == ([name] if older else [])
    assert not older or path.read_bytes() == older


def test_full_disk_at_the_last_byte(tmp_path: Path, full_disk: None) -> None:
    """A write that only fails when the buffer is flushed at the end is an error too."""
    with pytest.raises(OutputError), open_output(tmp_path / "rows.jsonl") as stream:
        stream.write(b"x" * 10_001)
    assert folder_content(tmp_path) == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("none/rows.tmx", ["none does not exist", "create it"]),
        ("file/rows.tmx", ["file is not a folder"]),
        ("folder.tmx", ["this is a folder", "name of a file"]),
        ("pipe.tmx", ["device or pipe"]),
        ("x" * 250 + ".tmx.gz", ["name is too long"]),
    ],
)
def test_paths_where_nothing_can_be_written(tmp_path: Path, place: str, words: list[str]) -> None:
    """An unusable path is refused, and the message says what is wrong and what to do."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder.tmx").mkdir()
    os.mkfifo(tmp_path / "pipe.tmx")
    with pytest.raises(OutputError) as caught, open_output(tmp_path / place):
        pass
    assert str(tmp_path / place) in str(caught.value)
    assert all(word in str(caught.value) for word in words)
    with pytest.raises(OutputError):
        check_output(tmp_path / place, SUFFIXES)
    assert folder_content(tmp_path) == ["file", "folder.tmx", "pipe.tmx"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("closed", ["folder", "file"])
def test_path_without_permission(tmp_path: Path, closed: str) -> None:
    """A folder or an older file that is not writable is refused before the work starts."""
    path = tmp_path / "rows.tmx"
    path.write_bytes(b"older")
    target = tmp_path if closed == "folder" else path
    mode = stat.S_IMODE(target.stat().st_mode)
    target.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="you may not write there"):
            check_output(path, SUFFIXES)
    finally:
        target.chmod(mode)


@pytest.mark.parametrize("name", ["rows.xlsx", "rows", "tmx", ".tmx", "rows.tmx.zip", "rows.gz"])
def test_unknown_suffix(tmp_path: Path, name: str) -> None:
    """A name without a known suffix is refused with a list of the known ones."""
    with pytest.raises(OutputError, match=r"\.beads, \.html, \.jsonl, \.tmx, \.tmx\.gz"):
        check_output(tmp_path / name, SUFFIXES)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.tmx", ".tmx"), ("a.tmx.gz", ".tmx.gz"), ("A.TMX", ".tmx"), ("a.tmx.jsonl", ".jsonl")],
)
def test_suffix_determines_the_format(tmp_path: Path, name: str, suffix: str) -> None:
    """The longest suffix counts, in upper or lower case; checking a usable path leaves no trace."""
    assert output_suffix(Path(name), SUFFIXES) == suffix
    check_output(tmp_path / name, SUFFIXES)
    assert folder_content(tmp_path) == []


def test_link_and_mode_are_kept(tmp_path: Path) -> None:
    """Writing through a symbolic link changes the file that it points to, which keeps its mode."""
    target = tmp_path / "target.tmx"
    target.write_bytes(b"older")
    target.chmod(0o640)
    link = tmp_path / "link.tmx"
    link.symlink_to(target)
    with open_output(link) as stream:
        stream.write(b"newer")
    assert link.is_symlink()
    assert target.read_bytes() == b"newer"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
