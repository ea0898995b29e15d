"""A translation memory: what adds documents and units, and maintenance.

What only some methods need is imported in them, so that a look-up loads neither aligner nor encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from hexapla.errors import NotAMemory
from hexapla.inputs import Input
from hexapla.memory.editable_memory import EditableMemory
from hexapla.memory.storage.folder import Folder, encoder_of
from hexapla.progress import Progress, quiet
from hexapla.rows import BOTH_LEVELS, Alignment, Level
from hexapla.units import Unit, account
from hexapla_models.encoder import Vectors
from hexapla_models.registry import DEFAULT_ENCODER

if TYPE_CHECKING:
    import polars as pl

    from hexapla.memory.additions.document_addition import Added
    from hexapla.memory.additions.unit_import import Imported
    from hexapla.memory.additions.unit_merge import OnConflict
    from hexapla.memory.cleaning.faulty_units import CleaningResult
    from hexapla.memory.maintenance import Compaction
    from hexapla.memory.storage.flat_files import Halves

KEEP_DAYS = 30


class Memory(EditableMemory):
    """A translation memory; it shows one version, and each change makes the next one.

    Example:
        memory = Memory("un.hexapla")
        for match in memory.lookup("Decides to remain seized of the matter.", source="en", target="fr"):
            print(match.percentage, match.target)
    """

    def add(
        self,
        inputs: Sequence[Input],
        *,
        levels: Sequence[Level] = BOTH_LEVELS,
        segmented: bool = False,
        minimum_probability: float = 0.0,
        progress: Progress = quiet,
    ) -> Added:
        """Align the language versions of a document and add them, or update the document.

        A document is the same if it has the same symbol, or otherwise the same common file name. What did not change
        is not aligned again; units keep their identifiers, and what people corrected or approved stays.

        Args:
            inputs: files; those of languages that the memory already has may be left out.
            levels: of the units.
            segmented: the files hold one segment a line.
            minimum_probability: rows below it make no unit.
            progress: progress callback.

        Returns:
            What was done.

        Raises:
            InputError: there is nothing to align a file with, or two are in one language.
            NotParallel: a file is not a version of the others.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
        """
        from hexapla.alignment.align import align_files
        from hexapla.memory.additions.document_addition import add_document
        from hexapla.memory.additions.language_versions import read_versions
        from hexapla.memory.additions.update_plan import AlignmentSettings

        self._check_newest()
        if not self.exists:  # a memory is made only if the files are versions of one document
            alignment = align_files(
                inputs, levels=levels, segmented=segmented, model=self._model_name, progress=progress
            )
            return self.add_alignment(alignment, minimum_probability=minimum_probability, progress=progress)
        settings = AlignmentSettings(tuple(levels), segmented, minimum_probability)
        versions = read_versions(inputs, segmented, progress)
        info = self._info("add", document=versions.name, levels=list(levels), segmented=segmented)
        return self._added(add_document(self._folder, versions, settings, info, progress))

    def add_alignment(
        self, alignment: Alignment, *, minimum_probability: float = 0.0, progress: Progress = quiet
    ) -> Added:
        """Add a document that has been aligned; see `add`.

        Args:
            alignment: of all its language versions.
            minimum_probability: rows below it make no unit.
            progress: progress callback.

        Returns:
            What was done.

        Raises:
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.add_alignment(hexapla.align(["report.zh.docx", "report.en.docx"]))
        """
        from hexapla.memory.additions.document_addition import add_rows

        self._make()
        info = self._info("add", **alignment.signature.parameters)
        return self._added(add_rows(self._folder, alignment, minimum_probability, info, progress))

    def add_units(
        self,
        units: Iterable[Unit] | pl.DataFrame | pl.LazyFrame,
        vectors: Mapping[str, Vectors | Halves] | None = None,
        *,
        progress: Progress = quiet,
    ) -> Added:
        """Add or update many units at once, for example units from another program.

        Args:
            units: each with its own identifier; a frame, such as `units` returns, has the columns of
                `hexapla.unit_table.UNIT`.
            vectors: by language, in the order of the units that have a text in it, *Shape:* ``(texts, dimension)``,
                from the encoder of the memory; texts in the other languages are encoded.
            progress: progress callback.

        Returns:
            What was done.

        Raises:
            InputError: columns, identifiers or vectors do not fit.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.add_units(other.units.filter(pl.col("status") == "approved"))
        """
        import polars as pl

        from hexapla.memory.additions.unit_addition import add_frame, check_units, checked
        from hexapla.unit_table import frame_of

        units = units.collect() if isinstance(units, pl.LazyFrame) else units
        frame = units if isinstance(units, pl.DataFrame) else frame_of(units)
        check_units(checked(frame))
        self._make()
        return self._added(add_frame(self._folder, frame, vectors or {}, self._info("add"), progress))

    def import_units(
        self,
        units: Iterable[Unit] | pl.DataFrame,
        *,
        author: str | None = None,
        origin: str = "",
        whole: bool = False,
        on_conflict: OnConflict | None = None,
        records: pl.DataFrame | None = None,
        progress: Progress = quiet,
    ) -> Imported:
        """Import new units, and the changes of people in the others.

        A unit with a new text becomes an edited one. Languages that are missing from the import stay, and so do later
        changes in the memory; an earlier text replaces a correction only if the import is dated later, and the text
        of the document only if `on_conflict` says so. Importing the same units again changes nothing.

        Args:
            units: with identifiers; or a frame made by `hexapla.memory.additions.unit_import.gathered`.
            author: author of changes for which a unit names none; the name of the account if None.
            origin: where they come from, for the history.
            whole: whether they are corrections to be taken unchanged, see `hexapla.review.workbook.read_review`.
            on_conflict: what to do where the texts differ; None to decide by where the units come from.
            records: records of the documents of another memory, if the units come from there.
            progress: progress callback.

        Returns:
            What was done.

        Raises:
            InputError: a language tag or a text is invalid; nothing was committed.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.import_units([unit], author="A. Reviewer")
        """
        import polars as pl

        from hexapla.memory.additions.unit_addition import check_units
        from hexapla.memory.additions.unit_import import gathered, import_frame

        frame = units if isinstance(units, pl.DataFrame) else gathered(units)
        check_units(frame)
        self._make()
        info = self._info("import", document=origin) | {"author": author or account()}
        imported = import_frame(
            self._folder,
            frame,
            author,
            info,
            progress,
            whole=whole,
            on_conflict=on_conflict,
            records=records,
        )
        self._show(self._folder, self._folder.units.state())
        return imported

    def clean(
        self,
        find: Callable[..., CleaningResult],
        rules: object,
        *,
        dry_run: bool = False,
        author: str | None = None,
        progress: Progress = quiet,
    ) -> tuple[CleaningResult, int | None]:
        """Remove what the rules find wrong.

        Args:
            find: `find_faulty` or `find_duplicates`, of `hexapla.memory.cleaning`.
            rules: which apply.
            dry_run: change nothing.
            author: who does it; the name of the account if None.
            progress: progress callback.

        Returns:
            What was found, and the version without it; None if nothing was changed.

        Raises:
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.clean(find_faulty, Rules(), dry_run=True)
        """
        from hexapla.memory.additions.document_addition import stamped
        from hexapla.unit_table import frame_of

        if dry_run:
            return find(self._log.read(self.units), rules, progress), None
        with self._writing() as log:
            found = find(log.read(log.units), rules, progress)
            counts = {"updated": len(found.changed), "removed": len(found.removed)}
            if any(counts.values()):
                info = self._info("clean", counts, rules=found.counts()) | {"author": author or account()}
                self._folder.commit(log.state, frame_of(stamped(found.changed)), found.removed, info)
        return found, self.version if any(counts.values()) else None

    def restore(self, version: int, *, author: str | None = None) -> int:
        """Make an old version the newest one; the versions in between stay.

        Args:
            version: its number.
            author: who does it; the name of the account if None.

        Returns:
            The number of the new version, which has the same units.

        Raises:
            UnknownVersion: there is no such version, or it was removed by compacting.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.restore(3)
        """
        with self._writing():
            info = self._info("restore", version=version) | {"author": author or account()}
            self._folder.units.restore(version, info)
        return self.version

    def compact(self, *, keep_days: int = KEEP_DAYS, progress: Progress = quiet) -> Compaction:
        """Merge the files of the memory, and remove what only old versions need.

        Args:
            keep_days: number of days for which versions are kept.
            progress: progress callback.

        Returns:
            What was done.

        Raises:
            UnwritableMemory: the folder is read-only or the disk is full.

        Example:
            memory.compact(keep_days=7)
        """
        from hexapla.memory.maintenance import compact

        with self._writing():
            info = self._info("compact", keep_days=keep_days)
            return compact(self._folder, self._derived, keep_days * 24, info, progress)

    def reindex(self, model: str | None = None, progress: Progress = quiet) -> None:
        """Rebuild the indexes; with a model, encode all texts again first.

        Args:
            model: name of the new encoder of the memory; the vectors stay as they are if None.
            progress: progress callback.

        Raises:
            UnwritableMemory: the folder is read-only or the disk is full.

        Example:
            memory.reindex("labse")
        """
        from hexapla.memory.maintenance import reencode

        with self._writing() as log:
            if model is not None:
                self._show(reencode(self._folder, encoder_of(model), progress), log.state)
            self._derived.rebuild(log.state, progress)

    @property
    def _model_name(self) -> str:
        return self._model or DEFAULT_ENCODER

    def _make(self) -> None:
        """Make the memory if there is none."""
        self._check_newest()
        if not self.exists:
            try:
                Folder.create(self._path, encoder_of(self._model_name))
            except NotAMemory:
                if not Folder.holds_memory(self._path):  # another process has just made it
                    raise

    def _added(self, added: Added) -> Added:
        self._show(self._folder, self._folder.units.state())
        return added
