"""The HTML page of an alignment: one self-contained file with the languages side by side.

The page works without JavaScript, without a network and on paper; a script adds search, navigation and settings.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup

from hexapla.formats.html.picture import draw
from hexapla.formats.html.view import (
    FLOORS,
    Certainty,
    PageColumn,
    PageRow,
    columns,
    page_rows,
    summarise,
)
from hexapla.formats.io.output import open_output
from hexapla.formats.protocols import WriteOptions
from hexapla.rows import DOUBTFUL_BELOW, Alignment


def write_rows(alignment: Alignment, path: Path, options: WriteOptions) -> int:
    """Write an alignment as one self-contained HTML file.

    Args:
        alignment: rows of one or both levels; sentence rows are shown under the row of their paragraph.
        path: the output, in UTF-8.
        options: not used, as the page shows all languages.

    Returns:
        Number of rows.

    Raises:
        OutputError: the file cannot be written; an older file stays.
    """
    page = _template().render(_context(alignment))
    with open_output(path) as file:
        file.write(page.encode("utf-8"))
    return len(alignment.rows)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(_resource("page.html"))


def _resource(name: str) -> str:
    return files("hexapla.formats.html").joinpath(name).read_text(encoding="utf-8")


def _context(alignment: Alignment) -> dict[str, Any]:
    rows = page_rows(alignment)
    children = [child for row in rows for child in row.children]
    shown = columns(alignment.documents)
    summaries = [summarise(group, group[0].row.level) for group in (rows, children) if group]
    return {
        "style": Markup(_resource("page.css")),
        "script": Markup(_resource("page.js")),
        "title": _title(alignment, shown),
        "symbol": alignment.symbol,
        "columns": shown,
        "rows": rows,
        "summaries": summaries,
        "levels": [summary.level.value for summary in summaries],
        "picture": draw(rows, alignment.languages),
        "tip": _tip,
        "legend": _legend(),
        "warnings": [warning for document in alignment.documents for warning in document.warnings],
        "signature": str(alignment.signature),
    }


def _title(alignment: Alignment, shown: tuple[PageColumn, ...]) -> tuple[str, PageColumn | None]:
    """Return the first title of a document, with its column, or else the symbol or the name of the first file."""
    for document, column in zip(alignment.documents, shown, strict=True):
        if document.title:
            return document.title, column
    names = (column.file for column in shown if column.file)
    return alignment.symbol or next(names, "Alignment"), None


def _legend() -> dict[Certainty, str]:
    """Return the meaning of each colour, in the percentages shown in the rows."""
    legend, above = {}, 101
    for name, floor in FLOORS.items():
        percent = round(floor * 100)
        doubtful = ", doubtful" if floor < DOUBTFUL_BELOW else ""
        legend[name] = f"{percent}–{above - 1} %{doubtful}"
        above = percent
    return legend | {Certainty.UNALIGNED: "unaligned: in one language only"}


def _tip(rows: tuple[PageRow, ...]) -> str:
    """Describe a shape of the picture: percentage or number of rows, and the beginning of the text."""
    first = rows[0]
    text = next(iter(first.row.texts.values()), "")
    if len(rows) > 1:
        return f"{len(rows)} rows: {text[:80]}"
    certainty = f"{first.percent} %" if first.row.aligned else "unaligned"
    return f"{certainty}: {text[:80]}"
