"""Files to translate: read, looked up, and written with what a memory has for each of their segments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from hexapla.errors import InputError, OutputError
from hexapla.formats.io.output import check_output, output_suffix
from hexapla.formats.xliff.file import Filled, XliffFile, read_xliff
from hexapla.formats.xliff.names import SUFFIXES, XliffVersion
from hexapla.memory.readable_memory import ReadableMemory
from hexapla.pretranslate.analysis import Analysis, FileAnalysis
from hexapla.pretranslate.segments import check_languages, look_up, pretranslate
from hexapla.pretranslation import Pretranslation, PretranslationSettings, SegmentMatches
from hexapla.progress import Progress, quiet
from hexapla_corpora.languages import other_language, same_language
from hexapla_corpora.read import read_document

TABLE = ".docx"


@dataclass(frozen=True)
class PretranslatedFile:
    """A file to translate, with what a memory has for each of its segments.

    Attributes:
        path: the file that was read.
        settings: settings of the user, with the languages of the file.
        segments: its segments with their matches, in its order.
        warnings: sentences for the user, such as a text in another language than was declared.

    Example:
        memory.pretranslate("draft.docx", source="zh", target="en").write("draft.xlf")
    """

    path: Path
    settings: PretranslationSettings
    segments: tuple[SegmentMatches, ...] = field(repr=False)
    warnings: tuple[str, ...]
    _write: Callable[[Path, XliffVersion], Filled] = field(repr=False)

    def __repr__(self) -> str:
        """The file, its languages, and how many of its segments have a translation."""
        filled = sum(segment.translation is not None for segment in self.segments)
        pair = f"{self.settings.source} to {self.settings.target}"
        return f"<PretranslatedFile {self.path}, {pair}: {filled} of {len(self.segments)} segments filled>"

    @property
    def analysis(self) -> FileAnalysis:
        """How much of the file the memory has, in words and segments by match."""
        return Analysis().add(str(self.path), self.segments, self.warnings)

    def write(self, output: str | Path, *, xliff: str = XliffVersion.V1_2) -> Filled:
        """Write the file for translators.

        Args:
            output: .xlf or .xliff; for a document also .docx, a table for reviewers.
            xliff: version of the XLIFF that is made of a document, 1.2 or 2.1.

        Returns:
            How many segments were filled, and how many have matches.

        Raises:
            OutputError: the output cannot be made of this file, or cannot be written.
        """
        check_pretranslation(self.path, Path(output))
        return self._write(Path(output), XliffVersion(xliff))


def is_xliff(path: Path) -> bool:
    """Return whether a name is that of an XLIFF file."""
    return path.name.lower().endswith(SUFFIXES)


def check_pretranslation(path: Path, output: Path) -> None:
    """Refuse an output that cannot be made from a file, before any work is done for it.

    Args:
        path: the file to translate.
        output: the file to write.

    Raises:
        OutputError: the output is the file itself, its suffix is unknown or not one for such a file, or it cannot be
            written.
    """
    check_output(output, (*SUFFIXES, TABLE))
    if is_xliff(path) and not is_xliff(output):
        raise OutputError(f"{output}: an XLIFF file becomes an XLIFF file: end the name with .xlf")
    if output.exists() and path.exists() and output.samefile(path):
        raise OutputError(f"{output}: this is the input and would be lost; give the output another name")


def pretranslate_file(
    memory: ReadableMemory, path: Path, settings: PretranslationSettings, progress: Progress = quiet
) -> PretranslatedFile:
    """Look up the segments of a document or an XLIFF file.

    Args:
        memory: the memory.
        path: a .docx, .pdf, .html, .md or .txt file, or XLIFF; in the latter only segments without a translation are
            filled, and everything else stays as it is.
        settings: languages, which may be empty for an XLIFF file that declares them, and what is wanted.
        progress: progress callback.

    Returns:
        The file, to be written.

    Raises:
        InputError: the file does not go with the languages, or an XLIFF file cannot be read.
        MissingLanguage: the memory has no text in one of the languages.
        hexapla_corpora.errors.DocumentError: the document cannot be read.
    """
    if is_xliff(path):
        return _pretranslate_xliff(memory, read_xliff(path), settings, progress)
    found = pretranslate(memory, read_document(path, settings.source), settings, progress)
    return PretranslatedFile(
        path, settings, found.segments, found.document.warnings, partial(_write_document, found)
    )


def analyse_files(
    memory: ReadableMemory,
    paths: Sequence[Path],
    settings: PretranslationSettings,
    progress: Progress = quiet,
) -> Analysis:
    """Count how much of some files a memory covers.

    Args:
        memory: the memory.
        paths: documents and XLIFF files, in the order in which repetitions are counted.
        settings: see `pretranslate_file`.
        progress: progress callback.

    Returns:
        The analysis.

    Raises:
        InputError: a file does not go with the languages, or an XLIFF file cannot be read.
        MissingLanguage: the memory has no text in one of the languages.
        hexapla_corpora.errors.DocumentError: a document cannot be read.
    """
    analysis = Analysis()
    for path in paths:
        file = pretranslate_file(memory, path, settings, progress)
        analysis.add(str(path), file.segments, file.warnings)
    return analysis


def _pretranslate_xliff(
    memory: ReadableMemory, file: XliffFile, settings: PretranslationSettings, progress: Progress
) -> PretranslatedFile:
    source, target = _language(file, "source", settings.source), _language(file, "target", settings.target)
    settings = replace(settings, source=source, target=target)
    check_languages(memory, settings)
    texts = [segment.content.text for segment in file.segments]
    found = other_language("\n".join(texts), source)
    warnings = (f"{file.path} declares its source as {source}, but the text is in {found}.",) if found else ()
    segments = look_up(memory, texts, settings, progress)
    return PretranslatedFile(
        file.path, settings, segments, warnings, partial(_write_xliff, file, segments, target)
    )


def _language(file: XliffFile, side: str, asked: str) -> str:
    """The language of a side of a file: the declared one, which must agree with the requested one."""
    declared: str = getattr(file, side)
    if declared and asked and not same_language(declared, asked):
        raise InputError(
            f"{file.path}: its {side} language is {declared}, not {asked}: leave the language out, or use another file."
        )
    if not declared and not asked:
        option = {"source": "--from", "target": "--to"}[side]
        raise InputError(f"{file.path}: it does not declare its {side} language: give it with {option}.")
    return declared or asked


def _write_document(found: Pretranslation, output: Path, version: XliffVersion) -> Filled:
    if output_suffix(output, (*SUFFIXES, TABLE)) == TABLE:
        from hexapla.formats.bilingual_docx import write_table

        return write_table(found, output)
    from hexapla.formats.xliff.document import write_document

    return write_document(found, output, version)


def _write_xliff(
    file: XliffFile, segments: Sequence[SegmentMatches], target: str, output: Path, version: XliffVersion
) -> Filled:
    """Fill a copy, so that the file can be written more than once; it keeps its version of XLIFF."""
    copy = XliffFile(deepcopy(file.tree), file.path)
    filled = copy.fill(segments, target)
    copy.write(output)
    return filled
