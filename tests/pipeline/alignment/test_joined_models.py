"""Alignment with an encoder that cannot compose vectors."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hexapla.alignment.model import SENTENCES
from hexapla.alignment.segments import Segments
from hexapla.alignment.windowed_alignment import align_segments
from hexapla.alignment.windows import LENGTHS_JOINED, cut_into_windows
from hexapla_models.encoder import Encoder
from support_encoders import PlainEncoder
from support_sentences import make_segments, passages, spans_of

PASSAGES = passages()[:40]
COSTS = 10  # most encodings per aligned segment: its edges, its clauses and the runs of its window


def versions_of(tags: Sequence[str], encoder: Encoder) -> list[Segments]:
    return [make_segments([passage[tag] for passage in PASSAGES], encoder) for tag in tags]


@pytest.mark.parametrize("tags", [("en", "es"), ("zh", "en"), ("en", "ru", "ar")], ids="-".join)
def test_rows_are_those_of_the_encoder_that_composes(tags: tuple[str, ...], encoder: Encoder) -> None:
    """One-to-one passages are found just as well, at a few encodings per segment."""
    plain = PlainEncoder()
    found = spans_of(align_segments(versions_of(tags, plain), SENTENCES))
    assert found == spans_of(align_segments(versions_of(tags, encoder), SENTENCES))
    assert plain.encoded <= COSTS * len(tags) * len(PASSAGES)


def test_windows_are_small_where_every_run_is_encoded(encoder: Encoder) -> None:
    """A document with sure corners is cut into windows of few segments, or larger ones if vectors can be composed."""
    sizes = {}
    for name, each in (("joined", PlainEncoder()), ("composed", encoder)):
        versions = versions_of(("en", "fr"), each)
        windows = list(cut_into_windows(versions, [(0, len(version)) for version in versions]))
        for language in (0, 1):
            spans = [window[language] for window in windows]
            assert [k for span in spans for k in range(*span)] == list(range(len(PASSAGES)))
        sizes[name] = [max(end - start for start, end in window.values()) for window in windows]
    assert sum(size <= LENGTHS_JOINED[1] for size in sizes["joined"]) >= 0.8 * len(sizes["joined"])
    assert max(sizes["composed"]) > 4 * LENGTHS_JOINED[1]


def test_one_version_that_does_not_compose_makes_windows_small(encoder: Encoder) -> None:
    """It is enough that the runs of one version have to be encoded separately."""
    versions = [*versions_of(("en",), encoder), *versions_of(("fr",), PlainEncoder())]
    windows = list(cut_into_windows(versions, [(0, len(version)) for version in versions]))
    assert len(windows) > len(PASSAGES) / 8
