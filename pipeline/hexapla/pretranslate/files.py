"""Pretranslation of files: documents and XLIFF files are read, looked up in a memory, and written with its matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hexapla.errors import InputError, OutputError
from hexapla.formats.io.output import check_output, output_suffix
from hexapla.formats.xliff.file import Filled, XliffFile, read_xliff
from hexapla.formats.xliff.names import SUFFIXES, XliffVersion
from hexapla.pretranslate.analysis import Analysis, FileAnalysis
from hexapla.pretranslate.segments import check_languages, look_up, pretranslate
from hexapla.pretranslation import Pretranslation, PretranslationSettings, SegmentMatches
from hexapla.progress import Progress, quiet
from hexapla_corpora.languages import other_language, same_language
from hexapla_corpora.read import read_document

if TYPE_CHECKING:
    from hexapla.memory.memory import Memory

TABLE = ".docx"


@dataclass(frozen=True, slots=True)
class Report:
    """The result for a file.

    Attributes:
        settings: the settings, with the languages of the file.
        filled: how many segments received a translation or matches.
        analysis: how much of the file the memory covers.
    """

    settings: PretranslationSettings
    filled: Filled
    analysis: FileAnalysis


def is_xliff(path: Path) -> bool:
    """Return whether a file name is that of an XLIFF file."""
    return path.name.lower().endswith(SUFFIXES)


def check_pretranslation(path: Path, output: Path) -> None:
    """Refuse an output that cannot be made from a file, before any work is done for it.

    Args:
        path: the file to be translated.
        output: the output.

    Raises:
        OutputError: the output is the file itself, has an unknown suffix or one that does not suit the file, or cannot
            be written.
    """
    check_output(output, (*SUFFIXES, TABLE))
    if is_xliff(path) and not is_xliff(output):
        raise OutputError(f"{output}: of an XLIFF file an XLIFF file is made: end the name with .xlf")
    if output.exists() and path.exists() and output.samefile(path):
        raise OutputError(f"{output}: this is the input and would be lost; give the output another name")


def pretranslate_file(
    memory: Memory,
    path: Path,
    output: Path,
    settings: PretranslationSettings,
    version: XliffVersion = XliffVersion.V1_2,
    progress: Progress = quiet,
) -> Report:
    """Pretranslate a document or an XLIFF file.

    Args:
        memory: the memory.
        path: a .docx, .pdf, .html, .md or .txt file, or an XLIFF file; in an XLIFF file only segments without a
            translation are filled, and everything else stays unchanged.
        output: .xlf or .xliff; for a document also .docx, which is a table for reviewers.
        settings: settings of the pretranslation; languages may be empty if an XLIFF file states them.
        version: version of XLIFF for a document.
        progress: progress callback.

    Returns:
        The result.

    Raises:
        InputError: the file does not match the languages, or an XLIFF file cannot be read.
        OutputError: the output cannot be written.
        UnknownLanguage: the memory has no text in one of the languages.
        hexapla_corpora.errors.DocumentError: the document cannot be read.
    """
    check_pretranslation(path, output)
    analysis = Analysis()
    if is_xliff(path):
        file = read_xliff(path)
        settings, segments, warnings = _of_xliff(memory, file, settings, progress)
        filled = file.fill(segments, settings.target)
        file.write(output)
        return Report(settings, filled, analysis.add(str(path), segments, warnings))
    found = pretranslate(memory, read_document(path, settings.source), settings, progress)
    filled = _write(found, output, version)
    return Report(settings, filled, analysis.add(str(path), found.segments, found.document.warnings))


def analyse_files(
    memory: Memory, paths: Sequence[Path], settings: PretranslationSettings, progress: Progress = quiet
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
        InputError: a file does not match the languages, or an XLIFF file cannot be read.
        UnknownLanguage: the memory has no text in one of the languages.
        hexapla_corpora.errors.DocumentError: a document cannot be read.
    """
    analysis = Analysis()
    for path in paths:
        if is_xliff(path):
            _, segments, warnings = _of_xliff(memory, read_xliff(path), settings, progress)
        else:
            found = pretranslate(memory, read_document(path, settings.source), settings, progress)
            segments, warnings = found.segments, found.document.warnings
        analysis.add(str(path), segments, warnings)
    return analysis


def _of_xliff(
    memory: Memory, file: XliffFile, settings: PretranslationSettings, progress: Progress
) -> tuple[PretranslationSettings, tuple[SegmentMatches, ...], tuple[str, ...]]:
    """Return the settings with the languages of an XLIFF file, the matches for its segments, and warnings."""
    source, target = _language(file, "source", settings.source), _language(file, "target", settings.target)
    settings = replace(settings, source=source, target=target)
    check_languages(memory, settings)
    texts = [segment.content.text for segment in file.segments]
    found = other_language("\n".join(texts), source)
    warnings = (
        (f"{file.path} says that its source is in {source}, but the text is in {found}.",) if found else ()
    )
    return settings, look_up(memory, texts, settings, progress), warnings


def _language(file: XliffFile, side: str, asked: str) -> str:
    """Return the source or target language of a file; if both the file and the settings name one, they must agree."""
    said: str = getattr(file, side)
    if said and asked and not same_language(said, asked):
        raise InputError(f"{file.path}: its {side} language is {said}, and {asked} was asked for.")
    if not said and not asked:
        option = {"source": "--from", "target": "--to"}[side]
        raise InputError(f"{file.path}: it does not say its {side} language: say it with {option}.")
    return said or asked


def _write(found: Pretranslation, output: Path, version: XliffVersion) -> Filled:
    if output_suffix(output, (*SUFFIXES, TABLE)) == TABLE:
        from hexapla.formats.bilingual_docx import write_table

        return write_table(found, output)
    from hexapla.formats.xliff.document import write_document

    return write_document(found, output, version)
