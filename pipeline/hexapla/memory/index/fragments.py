"""Derived data: fragments of a memory in a layout for look-up, made from its tables and safe to delete at any time.

Each fragment covers some Parquet files of the table of units. A version is read from the fragments whose files it
contains; its other files are held in memory. When these grow, they become a fragment, and fragments of similar size
are merged, as in a log-structured merge tree (O'Neil et al., 1996).
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
from threading import RLock
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
from hexapla.memory.storage.files import os_errors_as
from hexapla.memory.storage.flat_files import INDEX, language_folder
from hexapla.memory.storage.store import TableVersion
from hexapla.memory.storage.texts import Texts
from hexapla.memory.storage.vectors import VectorStore
from hexapla.progress import Progress

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

IN_MEMORY = 1000  # rows of the log that are searched without index files, next to fragments in files
KEPT = "the units are whole, but cannot be looked up without these files"

BuildIndex = Callable[[Path, Texts, Progress], None]
Opened = tuple[FragmentManifest, Fragment]


class DerivedData:
    """The derived data of a memory.

    Args:
        folder: folder of the fragments; created when the first one is written.
        vectors: vectors of the memory.
        encoder: hash of the memory's encoder.
        build_index: function that writes the indexes of the texts in one language into an empty folder.
        complete: function that makes missing vectors.
        lasting: whether new fragments are kept for other processes; those of an old version are not.

    Attributes:
        lock: held by a thread while it opens, makes or removes fragments.
    """

    lock: RLock

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
        self.lock = RLock()
        self._temporary: _Temporary | None = None
        self._opened: dict[Path, Opened] = {}
        self._rejected: dict[Path, Path] = {}  # by folder, the file that was found damaged

    def fragments(
        self, state: TableVersion, progress: Progress, *, keep: bool = False
    ) -> tuple[Fragment, ...]:
        """Return the fragments of a version; those that are missing, old or damaged are made again.

        Args:
            state: the version of the table of units.
            progress: progress callback.
            keep: whether to write a fragment even for the few rows of a small memory, for processes that open it later.

        Returns:
            The fragments, older ones first; units that later ones replace are hidden.

        Raises:
            DamagedMemory: files of the tables are damaged.
        """
        names = {file.name: file for file in state.files}
        chain = self._chain(frozenset(names))
        uncovered = _uncovered(chain, names)
        if uncovered and sum(manifest.rows for manifest, _ in chain) <= IN_MEMORY:
            chain, uncovered = [], list(names.values())  # so little is read as one
        log = _rows_of(uncovered) if uncovered else None
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
        """Make one fragment of a whole version, which replaces all others."""
        fragment = self._build(state, progress)
        for folder in self._folders():
            if folder != fragment.folder:
                self._opened.pop(folder, None)
                # processes that use the fragment keep it, but none can open it any more
                (folder / MANIFEST).unlink(missing_ok=True)
                remove_unused(folder)
        return (fragment,)

    def cover(self, fragment: Fragment, state: TableVersion) -> None:
        """Make a fragment cover the files of a version that has the same units.

        Args:
            fragment: a fragment in files that covers all units.
            state: the version of the table of units.
        """
        assert fragment.folder is not None
        names = tuple(file.name for file in state.files)
        manifest = replace(self._opened[fragment.folder][0], version=state.version, files=names)
        with os_errors_as(self._folder, KEPT):
            manifest.write(fragment.folder)
        self._opened[fragment.folder] = manifest, fragment

    def clean(self, state: TableVersion) -> None:
        """Remove the fragments that neither a version nor another process needs.

        Args:
            state: the newest version of the table of units.
        """
        used = {fragment.folder for _, fragment in self._chain(frozenset(file.name for file in state.files))}
        for folder in self._folders():
            if folder not in used:
                self._opened.pop(folder, None)
                remove_unused(folder)

    def reject_damaged(self) -> bool:
        """Read every byte of the fragments in use, and stop using those with a damaged file.

        Returns:
            Whether there are any; `fragments` makes them again.
        """
        found = False
        for folder, (manifest, _) in list(self._opened.items()):
            if damaged := next(manifest.damaged(folder), None):
                found = True
                self._reject(folder, damaged)
                with suppress(OSError):  # no other process opens it, where the folder can be written
                    (folder / MANIFEST).unlink()
        return found

    def _reject(self, folder: Path, damaged: Path) -> None:
        self._opened.pop(folder, None)
        self._rejected[folder] = damaged

    def has_rejected(self, fragments: Sequence[Fragment]) -> bool:
        """Return whether one of some fragments was found damaged."""
        return any(fragment.folder in self._rejected for fragment in fragments)

    def rejected(self) -> tuple[Path, ...]:
        """Return the damaged files that were found when fragments were opened or read, and were not used."""
        return tuple(self._rejected.values())

    def damaged(self) -> Iterator[Path]:
        """Read every byte of the fragments; yield the files that are damaged or missing."""
        for folder in self._folders():
            manifest = FragmentManifest.read(folder)
            if FragmentManifest.is_damaged(folder):
                yield folder / MANIFEST
            yield from manifest.damaged(folder) if manifest else ()

    def _folders(self) -> list[Path]:
        places = [self._folder, *([self._temporary.path] if self._temporary else [])]
        return [
            each for place in places if place.is_dir() for each in sorted(place.iterdir()) if each.is_dir()
        ]

    def _chain(self, names: frozenset[str]) -> list[Opened]:
        """Choose fragments that cover different files of these, preferring large ones; in order of their changes."""
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
        """Read a manifest, which another process may have changed; of a fragment in use it may be gone."""
        manifest, opened = FragmentManifest.read(folder), self._opened.get(folder)
        if folder in self._rejected:
            return None
        if manifest is None and FragmentManifest.is_damaged(folder):
            self._reject(folder, folder / MANIFEST)
            return None
        if opened is None:
            return manifest
        if manifest is not None:
            self._opened[folder] = manifest, opened[1]
        return self._opened[folder][0]

    def _open(self, manifest: FragmentManifest, folder: Path) -> Opened | None:
        """Open a fragment; None if it is gone or damaged."""
        if folder not in self._opened:
            try:
                lock = FragmentLock(folder)
                if damaged := manifest.unfit(folder):
                    self._reject(folder, damaged)
                    return None
                self._opened[folder] = (
                    manifest,
                    open_fragment(folder, manifest.languages, self._vectors, (lock, self._temporary)),
                )
            except (OSError, ValueError):
                return None
        return self._opened[folder]

    def _build(self, state: TableVersion, progress: Progress) -> Fragment:
        log = _rows_of(state.files)
        with os_errors_as(self._folder, KEPT):
            place = self._writable()
            folder = place / f"{state.version:012d}-{secrets.token_hex(4)}"
            folder.mkdir()
            (folder / LOCK).touch()
            lock = FragmentLock(folder, complete=False)
            try:
                manifest = self._fill(folder, state, log, progress)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        fragment = open_fragment(folder, manifest.languages, self._vectors, (lock, self._temporary))
        self._opened[folder] = manifest, fragment
        return fragment

    def _fill(
        self, folder: Path, state: TableVersion, log: pl.DataFrame, progress: Progress
    ) -> FragmentManifest:
        """Write the files of a fragment, its manifest last."""
        languages = write_fragment(folder, log, self._vectors, self._complete, progress)
        fragment = open_fragment(folder, languages, self._vectors, None)
        for language in languages:
            place = language_folder(folder, language) / INDEX
            place.mkdir()
            self._build_index(place, fragment.texts(language), progress)
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
        """Return a folder for fragments: the one next to the tables if it is writable, else a temporary one."""
        if self._can_keep():
            return self._folder
        if self._temporary is None:
            self._temporary = _Temporary()
        return self._temporary.path

    def _can_keep(self) -> bool:
        """Return whether fragments can be kept next to the tables."""
        with suppress(OSError):
            if self._lasting:
                self._folder.mkdir(exist_ok=True)
                return os.access(self._folder, os.W_OK)
        return False


class _Temporary:
    """A folder that exists as long as an object that refers to it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="hexapla-"))
        finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def _rows_of(files: Sequence[Path]) -> pl.DataFrame:
    from hexapla.memory.storage.log import rows_of

    return rows_of(files)


def _uncovered(chain: Sequence[Opened], names: Mapping[str, Path]) -> list[Path]:
    """Return the files that no fragment covers."""
    covered = {name for manifest, _ in chain for name in manifest.files}
    return [file for name, file in names.items() if name not in covered]


def _apart(one: FragmentManifest, other: FragmentManifest) -> bool:
    """Return whether two fragments share no file, and all changes of one come before those of the other."""
    ordered = one.last_change < other.first_change or other.last_change < one.first_change
    return ordered and not set(one.files) & set(other.files)


def _kept(chain: Sequence[Opened], rows: int) -> int:
    """Return how many fragments to keep when rows are added: those more than twice as large as all that follow."""
    kept = len(chain)
    while kept and chain[kept - 1][0].rows <= 2 * rows:
        kept -= 1
        rows += chain[kept][0].rows
    return kept


def _layered(fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
    """Return the fragments with the units hidden that later ones replace or remove."""
    layered = list(fragments)
    for later in range(1, len(layered)):
        for earlier in range(later):
            layered[earlier] = layered[earlier].hiding(layered[later].claims)
    return tuple(layered)
