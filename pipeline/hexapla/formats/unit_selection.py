"""Which units and languages a writer writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.formats.protocols import UnitProblem, WriteOptions
from hexapla.units import Unit
from hexapla_corpora.languages import same_language


def selected(
    units: Iterable[Unit], languages: Sequence[str], path: Path, left_out: list[UnitProblem]
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
            left_out.append(UnitProblem(path, None, unit.id, problem))
            continue
        yield unit if texts == unit.variants else replace(unit, variants=texts)


def _unencodable(texts: Iterable[str]) -> str | None:
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as error:
        code = ord(error.object[error.start])
        return f"it has half of a surrogate pair, U+{code:04X}, which is no character: correct the text"
    return None


def with_languages(units: Iterable[Unit], options: WriteOptions) -> tuple[Sequence[str], Iterable[Unit]]:
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


def pair_among(pair: tuple[str, str], languages: Sequence[str]) -> tuple[str, str]:
    """Return a pair under the tags that documents or a memory have.

    Args:
        pair: tags of source and target. Each means the language of that tag, or else the only one in that language:
            zh may mean zh-CN.
        languages: tags that there are.

    Returns:
        The pair; a tag that means none of the languages, or several, stays as it is.
    """
    return _tag_among(pair[0], languages), _tag_among(pair[1], languages)


def _tag_among(tag: str, languages: Sequence[str]) -> str:
    spelled = [language for language in languages if language.lower() == tag.lower()]
    alike = spelled or [language for language in languages if same_language(language, tag)]
    return alike[0] if len(alike) == 1 else tag


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
