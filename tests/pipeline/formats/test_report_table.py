"""Tables of results in each format."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from hexapla.errors import OutputError
from hexapla.formats.report_table import check_table, write_table
from support_cli import hexapla
from support_lookup import memory_of, units_of

ROWS = [("=1+1", 'a "tide" gauge', 3), ("", "deux\nlignes\tet plus", 0)]


def _written(path: Path) -> bytes:
    assert write_table(path, ("unit", "text", "count"), ROWS) == len(ROWS)
    return path.read_bytes()


def test_text_formats(tmp_path: Path) -> None:
    """Cells keep their values, except for white space in .tsv, whose lines are rows."""
    table = list(csv.reader(io.StringIO(_written(tmp_path / "a.csv").decode())))
    assert table == [["unit", "text", "count"], *([*map(str, row)] for row in ROWS)]
    assert _written(tmp_path / "a.tsv").decode().splitlines()[2] == "\tdeux lignes et plus\t0"
    records = [json.loads(line) for line in _written(tmp_path / "a.jsonl").decode().splitlines()]
    assert records[0] == {"unit": "=1+1", "text": 'a "tide" gauge', "count": 3}


def test_a_sheet_has_texts_and_numbers(tmp_path: Path) -> None:
    """Texts stay texts, also those that begin like formulas, and numbers are numbers."""
    _written(tmp_path / "a.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert rows == [["unit", "text", "count"], *map(list, ROWS)]


def test_outputs_that_cannot_be_written(tmp_path: Path) -> None:
    """An unknown suffix is refused before the work, and a text too long for a sheet is not cut."""
    with pytest.raises(OutputError, match=r"\.csv"):
        check_table(tmp_path / "a.pdf")
    with pytest.raises(OutputError, match=r"write a \.csv"):
        write_table(tmp_path / "a.xlsx", ("text",), [("x" * 32_768,)])
    assert not (tmp_path / "a.xlsx").exists()


def test_the_command_writes_hits(tmp_path: Path) -> None:
    """All hits are written if no number is given; with --group, all translations."""
    texts = ({"en": f"Port {number}", "fr": f"Port {number % 2}"} for number in range(30))
    units = units_of(texts, created=datetime(2024, 5, 1, tzinfo=UTC))
    command = ("concordance", memory_of(tmp_path, units).path, "port", "--from", "en", "-o")
    result = hexapla(*command, tmp_path / "hits.csv")
    assert result.stdout == f"{tmp_path / 'hits.csv'}  30 rows of 30 hits\n"
    assert (tmp_path / "hits.csv").read_text("utf-8").splitlines()[1].split(",")[3:6] == [
        "1",
        "Port 0",
        "Port 0",
    ]
    result = hexapla(*command, tmp_path / "groups.tsv", "--group")
    assert (tmp_path / "groups.tsv").read_text("utf-8").splitlines()[1:] == [
        "fr\tPort 0\t15\t2024\t2024",
        "fr\tPort 1\t15\t2024\t2024",
    ]
    result = hexapla(*command, tmp_path / "groups.tsv", "--group", "--limit", "1", "--json")
    assert json.loads(result.stdout)["rows"] == 1
    assert hexapla(*command, tmp_path / "hits.doc").exit_code == 1
