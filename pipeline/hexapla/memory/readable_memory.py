"""A translation memory to be read: looked up, searched and asked what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hexapla.errors import NotAMemory, UnwritableMemory
from hexapla.memory.index.fragments import DerivedData
from hexapla.memory.index.snapshot import Snapshot
from hexapla.memory.reports import Commit, Info, changes_between, history_of, info_of
from hexapla.memory.search.concordance import HITS, Hit, Matching, concordance
from hexapla.memory.search.language_index import LanguageIndex
from hexapla.memory.search.lookup import LIMIT, MINIMUM, Lookup
from hexapla.memory.storage.flat_files import Halves
from hexapla.memory.storage.folder import DERIVED, Folder, encoder_of
from hexapla.memory.storage.log import Log
from hexapla.memory.storage.store import TableVersion
from hexapla.memory.verify import Problem, problems_of
from hexapla.progress import Progress, quiet
from hexapla.units import Change, Unit
from hexapla_models.registry import DEFAULT_ENCODER

if TYPE_CHECKING:
    import polars as pl

    from hexapla.matches import Match


class ReadableMemory:
    """What a memory can be asked; it shows one version until it is refreshed.

    Args:
        folder: of the memory.
        state: the version that it shows.
        newest: whether that is the newest, so that derived data is kept for others.
    """

    def __init__(self, folder: Folder, state: TableVersion, *, newest: bool) -> None:
        self._newest = newest
        self._show(folder, state)

    @classmethod
    def create(cls, path: str | Path, *, model: str = DEFAULT_ENCODER) -> Self:
        """Make an empty memory.

        Args:
            path: missing, or an empty folder.
            model: name of the encoder of its vectors.

        Returns:
            The memory.

        Raises:
            NotAMemory: there is something else.
            UnwritableMemory: it cannot be written.
        """
        folder = Folder.create(Path(path), encoder_of(model))
        return cls(folder, folder.units.state(), newest=True)

    @classmethod
    def open(cls, path: str | Path, *, version: int | None = None, progress: Progress = quiet) -> Self:
        """Open a memory; indexes that are missing, old or damaged are completed.

        Args:
            path: its folder.
            version: number of an old version, which can only be read; the newest if None.
            progress: told how far the work is.

        Returns:
            The memory.

        Raises:
            NotAMemory: there is none.
            NewerFormat: a later release wrote it.
            UnknownVersion: there is no such version, or it was removed by compacting.
            DamagedMemory: files of it are missing or damaged.
        """
        folder = Folder.open(Path(path))
        memory = cls(folder, folder.units.state(version), newest=version is None)
        memory._completed(progress)
        return memory

    @classmethod
    def open_or_create(
        cls, path: str | Path, *, model: str = DEFAULT_ENCODER, progress: Progress = quiet
    ) -> Self:
        """Open a memory, or make it if there is none; see `open` and `create`."""
        if not Folder.holds_memory(Path(path)):
            try:
                return cls.create(path, model=model)
            except NotAMemory:
                if not Folder.holds_memory(Path(path)):  # else another process made it just now
                    raise
        return cls.open(path, progress=progress)

    def refresh(self, progress: Progress = quiet) -> None:
        """Show the newest version.

        Args:
            progress: told how far the work is.

        Raises:
            UnwritableMemory: an old version was opened.
        """
        self._check_newest()
        self._show(self._folder, self._folder.units.state())
        self._completed(progress)

    def _show(self, folder: Folder, state: TableVersion) -> None:
        """Show a version from now on; what was read of another one is forgotten."""
        if folder is not getattr(self, "_folder", None):
            self._folder = folder
            self._derived = DerivedData(
                folder.path / DERIVED,
                folder.vectors,
                folder.manifest.hash,
                LanguageIndex.build,
                self._encode,
                lasting=self._newest,
            )
        self._state = state
        self._snapshot: Snapshot | None = None
        self.__dict__.pop("_lookup", None)

    def _encode(self, language: str, texts: Sequence[str]) -> Halves:
        """Vectors of texts whose own cannot be found; they are kept if that is possible."""
        return self._folder.vectors.encode_again(texts, language, self._folder.encode)

    @property
    def path(self) -> Path:
        """Folder of the memory."""
        return self._folder.path

    @property
    def version(self) -> int:
        """Number of the version that is shown."""
        return self._state.version

    @property
    def snapshot(self) -> Snapshot:
        """The version that is shown, immutable; its indexes are completed when it is first asked for."""
        return self._completed(quiet)

    def _completed(self, progress: Progress) -> Snapshot:
        if self._snapshot is None:
            fragments = self._derived.fragments(self._state, progress)
            self._snapshot = Snapshot(self._state.version, fragments)
            if self._newest:
                self._derived.clean(self._state)
        return self._snapshot

    @property
    def _log(self) -> Log:
        return Log(self._state)

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self.snapshot, lambda: self._folder.encoder)

    def _check_newest(self) -> None:
        if not self._newest:
            raise UnwritableMemory(
                f"{self.path}: version {self.version} was opened, which can only be read: open the memory without a "
                "version, or bring this one back with `hexapla restore`."
            )

    def __len__(self) -> int:
        """Number of units."""
        return len(self.snapshot)

    @property
    def units(self) -> pl.LazyFrame:
        """The units in order of document, level and position, with the columns of `storage.schema.UNIT`."""
        return self._log.units

    def unit(self, id: str) -> Unit:
        """A unit.

        Args:
            id: its identifier, or 6 characters or more with which no other one begins.

        Returns:
            The unit.

        Raises:
            UnknownUnit: there is none, or several.
        """
        return self.snapshot.find(id) or self._log.unit(id)

    def find(self, ids: Iterable[str]) -> list[Unit]:
        """The units that have these identifiers, in their order, without those that are not there."""
        return [unit for id in ids if (unit := self.snapshot.find(id)) is not None]

    def lookup(
        self,
        text: str,
        *,
        source: str,
        target: str | Sequence[str] | None = None,
        minimum: int = MINIMUM,
        limit: int = LIMIT,
        previous: str | None = None,
        following: str | None = None,
        meaning: bool = True,
    ) -> tuple[Match, ...]:
        """Look up what was translated before.

        Args:
            text: what is to be translated.
            source: BCP 47 tag of its language.
            target: tags of the languages asked for, one or several; all others if None.
            minimum: percentage that a match must have, 1 to 100.
            limit: number of matches by percentage at most, and of those by meaning.
            previous: text before it in its document, for matches in context; empty if it is the first.
            following: text behind it; empty if it is the last.
            meaning: whether to seek units of the same meaning too.

        Returns:
            Matches by percentage, the best first, then those by meaning.

        Raises:
            InputError: the text is empty, or minimum and limit make no sense.
            MissingLanguage: the memory has no text in a language asked for.
            OtherEncoder: the encoder of the memory is not here, and meaning is asked for.
        """
        return self._lookup.search(
            text,
            source,
            target,
            minimum=minimum,
            limit=limit,
            previous=previous,
            following=following,
            meaning=meaning,
        )

    def concordance(
        self,
        words: str,
        *,
        language: str,
        target: str | Sequence[str] | None = None,
        how: Matching = Matching.SUBSTRING,
        limit: int = HITS,
    ) -> tuple[Hit, ...]:
        """Find words in the texts.

        Args:
            words: what is sought, or a regular expression.
            language: BCP 47 tag of the texts.
            target: tags of the languages to show, one or several; all others if None.
            how: what the words are.
            limit: number of hits at most.

        Returns:
            Hits in the order of the units.

        Raises:
            InputError: there are no words, the limit makes no sense, or the regular expression is wrong.
            MissingLanguage: the memory has no text in a language asked for.
        """
        return concordance(self.snapshot, words, language, target, how, limit)

    def info(self) -> Info:
        """What it holds: units, documents, languages and their indexes, sizes and encoder."""
        return info_of(self._folder, self._log, self.snapshot)

    def history(self) -> list[Commit]:
        """All versions, the newest first."""
        return history_of(self._folder)

    def diff(self, one: int, other: int) -> list[Change]:
        """How units differ between two versions.

        Args:
            one: number of the first version.
            other: number of the second.

        Returns:
            Each unit that says something else, in order of document, level and position.

        Raises:
            UnknownVersion: there is no such version, or it was removed by compacting.
        """
        logs = (Log(self._folder.units.state(version)) for version in (one, other))
        return list(changes_between(*logs))

    def verify(self, progress: Progress = quiet) -> list[Problem]:
        """Read every byte of the newest version.

        Args:
            progress: told how far the work is.

        Returns:
            What is wrong; nothing if the memory is whole.
        """
        return list(problems_of(self._folder, self._derived, progress))
