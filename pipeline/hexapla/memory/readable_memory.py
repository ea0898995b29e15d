"""The reading half of a translation memory: look-up, concordance, history and verification."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from hexapla.errors import EXPECTED, DamagedMemory, UnwritableMemory
from hexapla.memory.index.fragments import DerivedData
from hexapla.memory.index.snapshot import Snapshot
from hexapla.memory.search.language_index import LanguageIndex
from hexapla.memory.search.lookup import LIMIT, MINIMUM, Lookup
from hexapla.memory.search.query import HITS, Matching
from hexapla.memory.selection import Selection
from hexapla.memory.storage.folder import DERIVED, Folder, check_empty, encoder_of
from hexapla.memory.storage.store import TableVersion
from hexapla.memory.view import View
from hexapla.progress import Progress, quiet
from hexapla.units import Change, Unit
from hexapla_models.registry import DEFAULT_ENCODER

if TYPE_CHECKING:
    import polars as pl

    from hexapla.matches import Match
    from hexapla.memory.reports import Commit, Info
    from hexapla.memory.search.hits import Hits
    from hexapla.memory.storage.log import Log
    from hexapla.memory.storage.vector_files import Singles
    from hexapla.memory.verify import Problem

Answer = TypeVar("Answer")


def answered(memory: ReadableMemory, query: Callable[[View], Answer]) -> Answer:
    """Run a query; if it meets damage in derived files, they are made again and it is run once more.

    Args:
        memory: the memory.
        query: function of the view that is shown.

    Returns:
        Its result.

    Raises:
        DamagedMemory: files from which derived files are made are damaged too.
    """
    view = memory._current
    try:
        return query(view)
    except Exception as error:  # a changed byte may end in any error; only checksums say whether there is one
        if isinstance(error, EXPECTED) and not isinstance(error, DamagedMemory):
            raise
        fresh = view.without_damage()
        if fresh is None:
            raise
        if memory._view is view:
            memory._view = fresh
    return query(fresh)


class ReadableMemory:
    """A memory that is read; it shows one version until it is refreshed.

    Args:
        path: folder of the memory. A missing or empty folder is a memory without units; the first addition creates
            it.
        at: number of an old version, which can only be read; the newest if None.
        model: name of the encoder of a new memory; the default one if None.
        progress: progress callback.

    Raises:
        NotAMemory: the folder holds something else, or there is no memory to show an old version of.
        NewerFormat: a later release wrote it.
        UnknownVersion: there is no such version, or it was removed by compacting.
        DamagedMemory: files of it are missing or damaged.
        InputError: the memory has another encoder than `model`.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        at: int | None = None,
        model: str | None = None,
        progress: Progress = quiet,
    ) -> None:
        self._path, self._model, self._newest = Path(path), model, at is None
        self._view: View | None = None
        if at is None and not Folder.holds_memory(self._path):
            check_empty(self._path)
            return
        folder = Folder.open(self._path)
        folder.check_encoder(model)
        view = self._view_of(folder, folder.units.state(at))
        view.snapshot(progress, keep=self._newest)
        self._view = view

    @classmethod
    def create(cls, path: str | Path, *, model: str = DEFAULT_ENCODER) -> Self:
        """Make an empty memory.

        Args:
            path: missing, or an empty folder.
            model: name of the encoder of its vectors.

        Returns:
            The memory.

        Raises:
            NotAMemory: the path holds something else.
            UnwritableMemory: it cannot be written.

        Example:
            memory = hexapla.Memory.create("un.hexapla", model="labse")
        """
        Folder.create(Path(path), encoder_of(model))
        return cls(path)

    @classmethod
    def open(cls, path: str | Path, *, at: int | None = None, progress: Progress = quiet) -> Self:
        """Open a memory that exists; indexes that are missing, old or damaged are completed.

        Args:
            path: its folder.
            at: number of an old version, which can only be read; the newest if None.
            progress: progress callback.

        Returns:
            The memory.

        Raises:
            NotAMemory: there is none.
            NewerFormat: a later release wrote it.
            UnknownVersion: there is no such version, or it was removed by compacting.
            DamagedMemory: files of it are missing or damaged.

        Example:
            old = hexapla.Memory.open("un.hexapla", at=3)
        """
        Folder.open(Path(path))  # says so if there is none
        return cls(path, at=at, progress=progress)

    @property
    def exists(self) -> bool:
        """Whether the memory has been made."""
        return self._view is not None

    @property
    def _current(self) -> View:
        """The view of the version that is shown; a method takes it once, as another thread may refresh the memory."""
        if self._view is None:
            folder = Folder.open(self._path)  # another process may have made it
            self._show(folder, folder.units.state())
        assert self._view is not None
        return self._view

    @property
    def _folder(self) -> Folder:
        return self._current.folder

    @property
    def _derived(self) -> DerivedData:
        return self._current.derived

    def view(self) -> Self:
        """Return the version that is shown now, which can only be read and is never refreshed.

        Calls on it answer from one version, however many threads read it and whatever is written meanwhile.

        Returns:
            A memory that shows this version.

        Example:
            view = memory.view()
            version, matches = view.version, view.lookup("Decides", source="en", target="fr")
        """
        view = copy(self)
        view._newest = False
        return view

    def refresh(self, progress: Progress = quiet) -> None:
        """Show the newest version.

        Args:
            progress: progress callback.

        Raises:
            UnwritableMemory: an old version was opened.

        Example:
            memory.refresh()
        """
        self._check_newest()
        folder = self._folder
        view = self._view_of(folder, folder.units.state())
        view.snapshot(progress, keep=True)
        self._view = view

    def _show(self, folder: Folder, state: TableVersion) -> None:
        """Show a version from now on."""
        self._view = self._view_of(folder, state)

    def _view_of(self, folder: Folder, state: TableVersion) -> View:
        """Make the view of a version; derived data that is open stays open."""
        shown = self._view
        if shown is not None and shown.folder is folder:
            return View(folder, shown.derived, state, newest=self._newest)

        def encode(language: str, texts: Sequence[str]) -> Singles:
            """Encode texts whose vectors cannot be found; the vectors are kept if the folder can be written."""
            return folder.vectors.encode_again(texts, language, folder.encode)

        derived = DerivedData(
            folder.path / DERIVED,
            folder.vectors,
            folder.manifest.hash,
            LanguageIndex.build,
            encode,
            lasting=self._newest,
        )
        return View(folder, derived, state, newest=self._newest)

    @property
    def path(self) -> Path:
        """Folder of the memory."""
        return self._path

    @property
    def version(self) -> int:
        """Number of the version that is shown."""
        return self._current.state.version

    @property
    def snapshot(self) -> Snapshot:
        """The version that is shown, immutable; the first use completes its indexes."""
        return self._current.snapshot()

    @property
    def _log(self) -> Log:
        return self._current.log

    def _check_newest(self) -> None:
        if not self._newest:
            raise UnwritableMemory(
                f"{self.path}: version {self.version} was opened, which can only be read: open the memory without a "
                "version, or bring this one back with `hexapla restore`."
            )

    def __len__(self) -> int:
        """Number of units; 0 before the memory is made."""
        return len(self.snapshot) if self.exists else 0

    @property
    def units(self) -> pl.LazyFrame:
        """The units in order of document, level and position, with the columns of `hexapla.unit_table.UNIT`."""
        return self._log.units

    def unit(self, id: str) -> Unit:
        """Return a unit.

        Args:
            id: its identifier, or at least 6 of its first characters.

        Returns:
            The unit.

        Raises:
            UnknownUnit: there is none, or several.

        Example:
            memory.unit("0123456789abcdef").texts["fr"]
        """
        return answered(self, lambda view: view.snapshot().find(id) or view.log.unit(id))

    def find(self, ids: Iterable[str]) -> list[Unit]:
        """Find units by their identifiers.

        Args:
            ids: whole identifiers.

        Returns:
            The units in the order of the identifiers; those that the memory does not have are left out.

        Example:
            memory.find(["0123456789abcdef", "fedcba9876543210"])
        """
        wanted = list(ids)
        return answered(self, lambda view: list(filter(None, map(view.snapshot().find, wanted))))

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
        subsegments: bool = True,
        selection: Selection = Selection(),
    ) -> tuple[Match, ...]:
        """Look up how a text was translated before.

        Args:
            text: the text to translate.
            source: BCP 47 tag of its language.
            target: tags of the languages wanted, one or several; all others if None.
            minimum: percentage that a match must have, 1 to 100.
            limit: at most this many matches by percentage, as many of subsegments, and as many of the same meaning.
            previous: text before it in its document, for matches in context; empty if it is the first.
            following: text after it; empty if it is the last.
            meaning: whether to look for units of the same meaning too.
            subsegments: whether to look for stored texts, and parts of them, that stand in the text too.
            selection: units that may be found.

        Returns:
            Matches by percentage, the best first, then those of subsegments and those of the same meaning.

        Raises:
            InputError: the text is empty, or minimum and limit make no sense.
            MissingLanguage: the memory has no text in a requested language.
            OtherEncoder: the encoder of the memory is not installed, and `meaning` is true.
        """
        return answered(
            self,
            lambda view: _lookup_in(view, selection).search(
                text,
                source,
                target,
                minimum=minimum,
                limit=limit,
                previous=previous,
                following=following,
                meaning=meaning,
                subsegments=subsegments,
            ),
        )

    def search_many(
        self,
        texts: Sequence[str],
        *,
        source: str,
        target: str | Sequence[str] | None = None,
        minimum: int = MINIMUM,
        limit: int = LIMIT,
        meaning: bool = True,
        subsegments: bool = True,
        selection: Selection = Selection(),
        progress: Progress = quiet,
    ) -> list[tuple[Match, ...]]:
        """Look up the segments of a document, encoded in batches; see `lookup`.

        Args:
            texts: the segments, each looked up in the context of its neighbours.
            source: BCP 47 tag of their language.
            target: tags of the languages wanted, one or several; all others if None.
            minimum: percentage that a match must have, 1 to 100.
            limit: at most this many matches by percentage, as many of subsegments, and as many of the same meaning.
            meaning: whether to look for units of the same meaning too.
            subsegments: whether to look for stored texts, and parts of them, that stand in the text too.
            selection: units that may be found.
            progress: progress callback.

        Returns:
            The matches of each text.

        Example:
            memory.search_many(["Decides to remain seized"], source="en", target="fr")
        """
        return answered(
            self,
            lambda view: _lookup_in(view, selection).search_many(
                texts,
                source,
                target,
                minimum=minimum,
                limit=limit,
                meaning=meaning,
                subsegments=subsegments,
                progress=progress,
            ),
        )

    def concordance(
        self,
        words: str,
        *,
        language: str,
        target: str | Sequence[str] | None = None,
        how: Matching = Matching.SUBSTRING,
        limit: int | None = HITS,
        selection: Selection = Selection(),
    ) -> Hits:
        """Find words in the texts.

        Args:
            words: words that a text must have in any order, phrases in quotation marks, `*` for any letters of a
                word; or a regular expression.
            language: BCP 47 tag of the texts.
            target: tags of the languages to show, one or several; all others if None.
            how: how the words are matched.
            limit: number of hits at most; None for all.
            selection: units that may be found.

        Returns:
            Hits in the order of the units, and their total.

        Raises:
            InputError: there are no words, the limit makes no sense, or the regular expression is wrong.
            MissingLanguage: the memory has no text in a requested language.
        """
        from hexapla.memory.search.concordance import concordance

        def search(view: View) -> Hits:
            identities = None if selection.is_everything else selection.identities(view.log)
            return concordance(view.snapshot(), words, language, target, how, limit, identities)

        return answered(self, search)

    def info(self) -> Info:
        """Count units, documents and languages, and describe indexes, sizes and encoder.

        Returns:
            What the memory holds.

        Example:
            print(memory.info().units)
        """
        from hexapla.memory.reports import info_of

        view = self._current
        return info_of(view.folder, view.log, view.snapshot())

    def history(self) -> list[Commit]:
        """List all memory versions.

        Returns:
            A commit for each version, the newest first.

        Example:
            memory.history()[0].operation
        """
        from hexapla.memory.reports import history_of

        return history_of(self._folder)

    def diff(self, one: int, other: int) -> list[Change]:
        """Compare the units of two memory versions.

        Args:
            one: number of the first version.
            other: number of the second.

        Returns:
            Each unit that differs, in order of document, level and position.

        Raises:
            UnknownVersion: there is no such version, or it was removed by compacting.

        Example:
            for change in memory.diff(3, 5):
                print(change)
        """
        from hexapla.memory.reports import changes_between
        from hexapla.memory.storage.log import Log

        logs = (Log(self._folder.units.state(version)) for version in (one, other))
        return list(changes_between(*logs))

    def verify(self, progress: Progress = quiet) -> list[Problem]:
        """Read every byte of the newest version.

        Args:
            progress: progress callback.

        Returns:
            What is damaged; nothing if the memory is whole.

        Example:
            assert not memory.verify()
        """
        from hexapla.memory.verify import problems_of

        return list(problems_of(self._folder, self._derived, progress))


def _lookup_in(view: View, selection: Selection) -> Lookup:
    if selection.is_everything:
        return view.lookup()
    return Lookup(view.snapshot(), lambda: view.folder.encoder, selection.identities(view.log))
