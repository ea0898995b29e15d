"""Whole versions aligned window by window."""

from __future__ import annotations

import pytest

from hexapla.alignment import windowed_alignment as windowed_module
from hexapla.alignment import windows as windows_module
from hexapla.alignment.model import SENTENCES
from hexapla.alignment.segments import Segments
from hexapla.alignment.threads import threads, use_one_thread
from hexapla.alignment.windowed_alignment import align_pairs, align_segments, align_windows, length_ratio
from hexapla.alignment.windows import cut_into_windows
from hexapla_models.encoder import Encoder
from support_sentences import LANGUAGES, assert_partition, make_segments, passages, spans_of

ENGLISH = (
    ("The river", "The lake", "The canal", "The harbour", "The bridge", "The dam", "The island", "The coast"),
    ("froze", "flooded", "was surveyed", "was painted", "was closed", "was photographed", "was sold"),
    ("in January", "in March", "in May", "in July", "in August", "in October", "on Sunday"),
    ("at night", "by the army", "without warning", "for two weeks"),
)
SPANISH = (
    ("El río", "El lago", "El canal", "El puerto", "El puente", "La presa", "La isla", "La costa"),
    ("se congeló", "se inundó", "se midió", "se pintó", "se cerró", "se fotografió", "se vendió"),
    ("en enero", "en marzo", "en mayo", "en julio", "en agosto", "en octubre", "el domingo"),
    ("de noche", "por el ejército", "sin aviso", "durante dos semanas"),
)


def lines(parts: tuple[tuple[str, ...], ...], count: int, first: int = 0) -> list[str]:
    """Short lines, all different and in an order that their words do not reveal."""
    numbers = [(first + k) * 619 % 1568 for k in range(count)]
    return [
        f"{parts[0][k % 8]} {parts[1][k // 8 % 7]} {parts[2][k // 56 % 7]} {parts[3][k // 392]}."
        for k in numbers
    ]


def edited(texts: list[str]) -> tuple[list[str], list[dict[int, tuple[int, int]]]]:
    """A version in which every 50th line is missing and every 70th is joined to the next, and the right rows."""
    kept: list[str] = []
    rows: list[dict[int, tuple[int, int]]] = []
    k = 0
    while k < len(texts):
        if k % 50 == 25:
            rows.append({0: (k, k + 1)})
        elif k % 70 == 60 and k + 1 < len(texts) and (k + 1) % 50 != 25:
            rows.append({0: (k, k + 2), 1: (len(kept), len(kept) + 1)})
            kept.append(f"{texts[k]} {texts[k + 1]}")
            k += 1
        else:
            rows.append({0: (k, k + 1), 1: (len(kept), len(kept) + 1)})
            kept.append(texts[k])
        k += 1
    return kept, rows


def two_versions(count: int, encoder: Encoder) -> tuple[list[Segments], list[dict[int, tuple[int, int]]]]:
    """English lines and their edited Spanish version, and the right rows."""
    spanish, expected = edited(lines(SPANISH, count))
    return [make_segments(lines(ENGLISH, count), encoder), make_segments(spanish, encoder)], expected


def test_a_long_document_aligns_as_well_as_a_short_one(encoder: Encoder) -> None:
    """Of 600 lines in many windows, nearly all rows are right, including those of missing and merged lines."""
    long, expected = two_versions(600, encoder)
    rows = align_segments(long, SENTENCES)
    assert_partition(rows, [(0, len(version)) for version in long])
    found = spans_of(rows)
    assert sum(row in found for row in expected) >= 0.99 * len(expected)


@pytest.mark.parametrize("longest", [30, 120])
def test_windows_do_not_change_the_rows(
    monkeypatch: pytest.MonkeyPatch, encoder: Encoder, longest: int
) -> None:
    """A document aligned in several windows has the same rows as in one."""
    versions, _ = two_versions(240, encoder)
    rows = spans_of(align_segments(versions, SENTENCES))
    monkeypatch.setattr(windows_module, "LENGTHS", (20, longest))
    assert spans_of(align_segments(versions, SENTENCES)) == rows
    monkeypatch.setattr(windows_module, "LENGTHS", (20, 1_000))
    assert spans_of(align_segments(versions, SENTENCES)) == rows


@pytest.mark.parametrize("place", [0, 40, 80])
def test_a_passage_longer_than_a_stretch_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, encoder: Encoder, place: int
) -> None:
    """If one version has 90 more lines, the stretch of 30 is widened until it reaches the lines after them."""
    monkeypatch.setattr(windows_module, "STRETCH", 30)
    texts = lines(ENGLISH, 80)
    extra = [f"{passage['en']} ({k})" for k, passage in enumerate((*passages(), *passages()[:19]))]
    texts[place:place] = extra
    versions = [make_segments(texts, encoder), make_segments(lines(SPANISH, 80), encoder)]
    rows = align_segments(versions, SENTENCES)
    assert_partition(rows, [(0, len(texts)), (0, 80)])
    expected = [
        {0: (k + len(extra) * (k >= place), k + 1 + len(extra) * (k >= place)), 1: (k, k + 1)}
        for k in range(80)
    ]
    found = spans_of(rows)
    assert sum(row in found for row in expected) >= 77


@pytest.mark.parametrize("ranges", [[(0, 240), (0, 241)], [(5, 200), (9, 190)], [(3, 4), (3, 4)]])
def test_windows_follow_each_other(encoder: Encoder, ranges: list[tuple[int, int]]) -> None:
    """Each window begins in each version where the previous one ended, and together they hold the requested ranges."""
    versions, _ = two_versions(250, encoder)
    windows = list(cut_into_windows(versions, ranges))
    for language, (start, end) in enumerate(ranges):
        spans = [window[language] for window in windows if language in window]
        assert [place for span in spans for place in range(*span)] == list(range(start, end))


@pytest.mark.parametrize("ranges", [[(0, 0), (0, 3)], [(2, 2), (1, 1)], [(0, 3), (3, 3)]])
def test_an_empty_range_leaves_the_other_alone(encoder: Encoder, ranges: list[tuple[int, int]]) -> None:
    """If the other version has no segments, every segment is left alone."""
    versions, _ = two_versions(5, encoder)
    windows = list(cut_into_windows(versions, ranges))
    rows = [row for window in align_windows(versions, windows, SENTENCES) for row in window]
    assert_partition(rows, ranges)
    assert all(len(row.spans) == 1 for row in rows)


def test_versions_that_have_nothing_in_common_are_cut_too(encoder: Encoder) -> None:
    """If no corner is sure, windows do not exceed the limit, and no segment is lost."""
    chinese = make_segments(["水"] * 1_700, encoder)
    english = make_segments(["Stones."] * 900, encoder)
    windows = list(cut_into_windows([chinese, english], [(0, 1_700), (0, 900)]))
    assert (
        max(end - start for window in windows for start, end in window.values())
        <= windows_module.LARGEST_WINDOW
    )
    assert sum(end - start for window in windows for start, end in window.values()) == 2_600


def test_progress_counts_segments(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    """Progress rises to all segments of all versions."""
    monkeypatch.setattr(windowed_module, "WINDOWS_AT_ONCE", 1)
    versions, _ = two_versions(300, encoder)
    reported: list[tuple[int, int]] = []
    align_segments(versions, SENTENCES, progress=lambda done, total: reported.append((done, total)))
    total = sum(len(version) for version in versions)
    assert reported[-1] == (total, total)
    assert sorted(reported) == reported
    assert len(reported) > 2


def test_length_ratio_is_of_bytes(encoder: Encoder) -> None:
    """A Chinese character counts as its three bytes."""
    chinese, english = make_segments(["水位", ""], encoder), make_segments(["a" * 13], encoder)
    assert length_ratio(chinese, english) == pytest.approx(2)


def test_two_versions_have_the_rows_of_their_pair(encoder: Encoder) -> None:
    """With two versions there is one pair, which has the rows of the document over all its windows."""
    versions, _ = two_versions(150, encoder)
    pairs = align_pairs(versions, SENTENCES)
    assert pairs.keys() == {(0, 1)}
    assert spans_of(pairs[0, 1]) == spans_of(align_segments(versions, SENTENCES))


def test_every_pair_has_separate_rows(encoder: Encoder) -> None:
    """Segments that only a third version merges stay apart in the pair of the others."""
    texts = [[passage[tag] for passage in passages()[:10]] for tag in ("en", "fr", "es")]
    texts[2][3:5] = [" ".join(texts[2][3:5])]
    versions = [make_segments(each, encoder) for each in texts]
    pairs = align_pairs(versions, SENTENCES)
    assert list(pairs) == [(0, 1), (0, 2), (1, 2)]
    for (a, b), rows in pairs.items():
        assert {language for row in rows for language in row.spans} == {a, b}
        for language in (a, b):
            places = [k for row in rows if language in row.spans for k in range(*row.spans[language])]
            assert places == list(range(len(versions[language])))
        assert all(0 <= row.probability <= 1 for row in rows)
    assert spans_of(pairs[0, 1]) == [{0: (k, k + 1), 1: (k, k + 1)} for k in range(10)]
    assert {0: (3, 5), 2: (3, 4)} in spans_of(pairs[0, 2])
    assert {1: (3, 5), 2: (3, 4)} in spans_of(pairs[1, 2])


def test_one_thread_gives_the_rows_of_two(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Aligned in one thread, as in a process with one core, versions have the same rows."""
    texts = passages()[:12]
    versions = [make_segments([passage[tag] for passage in texts], encoder) for tag in LANGUAGES[:3]]
    two = align_segments(versions, SENTENCES)
    monkeypatch.setattr("hexapla.alignment.threads._number", 2)  # restored at the end
    use_one_thread()
    one = align_segments(versions, SENTENCES)
    assert threads() == 1
    assert spans_of(one) == spans_of(two)
    assert [row.probability for row in one] == pytest.approx([row.probability for row in two], abs=1e-6)
