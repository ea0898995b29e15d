"""Translation memories in TMX 1.4, the exchange format of CAT tools.

Standard: TMX 1.4b (GALA/LISA OSCAR, 2005-04-26). Within it this writer keeps to what all tools read: plain
text segments (level 1), UTF-8, one variant of each language in a unit, no white space around a segment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.exchange import tmx_names as names
from hexapla.exchange.tmx_elements import (
    Header,
    date_text,
    open_tmx,
    props_xml,
    text_xml,
    unit_xml,
    variant_xml,
)
from hexapla.exchange.xml_text import clean_text
from hexapla.rows import Alignment, Level, Row
from hexapla_corpora.printed_numbers import LIST_STYLES, parse_number


@dataclass(frozen=True, slots=True)
class _Unit:
    """A row as it is written.

    Attributes:
        row: the row.
        texts: cleaned text by language, the source first.
        before: source text of the row before it, or None at the start of the document.
        after: source text of the row behind it, or None at the end of the document.
    """

    row: Row
    texts: Mapping[str, str]
    before: str | None
    after: str | None

    @property
    def source(self) -> str:
        """Tag of the source language."""
        return next(iter(self.texts))


def write_tmx(
    alignment: Alignment,
    path: Path,
    *,
    level: Level | None = None,
    pair: tuple[str, str] | None = None,
    minimum_probability: float = 0.0,
    created: datetime | None = None,
) -> int:
    """Write the aligned rows as a translation memory; gzip-compressed if the name ends in .gz.

    With both levels in one file, paragraphs come first and as the header says (segtype "paragraph"), then the
    sentences with a segtype of their own; a paragraph whose texts are a sentence too is written as the
    sentence only. OmegaT cuts the units of such a file by the user's own rules, which finds more exact
    matches than our sentences do wherever its rules cut elsewhere. The same texts in the same context are
    written once; of units with one source text the most probable comes last, because tools that keep one
    translation keep the last.

    Args:
        alignment: the rows; the first language is the source language (srclang).
        path: the output, .tmx or .tmx.gz.
        level: write this level only; None writes every level that the alignment has.
        pair: tags of the source and the target of a bilingual memory; None writes all languages.
        minimum_probability: rows below it, in 0..1, are left out.
        created: the date of the units; None is now. A date without a time zone is taken as local time.

    Returns:
        The number of units written.

    Raises:
        OutputError: a language of the pair is not in the alignment, or the output cannot be written.
    """
    languages = alignment.languages if pair is None else check_pair(pair, alignment.languages, path)
    levels = [
        known
        for known in (Level.PARAGRAPH, Level.SENTENCE)
        if level in (None, known) and any(row.level == known for row in alignment.rows)
    ]
    units = [unit for known in levels for unit in _units(alignment, known, languages, minimum_probability)]
    units = _best_last(_without_repetitions(units))
    segtype = levels[0] if levels else level or Level.SENTENCE
    date = created or datetime.now(UTC)
    with open_tmx(path, _header(alignment, segtype, languages[0], date)) as tmx:
        for unit in units:
            tmx.write(_tu(unit, segtype, languages[0], date))
    return len(units)


def check_pair(pair: tuple[str, str], languages: Sequence[str], path: Path) -> tuple[str, str]:
    """Refuse a language pair that the alignment does not have; call it before the work starts.

    Args:
        pair: tags of the source and the target.
        languages: tags of the documents.
        path: the output, for the message.

    Returns:
        The pair.

    Raises:
        OutputError: a language of the pair is not there, or both are the same.
    """
    missing = [language for language in pair if language not in languages]
    if missing or pair[0] == pair[1]:
        problem = f"{missing[0]} is not among the languages" if missing else f"{pair[0]} stands there twice"
        raise OutputError(f"{path}: pair {'-'.join(pair)}: {problem}; choose two of {', '.join(languages)}")
    return pair


def _units(
    alignment: Alignment, level: Level, languages: Sequence[str], minimum_probability: float
) -> Iterable[_Unit]:
    """Yield the rows of a level that have text in at least two of the languages, in reading order."""
    rows = [row for row in alignment.rows if row.level == level]
    contexts: dict[str, dict[str, tuple[str | None, str | None]]] = {}
    for row in rows:
        texts = {
            language: text
            for language in languages
            if language in row.texts and (text := clean_text(row.texts[language]))
        }
        if len(texts) < 2 or row.probability < minimum_probability:
            continue
        source = next(iter(texts))
        if source not in contexts:
            contexts[source] = _contexts(rows, source)
        unit = _Unit(row, texts, *contexts[source][row.id])
        yield unit
        if level == Level.SENTENCE:
            yield from _without_numbers(unit)


def _without_numbers(unit: _Unit) -> Iterator[_Unit]:
    """A further unit for texts that all begin with a typed number."""
    _, texts = typed_numbers(unit.texts)
    if texts:
        yield _Unit(replace(unit.row, id=f"{unit.row.id}-unnumbered"), texts, unit.before, unit.after)


def typed_numbers(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The typed numbers that all texts of a unit begin with, and what is behind them.

    Some tools cut a typed number off a segment, and in a document with automatic numbering it never was in the text;
    the number alone must not cost the exact match.

    Args:
        texts: by language.

    Returns:
        The numbers and the rests by language; nothing if a text has no number, or nothing behind it.
    """
    found = {language: parse_number(text) for language, text in texts.items()}
    ends = {tag: number.end for tag, number in found.items() if number and number.style in LIST_STYLES}
    numbers = {tag: texts[tag][:end].strip() for tag, end in ends.items()}
    rests = {tag: texts[tag][end:].strip() for tag, end in ends.items()}
    return (numbers, rests) if len(ends) == len(texts) and all(rests.values()) else ({}, {})


def _contexts(rows: Iterable[Row], language: str) -> dict[str, tuple[str | None, str | None]]:
    """Map row ids to the text before and behind, in the order of the language's own document."""
    # Rows of two languages can cross, and a translator sees the source in the order of the source.
    own = sorted((row for row in rows if language in row.texts), key=lambda row: min(row.segments[language]))
    texts = [(row.id, text) for row in own if (text := clean_text(row.texts[language]))]
    return {
        identifier: (
            texts[index - 1][1] if index else None,
            texts[index + 1][1] if index + 1 < len(texts) else None,
        )
        for index, (identifier, _) in enumerate(texts)
    }


def _without_repetitions(units: Sequence[_Unit]) -> list[_Unit]:
    """Drop paragraphs that are sentences too, and the less probable of units with equal texts and context."""
    kept: dict[tuple[object, ...], _Unit] = {}
    sentences = {tuple(unit.texts.items()) for unit in units if unit.row.level == Level.SENTENCE}
    for unit in units:
        texts = tuple(unit.texts.items())
        if unit.row.level == Level.PARAGRAPH and texts in sentences:
            continue
        key = (texts, unit.before, unit.after)
        if key not in kept or kept[key].row.probability < unit.row.probability:
            kept[key] = unit
    return list(kept.values())


def _best_last(units: list[_Unit]) -> list[_Unit]:
    """Put the most probable of the units with one source text in the place of the last of them."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, unit in enumerate(units):
        places.setdefault((unit.source, unit.texts[unit.source]), []).append(place)
    ordered = list(units)
    for group in places.values():
        ranked = sorted((units[place] for place in group), key=lambda unit: unit.row.probability)
        for place, unit in zip(group, ranked, strict=True):
            ordered[place] = unit
    return ordered


def _header(alignment: Alignment, segtype: str, source: str, date: datetime) -> Header:
    """The header: what made the memory, and its defaults."""
    signature = alignment.signature
    said = {"x-hexapla-signature": str(signature), names.SYMBOL: alignment.symbol}
    return Header(clean_text(signature.version), segtype, source, date, _cleaned(said))


def _tu(unit: _Unit, segtype: str, source: str, date: datetime) -> str:
    """A unit with the attributes in which it differs from the header."""
    row = unit.row
    attributes = {
        "tuid": clean_text(row.id),
        "creationdate": date_text(date),
        "segtype": str(row.level) if row.level != segtype else None,
        "srclang": unit.source if unit.source != source else None,
    }
    said = {
        names.SYMBOL: row.symbol,
        names.NUMBER: row.number,
        names.KIND: row.kind,
        names.PROBABILITY: f"{row.probability:.4f}",
        "x-origin": "aligned",
        names.MOVED: names.YES if row.moved else None,
    }
    context = _cleaned({names.CONTEXT_BEFORE: unit.before, names.CONTEXT_BEHIND: unit.after})
    variants = [
        variant_xml(language, text_xml(text), props_xml(context) if language == unit.source else ())
        for language, text in unit.texts.items()
    ]
    return unit_xml(variants, attributes, props_xml(_cleaned(said)))


def _cleaned(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Values in one line each."""
    return {name: clean_text(value) for name, value in values.items() if value}
