"""Beads link the segments of two languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.errors import OutputError
from hexapla.formats.protocols import WriteOptions
from hexapla.formats.registry import check_languages, write_alignment
from hexapla.rows import Level
from support_alignment import make_alignment, make_row, resolution


def test_beads_of_sentences(tmp_path: Path) -> None:
    """Each sentence row is a line; insertions and deletions have an empty side; paragraphs are left out."""
    rows = [
        make_row({"zh": "甲。", "en": "A."}, 0, level=Level.PARAGRAPH),
        make_row({"zh": "甲。", "en": "A. And so on."}, 0, segments={"zh": [0], "en": [0, 1]}),
        make_row({"en": "B."}, 1, segments={"en": [2]}),
        make_row({"zh": "丙。丁。", "en": "C."}, 2, segments={"zh": [1, 2], "en": [3]}),
        make_row({"zh": "戊。"}, 3, segments={"zh": [3]}),
    ]
    assert write_alignment(make_alignment(rows, ("zh", "en")), tmp_path / "out.beads") == 4
    content = (tmp_path / "out.beads").read_bytes()
    assert content == b"[0]:[0, 1]\n[]:[2]\n[1, 2]:[3]\n[3]:[]\n"


def test_beads_of_paragraphs_where_there_are_no_sentences(tmp_path: Path) -> None:
    """With paragraphs only, beads count paragraphs; the language given first is on the left."""
    rows = [make_row({"en": "A.", "zh": "甲。"}, 4, level=Level.PARAGRAPH, segments={"en": [4], "zh": [7]})]
    write_alignment(make_alignment(rows, ("zh", "en")), tmp_path / "out.beads")
    assert (tmp_path / "out.beads").read_text() == "[7]:[4]\n"


def test_more_than_two_languages_are_refused(tmp_path: Path) -> None:
    """Three languages do not fit: the error names them and says what to do, and nothing is written."""
    path = tmp_path / "out.beads"
    with pytest.raises(OutputError, match=r"3 \(zh, en, ar\).*\.jsonl"):
        write_alignment(resolution(), path)
    with pytest.raises(OutputError, match="exactly 2"):
        check_languages(("zh", "en", "fr"), [path], WriteOptions())
    assert not path.exists()
