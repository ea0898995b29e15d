"""The contract of all output formats."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from hexapla.errors import OutputError
from hexapla.formats.protocols import WriteOptions
from hexapla.formats.registry import ROW_SUFFIXES, check_outputs, write_alignment
from support_alignment import make_alignment, make_row

ODD = "A “quote” & <tag> \u200f؟ 🙂 x" + "é" * 10_000
ALIGNMENT = make_alignment(
    [
        make_row({"zh": "大会，", "en": "The General Assembly,"}, 0),
        make_row({"zh": "奇怪的文字。", "en": ODD}, 1),
        make_row({"en": "A paragraph of its own."}, 2),
    ],
    ("zh", "en"),
)


def content(path: Path) -> bytes:
    """Return the bytes of an output, unpacked."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.mark.parametrize("suffix", ROW_SUFFIXES)
def test_written_whole_in_utf_8(suffix: str, tmp_path: Path) -> None:
    """A format writes UTF-8, replaces an older file, and leaves no other file."""
    path = tmp_path / f"out{suffix}"
    path.write_text("an older output")

    count = write_alignment(ALIGNMENT, path, WriteOptions())

    assert count > 0
    assert "an older output" not in content(path).decode("utf-8")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", ROW_SUFFIXES)
def test_missing_folder_is_refused_early(suffix: str, tmp_path: Path) -> None:
    """An output whose folder is missing is refused by the early check, with the folder's name."""
    with pytest.raises(OutputError, match="nowhere"):
        check_outputs([tmp_path / "nowhere" / f"out{suffix}"])


@pytest.mark.parametrize("suffix", ROW_SUFFIXES)
def test_older_output_is_kept_when_writing_fails(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk is full, the older output stays unchanged."""
    path = tmp_path / f"out{suffix}"
    path.write_text("an older output")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(OutputError, match="disk is full"):
        write_alignment(ALIGNMENT, path, WriteOptions())
    assert path.read_text() == "an older output"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
