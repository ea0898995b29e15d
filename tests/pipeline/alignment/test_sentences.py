"""Alignment of the sentences inside aligned paragraphs."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest

from hexapla.alignment import sentences as sentences_module
from hexapla.alignment import windows as windows_module
from hexapla.alignment.calibration import Calibration
from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.segments import Segments
from hexapla.alignment.sentences import align_sentences
from hexapla_models.encoder import Encoder
from hexapla_models.registry import calibration_numbers
from support_sentences import assert_partition, make_segments, passages, spans_of

CALIBRATION = Calibration.of(calibration_numbers("embedded"))
TAGS = ("en", "zh", "ru")
LENGTHS = (1, 3, 2, 4, 2)  # sentences of each paragraph


def bounds_of(lengths: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(accumulate(lengths, initial=0))


@pytest.fixture(scope="module")
def versions(encoder: Encoder) -> list[Segments]:
    """Twelve sentences in three languages."""
    return [make_segments([passage[tag] for passage in passages()[:12]], encoder) for tag in TAGS]


def paragraph_rows(probability: float = 1.0) -> list[JointRow]:
    return [JointRow(dict.fromkeys(range(3), (k, k + 1)), probability) for k in range(len(LENGTHS))]


def test_sentences_stay_inside_their_paragraphs(versions: list[Segments]) -> None:
    """Sentences of aligned paragraphs are aligned, and no row passes the end of a paragraph."""
    rows = align_sentences(paragraph_rows(), [bounds_of(LENGTHS)] * 3, versions, CALIBRATION)
    assert spans_of(rows) == [dict.fromkeys(range(3), (k, k + 1)) for k in range(12)]


def test_a_wrong_paragraph_is_not_left(versions: list[Segments]) -> None:
    """Each sentence is in one row within its paragraph row, even if the paragraphs were aligned wrongly."""
    ends = bounds_of(LENGTHS)
    wrong = [
        JointRow({0: (0, 2), 1: (0, 1)}, 0.3),
        JointRow({1: (1, 3), 2: (0, 1)}, 0.2),
        JointRow({0: (2, 5), 1: (3, 5), 2: (1, 5)}, 0.4),
    ]
    rows = align_sentences(wrong, [ends] * 3, versions, CALIBRATION)
    assert_partition(rows, [(0, 12)] * 3)
    cuts = [[ends[2], ends[5]], [ends[1], ends[3], ends[5]], [ends[1], ends[5]]]
    for row in rows:
        for i, (start, end) in row.spans.items():
            assert all(end <= cut or start >= cut for cut in cuts[i])


def test_probabilities_are_those_of_both_levels(versions: list[Segments]) -> None:
    """If the probability of paragraphs is halved, so is that of their sentences."""
    bounds = [bounds_of(LENGTHS)] * 3
    sure = align_sentences(paragraph_rows(1.0), bounds, versions, CALIBRATION)
    half = align_sentences(paragraph_rows(0.5), bounds, versions, CALIBRATION)
    assert [row.probability for row in half] == pytest.approx([row.probability / 2 for row in sure])
    assert sure[0].probability == 1


def test_a_paragraph_of_one_version_gives_a_row_for_each_sentence(versions: list[Segments]) -> None:
    """Sentences that have nothing to be aligned with are not joined."""
    rows = align_sentences([JointRow({1: (0, 2)}, 0.7)], [bounds_of(LENGTHS)] * 3, versions, CALIBRATION)
    assert spans_of(rows) == [{1: (k, k + 1)} for k in range(4)]
    assert [row.probability for row in rows] == [0.7] * 4


def test_a_paragraph_may_be_missing_in_one_version(versions: list[Segments]) -> None:
    """The sentences of the other two are aligned with each other."""
    rows = align_sentences(
        [JointRow({0: (1, 2), 2: (1, 2)}, 1.0)], [bounds_of(LENGTHS)] * 3, versions, CALIBRATION
    )
    assert spans_of(rows) == [{0: (k, k + 1), 2: (k, k + 1)} for k in range(1, 4)]


def test_long_paragraphs_are_aligned_in_windows(
    monkeypatch: pytest.MonkeyPatch, versions: list[Segments]
) -> None:
    """A paragraph with too many sentences for one window has the rows that it would have in one window."""
    bounds = [bounds_of(LENGTHS)] * 3
    together = spans_of(align_sentences(paragraph_rows(), bounds, versions, CALIBRATION))
    monkeypatch.setattr(windows_module, "LENGTHS", (8, 16))
    assert spans_of(align_sentences(paragraph_rows(), bounds, versions, CALIBRATION)) == together


def test_groups_do_not_change_the_rows(monkeypatch: pytest.MonkeyPatch, versions: list[Segments]) -> None:
    """However many paragraphs are aligned together, rows are the same; progress counts paragraphs."""
    bounds = [bounds_of(LENGTHS)] * 3
    together = spans_of(align_sentences(paragraph_rows(), bounds, versions, CALIBRATION))
    monkeypatch.setattr(sentences_module, "PARAGRAPHS_AT_ONCE", 2)
    reported: list[tuple[int, int]] = []
    apart = align_sentences(
        paragraph_rows(), bounds, versions, CALIBRATION, lambda *steps: reported.append(steps)
    )
    assert spans_of(apart) == together
    assert reported == [(2, 5), (4, 5), (5, 5)]


def test_rows_follow_the_paragraphs(versions: list[Segments]) -> None:
    """Rows are in the order of their paragraphs."""
    rows = align_sentences(paragraph_rows(), [bounds_of(LENGTHS)] * 3, versions, CALIBRATION)
    assert all(a.spans[0] < b.spans[0] for a, b in pairwise(rows))
    assert align_sentences([], [bounds_of(LENGTHS)] * 3, versions, CALIBRATION) == []
