"""A translation memory, with everything that users call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hexapla.api.alignment import Files, inputs_of, levels_named
from hexapla.api.errors import raises_hexapla_errors
from hexapla.api.language_pair import Pair, parse_pair
from hexapla.api.searchable_memory import SearchableMemory
from hexapla.errors import InputError
from hexapla.inputs import Input
from hexapla.memory.selection import Selection, conditional
from hexapla.progress import Progress, quiet
from hexapla.units import Status, Unit
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag

if TYPE_CHECKING:
    from hexapla.formats.protocols import Written
    from hexapla.memory.additions.document_addition import Added
    from hexapla.memory.additions.unit_import import Imported
    from hexapla.memory.cleaning.faulty_units import CleaningResult
    from hexapla.review.file_import import ImportedFile


@raises_hexapla_errors
class Memory(SearchableMemory):
    """A translation memory; it shows one version, and each change makes the next one.

    Args:
        path: folder of the memory. A missing folder is a memory without units, which the first addition makes.
        at: number of an old version, which can only be read; the newest if None.
        model: name of the encoder of a new memory; the embedded one if None.
        progress: called with the name of a step, steps done and steps in all.

    Raises:
        NotAMemory: the folder holds something else.
        StoreError: the memory cannot be opened.

    Example:
        memory = hexapla.Memory("un.hexapla")
        memory.add({"zh": "report.zh.docx", "en": "report.en.docx"})
    """

    def __repr__(self) -> str:
        """The folder, the memory version, and the number of units."""
        if not self.exists:
            return f"<Memory {self.path}: not made yet>"
        return f"<Memory {self.path}: version {self.version}, {len(self):,} units>"

    def add(  # type: ignore[override]
        self,
        files: Files | Sequence[Input],
        *,
        level: str = "both",
        segmented: bool = False,
        minimum_probability: float = 0.0,
        progress: Progress = quiet,
    ) -> Added:
        """Align the language versions of a document and add them, or update the document if the memory has it.

        A document is the same if it has the same symbol, or otherwise the same common file name. What did not change is
        not aligned again; units keep their identifiers, and what people corrected or approved stays.

        Args:
            files: by language tag, or a list of files whose languages are detected; languages that the memory already
                has may be left out.
            level: of the units: paragraph, sentence or both.
            segmented: the files hold one segment a line.
            minimum_probability: rows below it make no unit.
            progress: progress callback.

        Returns:
            What was done.

        Raises:
            InputError: there is nothing to align a file with, or two files are in one language.
            NotParallel: a file is not a version of the others.
            DocumentError: a file cannot be read.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.add({"zh": "report.zh.docx", "en": "report.en.docx", "fr": "report.fr.pdf"})
        """
        return super().add(
            inputs_of(files),
            levels=levels_named(level),
            segmented=segmented,
            minimum_probability=minimum_probability,
            progress=progress,
        )

    def add_pairs(
        self,
        frame: object,
        *,
        languages: Iterable[str] | None = None,
        author: str | None = None,
        progress: Progress = quiet,
    ) -> Imported:
        """Add pairs of texts, or texts in more languages, a row each.

        Args:
            frame: a polars or pandas frame, an Arrow table, or a mapping of columns.
            languages: columns of texts; None for all that are named by a language tag of two letters, with script or
                region. A column named id is one of identifiers. All other columns become properties.
            author: who translated; the name of the account if None.
            progress: progress callback.

        Returns:
            What was done; the same frame again changes nothing.

        Raises:
            InputError: fewer than two columns hold texts, or a value cannot be kept.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.add_pairs(pl.DataFrame({"en": ["Good morning."], "fr": ["Bonjour."], "client": ["A"]}))
        """
        from hexapla.api.frames import units_of_pairs

        units = units_of_pairs(frame, languages)
        return self.import_units(units, author=author, origin="pairs", progress=progress)

    def import_file(
        self,
        path: str | Path,
        *,
        skip_bad: bool = False,
        author: str | None = None,
        on_conflict: str | None = None,
        progress: Progress = quiet,
    ) -> ImportedFile:
        """Import the units of a file, or the corrections of a workbook made for review.

        A text that was changed in the same file is an edit. A different translation from another file becomes a unit of
        its own. An earlier text of a unit replaces a correction only in a file that is dated later, the text of the
        document never.

        Args:
            path: .tmx, .tmx.gz, .zip with one .tmx in it, .xlf, .xliff, .jsonl, .tsv, .csv, .xlsx or .parquet; or
                another memory, whose decisions are merged with those of this one.
            skip_bad: leave out units that cannot be read.
            author: who changed a unit where the file does not say it; the name of the account if None.
            on_conflict: where a text differs from that of the memory, "keep-both" adds a unit, "keep" keeps the text
                of the memory and "replace" takes that of the file; None to decide as above.
            progress: progress callback.

        Returns:
            What was done; the same file again changes nothing.

        Raises:
            InputError: the file or a unit of it cannot be read, or `on_conflict` is unknown; nothing was imported.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.import_file("old.tmx")
        """
        (done,) = self.import_files(
            [path], skip_bad=skip_bad, author=author, on_conflict=on_conflict, progress=progress
        )
        return done

    def import_files(
        self,
        paths: Sequence[str | Path],
        *,
        skip_bad: bool = False,
        author: str | None = None,
        on_conflict: str | None = None,
        progress: Progress = quiet,
    ) -> list[ImportedFile]:
        """Import the units of several files, once all of them have been read; see `import_file`.

        Args:
            paths: the files.
            skip_bad: leave out units that cannot be read.
            author: who changed a unit where a file does not say it; the name of the account if None.
            on_conflict: see `import_file`.
            progress: progress callback.

        Returns:
            What was done, for each file.

        Example:
            memory.import_files(["old.tmx", "review.xlsx"])
        """
        from hexapla.memory.additions.unit_merge import OnConflict
        from hexapla.review.file_import import import_files

        if on_conflict not in (None, *OnConflict):
            raise InputError(f"on_conflict is {on_conflict!r}: use one of {', '.join(OnConflict)}, or None.")
        return import_files(
            self,
            [Path(path) for path in paths],
            skip_bad=skip_bad,
            author=author,
            on_conflict=OnConflict(on_conflict) if on_conflict else None,
            progress=progress,
        )

    def export(
        self,
        path: str | Path,
        *,
        pair: Pair | Sequence[Pair] | None = None,
        profile: str = "generic",
        level: str | None = None,
        where: Sequence[str] = (),
        progress: Progress = quiet,
    ) -> dict[Path, Written]:
        """Write units in the format of the suffix; rejected ones are left out.

        Args:
            path: .tmx, .tmx.gz, .xlsx (for review), .tsv, .csv, .jsonl, .parquet, .moses or .xces. With several pairs,
                {pair} in its name is replaced by each of them.
            pair: source and target, as "zh-en" or ("zh", "en"), or a list of such pairs; "all" for every two languages
                in both directions; None for one file of all languages.
            profile: tool that a TMX file is for: generic, omegat, trados, memoq, phrase, wordfast or weblate.
            level: of the units: paragraph, sentence or both. If None, an .xlsx has each text once, as sentences where a
                paragraph has them, and other files have both.
            where: conditions that must all hold, such as "status=approved" or "probability>=0.9".
            progress: progress callback.

        Returns:
            What was written, by file.

        Raises:
            OutputError: an output cannot be written.
            InputError: a language of a pair is not in the memory, or a condition cannot be read.

        Example:
            memory.export("un.tmx", pair="zh-en", profile="memoq")
        """
        from hexapla.memory.export import every_pair, export

        pairs = every_pair(self) if pair == "all" else _pairs(pair)
        selection = Selection.of(where, levels_named(level or "both"))
        once = level is None and str(path).lower().endswith(".xlsx")
        return export(
            self, Path(path), pairs=pairs, selection=selection, profile=profile, once=once, progress=progress
        )

    def approve(
        self,
        units: str | Sequence[str] = (),
        *,
        where: Sequence[str] = (),
        dry_run: bool = False,
        author: str | None = None,
    ) -> list[Unit]:
        """Approve one or several units, in one version; an approved unit ranks higher, and no rule removes it.

        A paragraph that is one sentence is approved with it.

        Args:
            units: identifiers, or at least 6 of their first characters.
            where: conditions that must all hold for further units, such as "document=A/79/L.92".
            dry_run: change nothing.
            author: who approves; the name of the account if None.

        Returns:
            The units as they are then.

        Raises:
            UnknownUnit: an identifier fits no unit, or several; nothing was changed.
            InvalidCondition: a condition cannot be read.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.approve("0123456789abcdef")
        """
        return self.review(
            units, Status.APPROVED, selection=conditional(where), dry_run=dry_run, author=author
        )

    def reject(
        self,
        units: str | Sequence[str] = (),
        *,
        where: Sequence[str] = (),
        dry_run: bool = False,
        author: str | None = None,
    ) -> list[Unit]:
        """Reject one or several units, in one version; a rejected unit is no longer found; see `approve`.

        Args:
            units: identifiers, or at least 6 of their first characters.
            where: conditions that must all hold for further units.
            dry_run: change nothing.
            author: who rejects; the name of the account if None.

        Returns:
            The units as they are then.

        Raises:
            UnknownUnit: an identifier fits no unit, or several; nothing was changed.
            InvalidCondition: a condition cannot be read.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.reject(where=["document=A/79/L.92", "probability<0.5"])
        """
        return self.review(
            units, Status.REJECTED, selection=conditional(where), dry_run=dry_run, author=author
        )

    def filter(
        self,
        rules: str | Path | None = None,
        *,
        dry_run: bool = False,
        author: str | None = None,
        progress: Progress = quiet,
    ) -> tuple[CleaningResult, int | None]:
        """Remove what rules find to be wrong.

        Args:
            rules: TOML file of rules; the default rules if None.
            dry_run: change nothing.
            author: who does it; the name of the account if None.
            progress: progress callback.

        Returns:
            What was found, and the memory version without it; None if nothing was changed.

        Raises:
            InvalidRules: the file of rules cannot be read.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            found, version = memory.filter(dry_run=True)
        """
        from hexapla.memory.cleaning.faulty_units import find_faulty
        from hexapla.memory.cleaning.rules import Rules, read_rules

        chosen = read_rules(Path(rules)) if rules else Rules()
        return self.clean(find_faulty, chosen, dry_run=dry_run, author=author, progress=progress)

    def dedupe(
        self,
        rules: str | Path | None = None,
        *,
        dry_run: bool = False,
        author: str | None = None,
        progress: Progress = quiet,
    ) -> tuple[CleaningResult, int | None]:
        """Remove units whose texts another unit has; see `filter`.

        Args:
            rules: TOML file of rules; the default rules if None.
            dry_run: change nothing.
            author: who does it; the name of the account if None.
            progress: progress callback.

        Returns:
            What was found, and the memory version without it; None if nothing was changed.

        Raises:
            InvalidRules: the file of rules cannot be read.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            found, version = memory.dedupe()
        """
        from hexapla.memory.cleaning.duplicates import find_duplicates
        from hexapla.memory.cleaning.rules import Rules, read_rules

        chosen = read_rules(Path(rules)) if rules else Rules()
        return self.clean(find_duplicates, chosen, dry_run=dry_run, author=author, progress=progress)


def _pairs(pair: Pair | Sequence[Pair] | None) -> list[tuple[str, str]]:
    """One pair or several: a list of two tags is one pair."""
    if pair is None:
        return []
    if isinstance(pair, str) or (
        len(pair) == 2 and all(isinstance(each, str) and _is_tag(each) for each in pair)
    ):
        return [parse_pair(pair)]  # type: ignore[arg-type]
    return [parse_pair(each) for each in pair]


def _is_tag(text: str) -> bool:
    try:
        return bool(normalise_tag(text))
    except UnknownLanguage:
        return False
