"""The manifest of a fragment: what it covers, and checksums of its files."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from hexapla.memory.storage.checksums import checksum
from hexapla.memory.storage.files import replace_file
from hexapla.memory.storage.locks import flock
from hexapla.memory.storage.small_files import FRAGMENT_MANIFEST

FORMAT = 7  # of the files of a fragment; fragments of other formats are made again
MANIFEST, LOCK = FRAGMENT_MANIFEST, "lock"
CHECK = "check"  # field of the manifest with the CRC-32 of the others
END = 1 << 16  # bytes at both ends of a file that are checked on opening
# checked whole on opening, as they say which units are valid and which texts are theirs; texts are checked when read
WHOLE = (
    "claims.npy",
    "documents.json",
    "identities.npy",
    "trust.npy",
    "unit_rows.npy",
    "vector_files.json",
    "vector_places.npy",
)


@dataclass(frozen=True, slots=True)
class FragmentManifest:
    """What a fragment covers, and checksums of its files.

    Attributes:
        format: FORMAT of the release that wrote the fragment.
        version: version of the table of units for which it was made.
        files: names of the Parquet files that it covers.
        encoder: hash of the encoder of its vectors.
        rows: number of rows of the log in these files.
        first_change: smallest change number in them.
        last_change: greatest change number in them.
        languages: number of texts by language tag.
        checks: by file name, the size in bytes, the CRC-32 of both ends, and the CRC-32 of the whole file.
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
        """Read the manifest of a fragment; None if it has none that this release understands."""
        try:
            fields = _fields(folder)
            return cls(**{**fields, "files": tuple(fields["files"])}) if fields["format"] == FORMAT else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    @staticmethod
    def is_damaged(folder: Path) -> bool:
        """Return whether a fragment has a manifest that differs from what was written."""
        try:
            _fields(folder)
        except ValueError:
            return True
        except OSError:
            return False
        return False

    def write(self, folder: Path) -> None:
        """Write the manifest, replacing an older one in a single step."""
        replace_file(folder / MANIFEST, _text_of(asdict(self)))

    def unfit(self, folder: Path) -> Path | None:
        """Return the first file that is missing, or has another size, other ends or, if read whole, other bytes."""
        for name, (size, ends, whole) in self.checks.items():
            path = folder / name
            try:
                if path.stat().st_size != size:
                    return path
                if path.name in WHOLE:
                    if checksum(path) != whole:
                        return path
                    continue
                with path.open("rb") as file:
                    if _ends(file) != ends:
                        return path
            except OSError:
                return path
        return None

    def damaged(self, folder: Path) -> Iterator[Path]:
        """Read every byte of the fragment; yield the files that are damaged or missing."""
        for name, (size, _, whole) in self.checks.items():
            path = folder / name
            try:
                if path.stat().st_size != size or checksum(path) != whole:
                    yield path
            except OSError:
                yield path


class FragmentLock:
    """A shared lock on a fragment: as long as it exists, no process removes the files.

    Args:
        folder: folder of the fragment.
        complete: whether the fragment must have its manifest.

    Raises:
        OSError: the fragment is gone.
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
    """Remove a fragment, or what a killed process left of one, unless a process is using it.

    Args:
        folder: folder of the fragment.
    """
    lock = folder / LOCK
    if not lock.exists() and not (folder / MANIFEST).exists():
        return  # another process may be about to build here
    with suppress(OSError):
        with lock.open("rb") if lock.exists() else nullcontext() as file:
            if file:
                flock(file, exclusive=True)
            (folder / MANIFEST).unlink(missing_ok=True)  # first, so that no process opens what is left
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)  # Windows keeps open files, as the lock was until now


def checks_of(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Flush the files of a fragment to disk, and compute their checksums.

    Args:
        folder: folder of the fragment.

    Returns:
        By file name, the size in bytes, the CRC-32 of both ends, and the CRC-32 of the whole file.
    """
    checks = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != LOCK:
            with path.open("rb") as file:
                os.fsync(file.fileno())
                name = path.relative_to(folder).as_posix()
                checks[name] = (path.stat().st_size, _ends(file), checksum(path))
    return checks


def _fields(folder: Path) -> dict[str, Any]:
    """Read the fields of a manifest; raise ValueError if a byte of it changed."""
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    fields = json.loads(text)
    if not isinstance(fields, dict):
        raise ValueError("it must be an object")
    if fields.pop(CHECK, None) is None and fields.get("format") != FORMAT:
        return fields  # of an earlier release
    if text != _text_of(fields):
        raise ValueError("its fields do not have their checksum")
    return fields


def _text_of(fields: Mapping[str, Any]) -> str:
    """Return the text of a manifest, with the checksum of its fields."""
    return json.dumps({**fields, CHECK: zlib.crc32(json.dumps(fields).encode())})


def _ends(file: IO[bytes]) -> int:
    """Return the CRC-32 of the first and last bytes of a file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    check = zlib.crc32(file.read(END))
    file.seek(max(0, size - END))
    return zlib.crc32(file.read(END), check)
