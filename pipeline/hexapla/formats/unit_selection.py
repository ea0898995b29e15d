"""Selection of the units and languages that a writer writes."""

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
    """Yield the units that can be written, with the languages that are to be written.

    Args:
        units: the units.
        languages: tags in the order in which they are written; empty for all languages of a unit.
        path: the output, for messages.
        left_out: receives each unit that no UTF-8 file can hold.

    Yields:
        Unit: a unit with at least two languages; those with fewer are left out silently.
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
        return f"it has half of a surrogate pair, U+{code:04X}, which is not a character: correct the text"
    return None


def with_languages(units: Iterable[Unit], options: WriteOptions) -> tuple[Sequence[str], Iterable[Unit]]:
    """Return the languages to write, for formats that must know them before the first unit.

    Args:
        units: the units; all of them are held in memory if the options name no languages.
        options: may name languages.

    Returns:
        The tags, and the units.
    """
    if options.languages:
        return options.languages, units
    held = list(units)
    return list(dict.fromkeys(language for unit in held for language in unit.languages)), held


def pair_among(pair: tuple[str, str], languages: Sequence[str]) -> tuple[str, str]:
    """Return a language pair spelt as in the tags of documents or of a memory.

    Args:
        pair: tags of source and target. Each means the language with exactly this tag, or otherwise the only
            variety of that language: zh may mean zh-CN.
        languages: the available tags.

    Returns:
        The pair; a tag that matches none of the languages, or several, stays as it is.
    """
    return _tag_among(pair[0], languages), _tag_among(pair[1], languages)


def _tag_among(tag: str, languages: Sequence[str]) -> str:
    exact = [language for language in languages if language.lower() == tag.lower()]
    found = exact or [language for language in languages if same_language(language, tag)]
    return found[0] if len(found) == 1 else tag


def pair_of(languages: Sequence[str], path: Path) -> tuple[str, str]:
    """Return the language pair of a bilingual format.

    Args:
        languages: tags.
        path: the output, for the message.

    Returns:
        Source and target.

    Raises:
        OutputError: there are not exactly two languages.
    """
    if len(languages) != 2:
        named = f" ({', '.join(languages)})" if languages else ""
        raise OutputError(
            f"{path}: this format holds exactly 2 languages, but there are {len(languages)}{named}: name two, as "
            "in --pair zh-en"
        )
    return languages[0], languages[1]
