"""Derived data: fragments of a memory laid out for look-up, made from its tables and safe to delete at any moment.

Each fragment covers some Parquet files of the table of units. A version is answered by fragments whose files it has and
by the rest of its files held in memory; when the rest grows, it becomes a fragment, and fragments of like size become
one, as in a log-structured merge tree (O'Neil et al., 1996).
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
from typing import TYPE_CHECKING
from weakref import finalize

from hexapla.lazy_module import LazyModule
from hexapla.memory.index.fragment_layout import Complete, fragment_in_memory, open_fragment, write_fragment
from hexapla.memory.index.fragment_manifest import (
    FORMAT,
    LOCK,
    MANIFEST,
    FragmentLock,
    FragmentManifest,
    checks_of,
    remove_unused,
)
from hexapla.memory.index.snapshot import Fragment
from hexapla.memory.storage.files import os_errors_as, read_files
from hexapla.memory.storage.flat_files import INDEX, Texts, language_folder
from hexapla.memory.storage.store import TableVersion
from hexapla.memory.storage.vectors import VectorStore
from hexapla.progress import Progress

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

IN_MEMORY = 1000  # rows of the log that need no index beside a fragment in files
KEPT = "the units are whole, but cannot be looked up without these files"

BuildIndex = Callable[[Path, Texts, Progress], None]
Opened = tuple[FragmentManifest, Fragment]


class DerivedData:
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

    def fragments(
        self, state: TableVersion, progress: Progress, *, keep: bool = False
    ) -> tuple[Fragment, ...]:
        """The fragments that make a version, made where they are missing, old or damaged.

        Args:
            state: the version.
            progress: progress callback.
            keep: whether the few rows of a small memory are kept as a fragment too, for those who open it later.

        Returns:
            Parts, older ones first, with the units that later ones replace hidden.

        Raises:
            DamagedMemory: files that the fragments are to be made of are damaged.
        """
        names = {file.name: file for file in state.files}
        chain = self._chain(frozenset(names))
        uncovered = _uncovered(chain, names)
        if uncovered and sum(manifest.rows for manifest, _ in chain) <= IN_MEMORY:
            chain, uncovered = [], list(names.values())  # so little is read as one
        log = read_files(uncovered) if uncovered else None
        if log is None or not len(log):
            return _layered([fragment for _, fragment in chain])
        least = int(log["change"].min())  # type: ignore[arg-type]
        mixed = least <= max((manifest.last_change for manifest, _ in chain), default=-1)
        if not chain and len(log) <= IN_MEMORY and not (keep and self._can_keep()):
            return (fragment_in_memory(log, self._vectors),)
        if chain and not mixed and len(log) <= IN_MEMORY:
            return _layered([*(fragment for _, fragment in chain), fragment_in_memory(log, self._vectors)])
        kept = chain[: 0 if mixed else _kept(chain, len(log))]
        made = self._build(TableVersion(state.version, tuple(_uncovered(kept, names))), progress)
        return _layered([*(fragment for _, fragment in kept), made])

    def rebuild(self, state: TableVersion, progress: Progress) -> tuple[Fragment, ...]:
        """One fragment for all of a version, in the place of whatever is there."""
        fragment = self._build(state, progress)
        for folder in self._folders():
            if folder != fragment.folder:
                self._opened.pop(folder, None)
                (folder / MANIFEST).unlink(
                    missing_ok=True
                )  # who uses it may go on, but nobody opens it any more
                remove_unused(folder)
        return (fragment,)

    def cover(self, fragment: Fragment, state: TableVersion) -> None:
        """Say that a fragment covers the files of a version that holds the same units.

        Args:
            fragment: that covers all units, and lies in files.
            state: the version.
        """
        assert fragment.folder is not None
        names = tuple(file.name for file in state.files)
        manifest = replace(self._opened[fragment.folder][0], version=state.version, files=names)
        with os_errors_as(self._folder, KEPT):
            manifest.write(fragment.folder)
        self._opened[fragment.folder] = manifest, fragment

    def clean(self, state: TableVersion) -> None:
        """Remove what neither a version nor anybody else needs.

        Args:
            state: the newest version.
        """
        used = {fragment.folder for _, fragment in self._chain(frozenset(file.name for file in state.files))}
        for folder in self._folders():
            if folder not in used:
                self._opened.pop(folder, None)
                remove_unused(folder)

    def damaged(self) -> Iterator[Path]:
        """Files of fragments that are damaged or missing, each byte of them read."""
        for folder in self._folders():
            manifest = FragmentManifest.read(folder)
            yield from manifest.damaged(folder) if manifest else ()

    def _folders(self) -> list[Path]:
        places = [self._folder, *([self._temporary.path] if self._temporary else [])]
        return [
            each for place in places if place.is_dir() for each in sorted(place.iterdir()) if each.is_dir()
        ]

    def _chain(self, names: frozenset[str]) -> list[Opened]:
        """Parts that cover different files of these, the largest first, in order of their changes."""
        found = []
        for folder in self._folders():
            manifest = self._manifest(folder)
            if manifest is not None and manifest.encoder == self._encoder and names >= set(manifest.files):
                found.append((manifest, folder))
        chain: list[Opened] = []
        for manifest, folder in sorted(found, key=lambda each: (-each[0].rows, each[1])):
            apart = all(_apart(manifest, other) for other, _ in chain)
            if apart and (opened := self._open(manifest, folder)):
                chain.append(opened)
        return sorted(chain, key=lambda each: each[0].first_change)

    def _manifest(self, folder: Path) -> FragmentManifest | None:
        """What a fragment covers, which another process may have said anew; one in use may be gone for others."""
        manifest, opened = FragmentManifest.read(folder), self._opened.get(folder)
        if opened is None:
            return manifest
        if manifest is not None:
            self._opened[folder] = manifest, opened[1]
        return self._opened[folder][0]

    def _open(self, manifest: FragmentManifest, folder: Path) -> Opened | None:
        """A fragment in use, or None if it is gone or damaged."""
        if folder not in self._opened:
            try:
                held = FragmentLock(folder)
                if not manifest.fits(folder):
                    return None
                self._opened[folder] = (
                    manifest,
                    open_fragment(folder, manifest.languages, (held, self._temporary)),
                )
            except (OSError, ValueError):
                return None
        return self._opened[folder]

    def _build(self, state: TableVersion, progress: Progress) -> Fragment:
        log = read_files(state.files)
        with os_errors_as(self._folder, KEPT):
            place = self._writable()
            folder = place / f"{state.version:012d}-{secrets.token_hex(4)}"
            folder.mkdir()
            (folder / LOCK).touch()
            held = FragmentLock(folder, complete=False)
            try:
                manifest = self._fill(folder, state, log, progress)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        self._opened[folder] = manifest, open_fragment(folder, manifest.languages, (held, self._temporary))
        return self._opened[folder][1]

    def _fill(
        self, folder: Path, state: TableVersion, log: pl.DataFrame, progress: Progress
    ) -> FragmentManifest:
        """Write the files of a fragment, its manifest last."""
        languages = write_fragment(folder, log, self._vectors, self._complete, progress)
        for language in languages:
            place = language_folder(folder, language)
            (place / INDEX).mkdir()
            self._build_index(place / INDEX, Texts.open(place, language), progress)
        changes = log["change"]
        manifest = FragmentManifest(
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
        manifest.write(folder)
        return manifest

    def _writable(self) -> Path:
        """Where fragments can be written: beside the tables, else in a temporary folder."""
        if self._can_keep():
            return self._folder
        if self._temporary is None:
            self._temporary = _Temporary()
        return self._temporary.path

    def _can_keep(self) -> bool:
        """Whether fragments can be kept beside the tables."""
        with suppress(OSError):
            if self._lasting:
                self._folder.mkdir(exist_ok=True)
                return os.access(self._folder, os.W_OK)
        return False


class _Temporary:
    """A folder that lasts as long as those who use it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="hexapla-"))
        finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def _uncovered(chain: Sequence[Opened], names: Mapping[str, Path]) -> list[Path]:
    """Files that no fragment covers."""
    covered = {name for manifest, _ in chain for name in manifest.files}
    return [file for name, file in names.items() if name not in covered]


def _apart(one: FragmentManifest, other: FragmentManifest) -> bool:
    """Whether all changes of one fragment come before those of the other, and they share no file."""
    ordered = one.last_change < other.first_change or other.last_change < one.first_change
    return ordered and not set(one.files) & set(other.files)


def _kept(chain: Sequence[Opened], rows: int) -> int:
    """How many fragments stay as they are when rows are added: those that are more than twice as large as all after."""
    kept = len(chain)
    while kept and chain[kept - 1][0].rows <= 2 * rows:
        kept -= 1
        rows += chain[kept][0].rows
    return kept


def _layered(fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
    """Parts with what later ones replace or remove hidden."""
    layered = list(fragments)
    for later in range(1, len(layered)):
        for earlier in range(later):
            layered[earlier] = layered[earlier].hiding(layered[later].claims)
    return tuple(layered)
