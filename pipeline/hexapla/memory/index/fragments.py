"""Derived data: parts of a memory laid out for look-up, made from its tables and safe to delete at any moment.

Each part covers some Parquet files of the table of units. A version is answered by parts whose files it has and by the
rest of its files held in memory; when the rest grows, it becomes a part, and parts of like size become one, as in a
log-structured merge tree (O'Neil et al., 1996).
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from weakref import finalize

import polars as pl

from hexapla.memory.index.fragment_layout import Complete, open_part, part_in_memory, write_part
from hexapla.memory.index.fragment_manifest import (
    FORMAT,
    LOCK,
    STAMP,
    Held,
    Stamp,
    checks_of,
    remove_unused,
)
from hexapla.memory.index.snapshot import Part
from hexapla.memory.storage.files import explained, read_files
from hexapla.memory.storage.flat_files import INDEX, Texts, language_folder
from hexapla.memory.storage.store import State
from hexapla.memory.storage.vectors import VectorStore
from hexapla.progress import Progress

IN_MEMORY = 1000  # rows of the log that need no index
KEPT = "the units are whole, but cannot be looked up without these files"

BuildIndex = Callable[[Path, Texts, Progress], None]
Opened = tuple[Stamp, Part]


class Derived:
    """The derived data of a memory.

    Args:
        folder: where it is kept; made when something is to be kept.
        vectors: of the memory.
        encoder: hash of the memory's encoder.
        build_index: writes the index of the texts of a language into an empty folder.
        complete: makes vectors that are missing.
        lasting: whether what is made is kept for others; what an old version needs is not.
    """

    def __init__(
        self,
        folder: Path,
        vectors: VectorStore,
        encoder: str,
        build_index: BuildIndex,
        complete: Complete,
        *,
        lasting: bool = True,
    ) -> None:
        self._folder, self._vectors, self._encoder = folder, vectors, encoder
        self._build_index, self._complete = build_index, complete
        self._lasting = lasting
        self._temporary: _Temporary | None = None
        self._opened: dict[Path, Opened] = {}

    def parts(self, state: State, progress: Progress) -> tuple[Part, ...]:
        """The parts that make a version, made where they are missing, old or damaged.

        Args:
            state: the version.
            progress: told how far the work is.

        Returns:
            Parts, older ones first, with the units that later ones replace hidden.

        Raises:
            DamagedMemory: files that the parts are to be made of are damaged.
        """
        names = {file.name: file for file in state.files}
        chain = self._chain(frozenset(names))
        log = read_files(_uncovered(chain, names))
        if not len(log):
            return _layered([part for _, part in chain])
        least = int(log["change"].min())  # type: ignore[arg-type]
        mixed = least <= max((stamp.last_change for stamp, _ in chain), default=-1)
        if not mixed and len(log) <= IN_MEMORY:
            return _layered([*(part for _, part in chain), part_in_memory(log, self._vectors)])
        kept = chain[: 0 if mixed else _kept(chain, len(log))]
        made = self._build(State(state.version, tuple(_uncovered(kept, names))), progress)
        return _layered([*(part for _, part in kept), made])

    def rebuild(self, state: State, progress: Progress) -> tuple[Part, ...]:
        """One part for all of a version, in the place of whatever is there."""
        part = self._build(state, progress)
        for folder in self._folders():
            if folder != part.folder:
                self._opened.pop(folder, None)
                (folder / STAMP).unlink(
                    missing_ok=True
                )  # who uses it may go on, but nobody opens it any more
                remove_unused(folder)
        return (part,)

    def cover(self, part: Part, state: State) -> None:
        """Say that a part covers the files of a version that holds the same units.

        Args:
            part: that covers all units, and lies in files.
            state: the version.
        """
        assert part.folder is not None
        names = tuple(file.name for file in state.files)
        stamp = replace(self._opened[part.folder][0], version=state.version, files=names)
        with explained(self._folder, KEPT):
            stamp.write(part.folder)
        self._opened[part.folder] = stamp, part

    def clean(self, state: State) -> None:
        """Remove what neither a version nor anybody else needs.

        Args:
            state: the newest version.
        """
        used = {part.folder for _, part in self._chain(frozenset(file.name for file in state.files))}
        for folder in self._folders():
            if folder not in used:
                self._opened.pop(folder, None)
                remove_unused(folder)

    def damaged(self) -> Iterator[Path]:
        """Files of parts that are damaged or missing, each byte of them read."""
        for folder in self._folders():
            stamp = Stamp.read(folder)
            yield from stamp.damaged(folder) if stamp else ()

    def _folders(self) -> list[Path]:
        places = [self._folder, *([self._temporary.path] if self._temporary else [])]
        return [
            each for place in places if place.is_dir() for each in sorted(place.iterdir()) if each.is_dir()
        ]

    def _chain(self, names: frozenset[str]) -> list[Opened]:
        """Parts that cover different files of these, the largest first, in order of their changes."""
        found = []
        for folder in self._folders():
            stamp = self._stamp(folder)
            if stamp is not None and stamp.encoder == self._encoder and names >= set(stamp.files):
                found.append((stamp, folder))
        chain: list[Opened] = []
        for stamp, folder in sorted(found, key=lambda each: (-each[0].rows, each[1])):
            apart = all(_apart(stamp, other) for other, _ in chain)
            if apart and (opened := self._open(stamp, folder)):
                chain.append(opened)
        return sorted(chain, key=lambda each: each[0].first_change)

    def _stamp(self, folder: Path) -> Stamp | None:
        """What a part covers, which another process may have said anew; one in use may be gone for others."""
        stamp, opened = Stamp.read(folder), self._opened.get(folder)
        if opened is None:
            return stamp
        if stamp is not None:
            self._opened[folder] = stamp, opened[1]
        return self._opened[folder][0]

    def _open(self, stamp: Stamp, folder: Path) -> Opened | None:
        """A part in use, or None if it is gone or damaged."""
        if folder not in self._opened:
            try:
                held = Held(folder)
                if not stamp.fits(folder):
                    return None
                self._opened[folder] = stamp, open_part(folder, stamp.languages, (held, self._temporary))
            except (OSError, ValueError):
                return None
        return self._opened[folder]

    def _build(self, state: State, progress: Progress) -> Part:
        log = read_files(state.files)
        with explained(self._folder, KEPT):
            place = self._writable()
            folder = place / f"{state.version:012d}-{secrets.token_hex(4)}"
            folder.mkdir()
            (folder / LOCK).touch()
            held = Held(folder, complete=False)
            try:
                stamp = self._fill(folder, state, log, progress)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        self._opened[folder] = stamp, open_part(folder, stamp.languages, (held, self._temporary))
        return self._opened[folder][1]

    def _fill(self, folder: Path, state: State, log: pl.DataFrame, progress: Progress) -> Stamp:
        """Write the files of a part, its stamp last."""
        languages = write_part(folder, log, self._vectors, self._complete, progress)
        for language in languages:
            place = language_folder(folder, language)
            (place / INDEX).mkdir()
            self._build_index(place / INDEX, Texts.open(place, language), progress)
        changes = log["change"]
        stamp = Stamp(
            FORMAT,
            state.version,
            tuple(file.name for file in state.files),
            self._encoder,
            len(log),
            int(changes.min() or 0),  # type: ignore[arg-type]
            int(changes.max() or 0),  # type: ignore[arg-type]
            languages,
            checks_of(folder),
        )
        stamp.write(folder)
        return stamp

    def _writable(self) -> Path:
        """Where parts can be written: beside the tables, else in a temporary folder."""
        with suppress(OSError):
            if self._lasting:
                self._folder.mkdir(exist_ok=True)
                if os.access(self._folder, os.W_OK):
                    return self._folder
        if self._temporary is None:
            self._temporary = _Temporary()
        return self._temporary.path


class _Temporary:
    """A folder that lasts as long as those who use it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="hexapla-"))
        finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def _uncovered(chain: Sequence[Opened], names: Mapping[str, Path]) -> list[Path]:
    """Files that no part covers."""
    covered = {name for stamp, _ in chain for name in stamp.files}
    return [file for name, file in names.items() if name not in covered]


def _apart(one: Stamp, other: Stamp) -> bool:
    """Whether all changes of one part come before those of the other, and they share no file."""
    ordered = one.last_change < other.first_change or other.last_change < one.first_change
    return ordered and not set(one.files) & set(other.files)


def _kept(chain: Sequence[Opened], rows: int) -> int:
    """How many parts stay as they are when rows are added: those that are more than twice as large as all after."""
    kept = len(chain)
    while kept and chain[kept - 1][0].rows <= 2 * rows:
        kept -= 1
        rows += chain[kept][0].rows
    return kept


def _layered(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Parts with what later ones replace or remove hidden."""
    layered = list(parts)
    for later in range(1, len(layered)):
        for earlier in range(later):
            layered[earlier] = layered[earlier].hiding(layered[later].claims)
    return tuple(layered)
