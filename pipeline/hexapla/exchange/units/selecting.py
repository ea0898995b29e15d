"""Which units and languages a writer writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.exchange.unit_formats import ExportOptions, Finding
from hexapla.memory.storage.units import Unit


def selected(
    units: Iterable[Unit], languages: Sequence[str], path: Path, left_out: list[Finding]
) -> Iterator[Unit]:
    """The units that can be written, with the languages that are to be.

    Args:
        units: any.
        languages: tags in the order in which they are written; empty for all that a unit has.
        path: the output, for findings.
        left_out: gets a finding for each unit that no UTF-8 file can hold.

    Yields:
        Unit: with two languages at least; those with fewer are left out in silence.
    """
    for unit in units:
        variants = [unit.variant(language) for language in languages] if languages else unit.variants
        texts = tuple(variant for variant in variants if variant and variant.text.strip())
        if len(texts) < 2:
            continue
        if problem := _unencodable([unit.id, unit.document, *(variant.text for variant in texts)]):
            left_out.append(Finding(path, None, unit.id, problem))
            continue
        yield unit if texts == unit.variants else replace(unit, variants=texts)


def _unencodable(texts: Iterable[str]) -> str | None:
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        return f"it has half of a surrogate pair, U+{code:04X}, which is no character: correct the text"
    return None


def with_languages(units: Iterable[Unit], options: ExportOptions) -> tuple[Sequence[str], Iterable[Unit]]:
    """The languages that a file has a column for, or a file for.

    Args:
        units: held in memory if the options name no languages.
        options: may name languages.

    Returns:
        Tags, and the units.
    """
    if options.languages:
        return options.languages, units
    held = list(units)
    return list(dict.fromkeys(language for unit in held for language in unit.languages)), held


def pair_of(languages: Sequence[str], path: Path) -> tuple[str, str]:
    """The two languages of a format that holds two.

    Args:
        languages: tags.
        path: the output, for the message.

    Returns:
        Source and target.

    Raises:
        OutputError: they are not two.
    """
    if len(languages) != 2:
        named = f" ({', '.join(languages)})" if languages else ""
        raise OutputError(
            f"{path}: this format holds exactly 2 languages, and these are {len(languages)}{named}: name two, as "
            "in --pair zh-en"
        )
    return languages[0], languages[1]
