"""One version of a memory as its readers share it: immutable, and safe in many threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hexapla.memory.index.fragments import DerivedData
from hexapla.memory.index.snapshot import Snapshot
from hexapla.memory.search.lookup import Lookup
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.store import TableVersion
from hexapla.progress import Progress, quiet

if TYPE_CHECKING:
    from hexapla.memory.storage.log import Log


class View:
    """A version of a memory, with what is made for it when it is first used.

    Args:
        folder: folder of the memory.
        derived: its derived data.
        state: the version of the table of units.
        newest: whether it was the newest version, so that the indexes of older ones can be removed.

    Attributes:
        folder: folder of the memory.
        derived: its derived data.
        state: the version of the table of units.
    """

    folder: Folder
    derived: DerivedData
    state: TableVersion

    def __init__(self, folder: Folder, derived: DerivedData, state: TableVersion, *, newest: bool) -> None:
        self.folder, self.derived, self.state = folder, derived, state
        self._newest = newest
        self._snapshot: Snapshot | None = None
        self._lookup: Lookup | None = None

    def snapshot(self, progress: Progress = quiet, *, keep: bool = False) -> Snapshot:
        """Return the version as it is searched; the first call completes its indexes.

        Args:
            progress: progress callback.
            keep: whether to keep the index of a small memory for processes that open it later.

        Returns:
            The version.

        Raises:
            DamagedMemory: files of the tables are damaged.
        """
        if self._snapshot is None:
            with self.derived.lock:
                if self._snapshot is None:
                    fragments = self.derived.fragments(self.state, progress, keep=keep)
                    if self._newest:
                        self.derived.clean(self.state)
                    self._snapshot = Snapshot(self.state.version, fragments)
        return self._snapshot

    def without_damage(self) -> View | None:
        """Return a view of the same version whose damaged indexes are made again; None if none are damaged."""
        with self.derived.lock:
            shown = self._snapshot.fragments if self._snapshot else ()
            if not self.derived.reject_damaged() and not self.derived.has_rejected(shown):
                return None
            return View(self.folder, self.derived, self.state, newest=self._newest)

    def lookup(self) -> Lookup:
        """Return the look-up in this version, whose indexes stay open."""
        if self._lookup is None:
            snapshot = self.snapshot()
            with self.derived.lock:
                self._lookup = self._lookup or Lookup(snapshot, lambda: self.folder.encoder)
        return self._lookup

    @property
    def log(self) -> Log:
        """The rows of this version."""
        from hexapla.memory.storage.log import Log

        return Log(self.state)
