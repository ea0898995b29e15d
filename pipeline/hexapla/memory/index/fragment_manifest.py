"""Stamps: what a fragment of the derived data covers, and how its files are known to be whole."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from hexapla.memory.storage.files import checksum
from hexapla.memory.storage.locks import flock

FORMAT = 3  # of the files of a fragment; those of another are made again
MANIFEST, LOCK = "stamp.json", "lock"
END = 1 << 16  # bytes at both ends of a file that are checked on opening


@dataclass(frozen=True, slots=True)
class FragmentManifest:
    """What a fragment covers, and how its files are known to be whole.

    Attributes:
        format: FORMAT of the release that wrote it.
        version: of the table of units for which it was made.
        files: names of the Parquet files that it covers.
        encoder: hash of the encoder of its vectors.
        rows: rows of the log in these files.
        first_change: smallest change in them.
        last_change: greatest change in them.
        languages: number of texts by language tag.
        checks: by name of a file, its bytes, the CRC-32 of its ends, and the CRC-32 of all of it.
    """

    format: int
    version: int
    files: tuple[str, ...]
    encoder: str
    rows: int
    first_change: int
    last_change: int
    languages: Mapping[str, int]
    checks: Mapping[str, tuple[int, int, int]]

    @classmethod
    def read(cls, folder: Path) -> FragmentManifest | None:
        """The manifest of a fragment, or None if it has none that this release understands."""
        try:
            fields: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            return cls(**{**fields, "files": tuple(fields["files"])}) if fields["format"] == FORMAT else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, folder: Path) -> None:
        """Write the manifest, or put it in the place of the one that is there, at once."""
        partial = folder / f"{MANIFEST}.{secrets.token_hex(4)}"
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / MANIFEST)

    def fits(self, folder: Path) -> bool:
        """Whether the files of the fragment are there, of the right size and with the right ends."""
        for name, (size, ends, _) in self.checks.items():
            path = folder / name
            if path.stat().st_size != size:
                return False
            with path.open("rb") as file:
                if _ends(file) != ends:
                    return False
        return True

    def damaged(self, folder: Path) -> Iterator[Path]:
        """Files of the fragment that are damaged or missing; each byte is read."""
        for name, (size, _, whole) in self.checks.items():
            path = folder / name
            try:
                if path.stat().st_size != size or checksum(path) != whole:
                    yield path
            except OSError:
                yield path


class FragmentLock:
    """A fragment that is in use: nobody removes its files meanwhile.

    Args:
        folder: of the fragment.
        complete: whether it has its manifest already.

    Raises:
        OSError: it is gone.
    """

    def __init__(self, folder: Path, *, complete: bool = True) -> None:
        self._lock = (folder / LOCK).open("rb")
        flock(self._lock, exclusive=False)
        if complete and not (folder / MANIFEST).exists():
            raise FileNotFoundError(folder)

    def __del__(self) -> None:
        if hasattr(self, "_lock"):
            self._lock.close()


def remove_unused(folder: Path) -> None:
    """Remove a fragment, or what a killed process left of one, unless somebody uses it.

    Args:
        folder: of the fragment.
    """
    lock = folder / LOCK
    if not lock.exists() and not (folder / MANIFEST).exists():
        return  # somebody may be about to build here
    with suppress(OSError):
        with lock.open("rb") if lock.exists() else nullcontext() as file:
            if file:
                flock(file, exclusive=True)
            (folder / MANIFEST).unlink(missing_ok=True)  # first, so that nobody opens what is left
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)  # Windows keeps a file that is open, as the lock was


def checks_of(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Flush the files of a fragment to the disk.

    Args:
        folder: of the fragment.

    Returns:
        By name of each file, its bytes, the CRC-32 of its ends, and the CRC-32 of all of it.
    """
    checks = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != LOCK:
            with path.open("rb") as file:
                os.fsync(file.fileno())
                name = path.relative_to(folder).as_posix()
                checks[name] = (path.stat().st_size, _ends(file), checksum(path))
    return checks


def _ends(file: IO[bytes]) -> int:
    """CRC-32 of the first and last bytes of a file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    check = zlib.crc32(file.read(END))
    file.seek(max(0, size - END))
    return zlib.crc32(file.read(END), check)
