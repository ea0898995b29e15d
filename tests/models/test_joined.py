"""Tests of the runs, edges and clauses of an encoder that can only encode texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from hexapla_models.encoder import CHUNK, EDGES, Vectors
from hexapla_models.joined import JoinedSpans, join_texts


class Recorder:
    """An encoder that gives each text a different vector and records the texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return points on the unit circle, by the position of a text among all texts."""
        angles = np.arange(len(self.texts), len(self.texts) + len(texts), dtype=np.float32)
        self.texts += texts
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def clauses_of(text: str) -> tuple[list[str], list[float]]:
    recorder = Recorder()
    chunks = JoinedSpans(recorder.encode, [text]).chunks(0, 1)
    assert list(chunks.bounds) == [0, len(chunks.tokens)]
    return recorder.texts, chunks.tokens.tolist()


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ""),
        (["One."], "One."),
        (["One.", "Two."], "One. Two."),
        (["一。", "二。"], "一。二。"),
        (["一。", "Two."], "一。Two."),
        (["One.", "二。"], "One.二。"),
        (["ตลาด", "เปิด"], "ตลาดเปิด"),
        (["Раз.", "اثنان."], "Раз. اثنان."),
        (["", "Two."], "Two."),
    ],
)
def test_texts_are_joined_as_their_script_requires(texts: list[str], expected: str) -> None:
    """Texts are joined with a space, but without one next to Chinese or Thai."""
    assert join_texts(texts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("Bread", ["Bread"]),
        ("Bread was cheap, milk was dear; nobody complained.", ["Bread was cheap,", "milk was dear;", "nobody complained."]),
        ("Really?! Yes…", ["Really?!", "Yes…"]),
        ("面包便宜，牛奶贵；无人抱怨。", ["面包便宜，", "牛奶贵；", "无人抱怨。"]),
        ("كان الخبز رخيصا، وكان الحليب غاليا.", ["كان الخبز رخيصا،", "وكان الحليب غاليا."]),
        ("...", ["..."]),
        (" ".join("abcdefghijklmnopqr"), ["a b c d e f g h i", "j k l m n o p q r"]),
        ("水" * 36, ["水" * 18] * 2),
    ],
)  # fmt: skip
def test_clauses_end_after_marks(text: str, expected: list[str]) -> None:
    """A text is cut after marks, a long clause evenly, and an empty text is one clause."""
    texts, tokens = clauses_of(text)
    assert list(dict.fromkeys(expected)) == texts  # each is encoded once
    assert len(tokens) == len(expected)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"wheat{k}" for k in range(97)),
        "".join(map(chr, range(0x4E00, 0x4ED3))),
        "One, two, three. " + " ".join(f"barley{k}" for k in range(40)),
    ],
    ids=["words", "characters", "after short clauses"],
)
def test_clauses_are_short(text: str) -> None:
    """No clause has many more tokens than a chunk should have, and the clauses together are the whole text."""
    texts, tokens = clauses_of(text)
    assert 1 <= min(tokens) <= max(tokens) <= 1.5 * CHUNK + 1.5
    assert "".join(texts).replace(" ", "") == text.replace(" ", "")


def test_openings_and_closings_have_as_many_words_as_edges_say() -> None:
    """Texts are cut by words, or by characters in scripts without spaces; short texts are used whole."""
    words = [f"w{k}" for k in range(30)]
    recorder = Recorder()
    spans = JoinedSpans(
        recorder.encode, [" ".join(words), "".join(map(chr, range(0x4E00, 0x4E40))), "Short.", ""]
    )
    assert spans.openings(np.arange(4)).shape == spans.closings(np.arange(4)).shape == (len(EDGES), 4, 2)
    for edge in EDGES:
        count, characters = round(edge * 0.75), round(edge * 1.5)
        assert " ".join(words[:count]) in recorder.texts
        assert " ".join(words[-count:]) in recorder.texts
        assert "".join(map(chr, range(0x4E00, 0x4E00 + characters))) in recorder.texts
        assert "".join(map(chr, range(0x4E40 - characters, 0x4E40))) in recorder.texts
    assert "Short." in recorder.texts


def test_nothing_is_encoded_twice() -> None:
    """Each text is encoded once and has one vector, whatever the order and number of requests."""
    recorder = Recorder()
    spans = JoinedSpans(recorder.encode, ["One, two.", "Three.", "One, two.", ""])
    starts, ends = np.array([0, 1, 0, 2, 0]), np.array([1, 2, 2, 3, 2])
    first = spans.vectors(starts, ends)
    for _ in range(2):
        spans.openings(np.arange(4))
        spans.closings(np.arange(4))
        spans.chunks(0, 4)
        np.testing.assert_array_equal(spans.vectors(starts[::-1], ends[::-1])[::-1], first)
    assert max(Counter(recorder.texts).values()) == 1
    np.testing.assert_array_equal(first[0], first[3])
    np.testing.assert_array_equal(first[2], first[4])


def test_chunks_of_a_part_are_those_of_the_whole() -> None:
    """Segments have the same clauses whichever part is requested; an empty part has none."""
    spans = JoinedSpans(Recorder().encode, ["One, two.", "", "Three; four; five.", "Six."])
    whole, part, none = spans.chunks(0, 4), spans.chunks(1, 3), spans.chunks(2, 2)
    assert list(whole.bounds) == [0, 2, 3, 6, 7]
    assert list(part.bounds) == [0, 1, 4]
    np.testing.assert_array_equal(part.vectors, whole.vectors[2:6])
    np.testing.assert_array_equal(part.tokens, whole.tokens[2:6])
    assert list(none.bounds) == [0]
    assert none.vectors.shape == (0, 2)
