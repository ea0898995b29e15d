"""The rows of an alignment as a translation memory in TMX 1.4.

Standard: TMX 1.4b (GALA/LISA OSCAR, 2005-04-26), limited to what all tools read: plain text segments (level 1), UTF-8,
one variant per language in a unit, no white space around a segment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.formats.io.xml_text import clean_text
from hexapla.formats.protocols import WriteOptions
from hexapla.formats.tmx import names
from hexapla.formats.tmx.elements import Header
from hexapla.formats.tmx.profiles import ALIGNED
from hexapla.formats.tmx.serialiser import typed_numbers
from hexapla.formats.tmx.writer import UnitInContext, write_in_context
from hexapla.rows import Alignment, Level, Row
from hexapla.units import Unit

Neighbours = tuple[str | None, str | None]
"""Source texts before and after a row; None at the start and at the end of the document."""


@dataclass(frozen=True, slots=True)
class _RowUnit:
    """A row as it is written.

    Attributes:
        unit: the unit, with cleaned texts, source first.
        neighbours: the texts before and after, in the order of the source document.
    """

    unit: Unit
    neighbours: Neighbours

    @property
    def source(self) -> str:
        """Source text."""
        return self.unit.variants[0].text

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Language tags and texts."""
        return tuple(self.unit.texts.items())


def write_rows(alignment: Alignment, path: Path, options: WriteOptions) -> int:
    """Write the aligned rows as a translation memory, compressed with gzip if the name ends in .gz.

    If the file has both levels, paragraphs come first, with the segtype of the header ("paragraph"), and sentences
    follow, each with its own segtype; a paragraph that consists of one sentence is written only as a sentence. OmegaT
    splits the units of such a file by the user's own rules, and so finds more exact matches where these rules differ
    from ours. The same texts in the same context are written once. Of the units with the same source text, the most
    probable comes last, because tools that keep one translation keep the last.

    Args:
        alignment: the rows; the first language is the source language (srclang).
        path: the output, .tmx or .tmx.gz.
        options: source and target of a bilingual memory, the minimum probability, and the date of the units (`created`;
            now if None; local time if it has no time zone).

    Returns:
        Number of units written.

    Raises:
        OutputError: a language of the pair is not in the alignment, or the output cannot be written.
    """
    check_languages(alignment.languages, path, options)
    languages = options.languages or alignment.languages
    levels = [level for level in Level if any(row.level == level for row in alignment.rows)]
    date = options.created or datetime.now(UTC)
    units = [
        unit
        for level in levels
        for unit in _units(alignment, level, languages, options.minimum_probability, date)
    ]
    ordered = _best_last(_without_repetitions(units))
    segtype = levels[0] if levels else Level.SENTENCE
    signature = alignment.signature
    properties = {"x-hexapla-signature": str(signature), names.SYMBOL: alignment.symbol}
    cleaned = {name: clean_text(text) for name, text in properties.items() if text}
    header = Header(clean_text(signature.version), segtype, languages[0], date, cleaned)
    in_context = (_in_context(unit) for unit in ordered)
    return write_in_context(in_context, path, ALIGNED, header, languages).units


def check_languages(languages: Sequence[str], path: Path, options: WriteOptions) -> None:
    """Refuse a language pair that an alignment does not have; see `hexapla.formats.protocols.LanguageCheck`."""
    pair = options.languages
    missing = [language for language in pair if language not in languages]
    if missing or len(set(pair)) < len(pair):
        problem = f"{missing[0]} is not among the languages" if missing else f"{pair[0]} is named twice"
        raise OutputError(f"{path}: pair {'-'.join(pair)}: {problem}; choose two of {', '.join(languages)}")


def _units(
    alignment: Alignment, level: Level, languages: Sequence[str], minimum: float, date: datetime
) -> Iterator[_RowUnit]:
    """Yield the rows of a level that have text in at least two of the languages, in reading order."""
    rows = [row for row in alignment.rows if row.level == level]
    neighbours: dict[str, dict[str, Neighbours]] = {}
    for row in rows:
        texts = {
            language: text
            for language in languages
            if language in row.texts and (text := clean_text(row.texts[language]))
        }
        if len(texts) < 2 or row.probability < minimum:
            continue
        source = next(iter(texts))
        if source not in neighbours:
            neighbours[source] = _neighbours(rows, source)
        unit = _RowUnit(_unit(row, texts, date), neighbours[source][row.id])
        yield unit
        if level == Level.SENTENCE:
            yield from _without_numbers(unit)


def _unit(row: Row, texts: Mapping[str, str], date: datetime) -> Unit:
    return Unit.of_texts(
        row.id,
        texts,
        symbol=row.symbol,
        level=row.level.value,
        kind=row.kind,
        number=row.number,
        probability=row.probability,
        moved=row.moved,
        created=date,
    )


def _without_numbers(row: _RowUnit) -> Iterator[_RowUnit]:
    """Yield a further unit without the numbers if all texts begin with a typed number."""
    unit = row.unit
    _, texts = typed_numbers(unit.texts)
    if texts:
        variants = tuple(replace(variant, text=texts[variant.language]) for variant in unit.variants)
        yield replace(row, unit=replace(unit, id=f"{unit.id}-unnumbered", variants=variants))


def _neighbours(rows: Iterable[Row], language: str) -> dict[str, Neighbours]:
    """Map row ids to the texts before and after, in the order of the language's own document."""
    # Rows of two languages can cross, and translators see the source in its own order.
    own = sorted((row for row in rows if language in row.texts), key=lambda row: min(row.segments[language]))
    texts = [(row.id, text) for row in own if (text := clean_text(row.texts[language]))]
    return {
        identifier: (
            texts[index - 1][1] if index else None,
            texts[index + 1][1] if index + 1 < len(texts) else None,
        )
        for index, (identifier, _) in enumerate(texts)
    }


def _without_repetitions(units: Sequence[_RowUnit]) -> list[_RowUnit]:
    """Drop paragraphs that are also sentences, and the less probable of units with equal texts and neighbours."""
    kept: dict[tuple[object, ...], _RowUnit] = {}
    sentences = {row.texts for row in units if row.unit.level == Level.SENTENCE}
    for row in units:
        if row.unit.level == Level.PARAGRAPH and row.texts in sentences:
            continue
        key = (row.texts, row.neighbours)
        if key not in kept or kept[key].unit.probability < row.unit.probability:
            kept[key] = row
    return list(kept.values())


def _best_last(units: list[_RowUnit]) -> list[_RowUnit]:
    """Reorder the units that share a source text by probability, so that the most probable comes last."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(units):
        places.setdefault((row.unit.languages[0], row.source), []).append(place)
    ordered = list(units)
    for group in places.values():
        ranked = sorted((units[place] for place in group), key=lambda row: row.unit.probability)
        for place, row in zip(group, ranked, strict=True):
            ordered[place] = row
    return ordered


def _in_context(row: _RowUnit) -> UnitInContext:
    source = row.unit.languages[0]
    before, after = ({source: text}.get for text in row.neighbours)
    return UnitInContext(row.unit, before, after)
