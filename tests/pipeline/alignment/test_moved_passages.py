"""Passages that are at another place in another version."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hexapla.alignment.calibration import Calibration
from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.model import PARAGRAPHS, SENTENCES, Prior
from hexapla.alignment.moved_passages import join_moved
from hexapla.alignment.sentences import align_sentences
from hexapla.alignment.windowed_alignment import align_segments
from hexapla_models.encoder import Encoder
from hexapla_models.registry import calibration_numbers
from support_sentences import make_segments, passages

COUNT = 40
SWAPPED = [*range(5), *range(20, 25), *range(10, 20), *range(5, 10), *range(25, COUNT)]
LAST = [*range(8), *range(16, COUNT), *range(8, 16)]
FIRST = [*range(30, COUNT), *range(30)]
REVERSED = [*range(20), *range(25, 19, -1), *range(26, COUNT)]
ORDERS = {"swapped": SWAPPED, "last": LAST, "first": FIRST, "reversed": REVERSED}


def joined(
    encoder: Encoder, languages: Sequence[str], orders: Sequence[Sequence[int]], prior: Prior = SENTENCES
) -> list[JointRow]:
    """Rows of the sample's sentences, which are in a different order in each language."""
    texts = passages()
    versions = [
        make_segments([texts[k][language] for k in order], encoder)
        for language, order in zip(languages, orders, strict=True)
    ]
    return join_moved(align_segments(versions, prior), versions, prior)


def units(row: JointRow, orders: Sequence[Sequence[int]]) -> set[tuple[int, ...]]:
    """The passages in each language of a row."""
    return {tuple(sorted(orders[i][k] for k in range(*span))) for i, span in row.spans.items()}


def assert_each_once(rows: Sequence[JointRow], orders: Sequence[Sequence[int]]) -> None:
    for language, order in enumerate(orders):
        found = [k for row in rows if language in row.spans for k in range(*row.spans[language])]
        assert sorted(found) == list(range(len(order)))


@pytest.mark.parametrize("prior", [SENTENCES, PARAGRAPHS])
@pytest.mark.parametrize("name", ["swapped", "last", "first"])
def test_moved_passages_are_joined_and_marked(encoder: Encoder, name: str, prior: Prior) -> None:
    """Nearly all moved passages are found, every marked row is right, and no text is lost."""
    orders = [list(range(COUNT)), ORDERS[name]]
    rows = joined(encoder, ("en", "fr"), orders, prior)
    assert_each_once(rows, orders)
    moved = [row for row in rows if row.moved]
    assert len(moved) >= 5
    assert all(len(units(row, orders)) == 1 for row in moved)
    assert sum(len(row.spans) == 2 and len(units(row, orders)) == 1 for row in rows) >= COUNT - 4


def test_rows_of_a_table_in_reverse_order_are_found(encoder: Encoder) -> None:
    """Single segments that cross each other are also joined if they are long enough to be sure."""
    orders = [list(range(COUNT)), REVERSED]
    rows = joined(encoder, ("en", "ru"), orders)
    assert_each_once(rows, orders)
    assert sum(row.moved and len(units(row, orders)) == 1 for row in rows) >= 2


def test_moved_rows_are_at_the_place_of_their_first_language(encoder: Encoder) -> None:
    """The segments of the first language are in order."""
    rows = joined(encoder, ("en", "ru"), [list(range(COUNT)), LAST])
    starts = [row.spans[0][0] for row in rows if 0 in row.spans]
    assert starts == sorted(starts)


@pytest.mark.parametrize("languages", [("en", "fr", "ru"), ("ru", "en", "fr", "es")])
def test_one_version_of_many_has_another_order(encoder: Encoder, languages: Sequence[str]) -> None:
    """Passages that one version has elsewhere are joined with the aligned passages of the others."""
    orders = [*([list(range(COUNT))] * (len(languages) - 1)), LAST]
    rows = joined(encoder, languages, orders)
    assert_each_once(rows, orders)
    moved = [row for row in rows if row.moved]
    assert sum(len(row.spans) == len(languages) and len(units(row, orders)) == 1 for row in moved) >= 6


def test_no_row_moves_in_versions_of_one_order(encoder: Encoder) -> None:
    """A passage that only one version has is not joined with one that only the other has."""
    orders = [[k for k in range(COUNT) if k % 9 != 4], [k for k in range(COUNT) if k % 7 != 3]]
    rows = joined(encoder, ("en", "zh"), orders)
    assert [row for row in rows if row.moved] == []


def test_a_copy_stays_alone(encoder: Encoder) -> None:
    """If a passage is twice in one version, one copy is aligned in place and the other is left alone."""
    orders = [list(range(COUNT)), [*range(30), *range(5, 10), *range(30, COUNT)]]
    rows = joined(encoder, ("en", "fr"), orders)
    assert_each_once(rows, orders)
    assert not any(row.moved for row in rows)
    assert sum(len(row.spans) == 1 for row in rows) >= 4


@pytest.mark.parametrize("rows", [[], [JointRow({0: (0, 1)}, 1.0)]])
def test_nothing_to_join(encoder: Encoder, rows: list[JointRow]) -> None:
    """Rows stay as they are if none can have a counterpart."""
    versions = [make_segments(["The harbour froze."] * len(rows), encoder), make_segments([], encoder)]
    assert join_moved(rows, versions, SENTENCES) == rows


def test_sentences_of_a_moved_paragraph_are_marked(encoder: Encoder) -> None:
    """The aligned sentences of a moved row of paragraphs are marked too."""
    texts = passages()[:3]
    versions = [make_segments([text[language] for text in texts], encoder) for language in ("en", "fr")]
    paragraph = JointRow({0: (0, 1), 1: (0, 1)}, 0.9, moved=True)
    rows = align_sentences(
        [paragraph], [(0, 3), (0, 3)], versions, Calibration.of(calibration_numbers("embedded"))
    )
    assert [row.moved for row in rows] == [True] * 3
