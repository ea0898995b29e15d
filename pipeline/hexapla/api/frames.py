"""Rows, units and matches as polars frames and as HTML tables, and pairs of texts from any frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import polars as pl

from hexapla.errors import InputError
from hexapla.matches import Match
from hexapla.rows import DOUBTFUL_BELOW, Alignment, Level
from hexapla.unit_records import identifier_of, unit_of
from hexapla.units import Unit
from hexapla_corpora.errors import UnknownLanguage
from hexapla_corpora.languages import normalise_tag

SHOWN = 20  # rows of a table in a notebook
_CELL = 'dir="auto" style="text-align:start;vertical-align:top"'
_DOUBTFUL = ' style="background:#fff3cd"'
_ID = "id"  # also the tag of Indonesian, which no column of identifiers is
_ROW = {
    "id": pl.String,
    "level": pl.String,
    "kind": pl.String,
    "number": pl.String,
    "probability": pl.Float64,
    "moved": pl.Boolean,
}
_MATCH: dict[str, Any] = {
    "match": pl.String,
    "percentage": pl.Int64,
    "cosine": pl.Float64,
    "penalty": pl.Float64,
    "language": pl.String,
    "source": pl.String,
    "id": pl.String,
    "document": pl.String,
    "status": pl.String,
    "probability": pl.Float64,
}


def frame_of_rows(alignment: Alignment, levels: Sequence[Level]) -> pl.DataFrame:
    """Return aligned rows as a frame.

    Args:
        alignment: the rows.
        levels: of the rows that are wanted.

    Returns:
        One row for each aligned row, with the columns of _ROW and a column of texts for each language; None where it
        has no text.
    """
    rows = [row for row in alignment.rows if row.level in levels]
    columns = {name: [getattr(row, name) for row in rows] for name in _ROW}
    columns["level"] = [row.level.value for row in rows]
    texts = {language: [row.texts.get(language) for row in rows] for language in alignment.languages}
    types = _ROW | dict.fromkeys(alignment.languages, pl.String)
    return pl.DataFrame(columns | texts, schema=types)


def frame_of_matches(matches: Sequence[Match]) -> pl.DataFrame:
    """Return matches as a frame.

    Args:
        matches: of one text.

    Returns:
        One row for each match, with the columns of _MATCH and a column of translations for each target language.
    """
    languages = list(dict.fromkeys(language for match in matches for language in match.targets))
    records = [
        {
            "match": match.kind.value,
            "percentage": match.percentage,
            "cosine": match.cosine,
            "penalty": match.penalty,
            "language": match.language,
            "source": match.source,
            "id": match.unit.id,
            "document": match.unit.document,
            "status": match.unit.status.value,
            "probability": match.unit.probability,
            **{f"text {language}": target.text for language, target in match.targets.items()},
        }
        for match in matches
    ]
    types = _MATCH | {f"text {language}": pl.String for language in languages}
    renamed = {f"text {language}": language for language in languages if language not in _MATCH}
    return pl.DataFrame(records, schema=types).rename(renamed)


def units_of_pairs(frame: object, languages: Iterable[str] | None) -> list[Unit]:
    """Return the rows of a frame as units.

    Args:
        frame: a polars or pandas frame, an Arrow table, or a mapping of columns.
        languages: columns of texts; None for all that are named by a language tag. A column named id is not one, unless
            it is named here.

    Returns:
        A unit for each row with text in at least two languages. All other columns become properties. The same texts
        make the same identifier, so that adding a frame twice changes nothing.

    Raises:
        InputError: it is not a frame, or fewer than two columns hold texts.
    """
    pairs = _polars(frame)
    tags = _language_columns(pairs, languages)
    texts = [name for name in pairs.columns if name in tags]
    others = [name for name in pairs.columns if name not in tags]
    units = []
    for number, row in enumerate(pairs.iter_rows(named=True), start=1):
        try:
            found = {
                tags[name]: str(row[name])
                for name in texts
                if row[name] is not None and str(row[name]).strip()
            }
            if len(found) > 1:
                properties = {name: _plain(row[name]) for name in others if row[name] is not None}
                record = {"id": identifier_of("", found), "texts": found, "properties": properties}
                units.append(unit_of(record))
        except ValueError as error:
            raise InputError(f"row {number} of the frame: {error}; nothing was added.") from error
    return units


def html_of_rows(alignment: Alignment) -> str:
    """Return the first rows of an alignment as an HTML table."""
    heads = ["kind", "number", "probability", *alignment.languages]
    rows = [
        [
            row.kind,
            row.number or "",
            f"{row.probability:.2f}",
            *(row.texts.get(tag, "") for tag in alignment.languages),
        ]
        for row in alignment.rows[:SHOWN]
    ]
    doubtful = [row.probability < DOUBTFUL_BELOW for row in alignment.rows[:SHOWN]]
    return _table(heads, rows, doubtful) + _more(len(alignment.rows))


def html_of_matches(matches: Sequence[Match]) -> str:
    """Return matches as an HTML table."""
    languages = list(dict.fromkeys(language for match in matches for language in match.targets))
    heads = ["match", "source", *languages, "document"]
    rows = [
        [
            f"{match.percentage}%" if match.percentage is not None else f"meaning {match.cosine or 0:.2f}",
            match.source,
            *(match.targets[tag].text if tag in match.targets else "" for tag in languages),
            match.unit.document,
        ]
        for match in matches[:SHOWN]
    ]
    return _table(heads, rows, [False] * len(rows)) + _more(len(matches))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], marked: Sequence[bool]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    lines = []
    for row, mark in zip(rows, marked, strict=True):
        cells = "".join(f"<td {_CELL}>{escape(cell)}</td>" for cell in row)
        lines.append(f"<tr{_DOUBTFUL if mark else ''}>{cells}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _more(count: int) -> str:
    return f"<p>{count - SHOWN:,} more</p>" if count > SHOWN else ""


def _polars(frame: object) -> pl.DataFrame:
    """Any frame as one of polars."""
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if isinstance(frame, pl.DataFrame):
        return frame
    if hasattr(frame, "to_dict") and hasattr(frame, "columns"):  # pandas, without need of pyarrow
        return _from_pandas(frame)
    if isinstance(frame, Mapping) or hasattr(frame, "__arrow_c_stream__"):
        return pl.DataFrame(frame)
    raise InputError(
        f"a {type(frame).__name__} is not a frame: give a polars or pandas frame, an Arrow table, or a mapping of "
        "columns"
    )


def _from_pandas(frame: Any) -> pl.DataFrame:  # noqa: ANN401 - pandas is not a dependency
    """A pandas frame, whose missing values differ from themselves."""
    columns = {
        str(name): [None if value != value else value for value in frame[name]] for name in frame.columns
    }
    return pl.DataFrame(columns, strict=False)


def _language_columns(frame: pl.DataFrame, languages: Iterable[str] | None) -> dict[str, str]:
    """Tags of the columns of texts, by name."""
    if languages is None:
        names = [name for name in frame.columns if name.lower() != _ID and _tag(name)]
    else:
        names = list(languages)
        if missing := [name for name in names if name not in frame.columns]:
            raise InputError(f"the frame has no column {missing[0]!r}: it has {', '.join(frame.columns)}")
    if len(names) < 2:
        found = f"only {names[0]!r} is" if names else "none is"
        raise InputError(
            "two columns must be named by language tags such as en and zh-CN, and of "
            f"{', '.join(frame.columns)} {found}"
        )
    return {name: _tag(name) or name for name in names}


def _tag(name: str) -> str | None:
    """The language tag that a name of a column is, or None."""
    try:
        tag = normalise_tag(name)
    except UnknownLanguage:
        return None
    return tag if len(tag.partition("-")[0]) == 2 or name.lower() in _LONG_TAGS else None


_LONG_TAGS = frozenset({"yue", "fil", "cmn", "arb"})
"""Language tags of three letters that name a column of texts; most words of three letters are tags too."""


def _plain(value: object) -> object:
    """A value as JSON has it."""
    return value if isinstance(value, str | int | float | bool) else str(value)
