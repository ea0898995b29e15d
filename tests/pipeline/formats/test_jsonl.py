"""JSON lines contain every row."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.formats.registry import write_alignment
from support_alignment import bilingual, make_alignment, make_row, resolution

KEYS = ["id", "level", "kind", "number", "probability", "texts", "segments", "symbol", "moved"]


def read_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().decode("utf-8").split("\n")[:-1]]


def test_every_row_is_a_line(tmp_path: Path) -> None:
    """All rows of both levels are written in order, including unaligned ones, with the documented keys."""
    alignment = resolution()
    assert write_alignment(alignment, tmp_path / "rows.jsonl") == len(alignment.rows)
    records = read_lines(tmp_path / "rows.jsonl")
    assert [list(record) for record in records] == [KEYS] * len(alignment.rows)
    assert [record["id"] for record in records] == [row.id for row in alignment.rows]
    assert records[-1]["texts"] == {"en": "The list of sponsors is not final."}
    assert records[-1]["segments"] == {"en": [5]}
    assert records[-2]["segments"] == {"zh": [3], "en": [3, 4]}
    assert (records[-1]["number"], records[-1]["symbol"], records[-1]["level"]) == (
        None,
        "A/99/L.1",
        "sentence",
    )


def test_text_is_written_unescaped(tmp_path: Path) -> None:
    """Chinese and Arabic stay readable in the file."""
    write_alignment(resolution(), tmp_path / "rows.jsonl")
    content = (tmp_path / "rows.jsonl").read_text("utf-8")
    assert "大会，" in content
    assert "إن الجمعية العامة،" in content


@pytest.mark.parametrize(("probability", "written"), [(0.123456, 0.1235), (1.0, 1.0), (1e-9, 0.0)])
def test_probability_has_four_places(tmp_path: Path, probability: float, written: float) -> None:
    """A probability is rounded to four decimal places."""
    row = replace(make_row({"zh": "大会，", "en": "The Assembly,"}), probability=probability)
    write_alignment(make_alignment([row], ("zh", "en")), tmp_path / "rows.jsonl")
    assert read_lines(tmp_path / "rows.jsonl")[0]["probability"] == written


@settings(max_examples=50)
@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_reads_back(tmp_path_factory: pytest.TempPathFactory, zh: str, en: str) -> None:
    """Every text, including lone surrogates, is on one line and reads back unchanged."""
    path = tmp_path_factory.mktemp("jsonl") / "rows.jsonl"
    write_alignment(bilingual((zh, en), ("大会，", "The Assembly,")), path)
    records = read_lines(path)
    assert records[0]["texts"] == {"zh": zh, "en": en}
    assert len(records) == 2


def test_no_rows_give_an_empty_file(tmp_path: Path) -> None:
    """An alignment without rows gives a file without lines."""
    assert write_alignment(make_alignment([], ("zh", "en")), tmp_path / "rows.jsonl") == 0
    assert (tmp_path / "rows.jsonl").read_bytes() == b""
