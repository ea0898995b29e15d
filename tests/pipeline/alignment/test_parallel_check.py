"""The check that the inputs are versions of one document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hexapla.alignment.align import align_documents, align_files
from hexapla.alignment.joint_alignment import JointRow
from hexapla.alignment.model import SENTENCES
from hexapla.alignment.parallel_check import FEWEST, ParallelEvidence, parallel_evidence, unrelated_documents
from hexapla.alignment.windowed_alignment import align_segments
from hexapla.errors import NotParallel
from hexapla.inputs import Input
from hexapla.rows import Level
from hexapla_corpora.document import Block, BlockKind, Document
from hexapla_models.encoder import Encoder
from support_sentences import make_segments, passages

HALF = 30


def document(language: str, first: int, last: int) -> Document:
    blocks = tuple(Block(BlockKind.PLAIN, passage[language]) for passage in passages()[first:last])
    return Document(language, blocks, path=Path(f"{first}-{last}.{language}.txt"))


@pytest.mark.parametrize("segmented", [True, False])
@pytest.mark.parametrize("languages", [("en", "fr"), ("zh", "ar"), ("ru", "es")])
def test_other_passages_are_refused(encoder: Encoder, languages: tuple[str, str], segmented: bool) -> None:
    """Two halves of one text are not versions of each other; the error names both files and the measurements."""
    documents = [document(languages[0], 0, HALF), document(languages[1], HALF, 2 * HALF)]
    with pytest.raises(NotParallel, match=r"standard deviations; .* \(score -\d") as caught:
        align_documents(documents, encoder, segmented=segmented)
    assert all(str(each.path) in str(caught.value) for each in documents)


@pytest.mark.parametrize(
    ("first", "last"), [(0, HALF), (0, 2 * HALF), (10, 25), (0, 6)], ids=["same", "annex", "half", "short"]
)
def test_versions_are_not_refused(encoder: Encoder, first: int, last: int) -> None:
    """A version may have an annex, lack a half, or be short."""
    other = (first, last) if last == 6 else (0, HALF)
    documents = [document("en", *other), document("ru", first, last)]
    rows = align_documents(documents, encoder, levels=(Level.PARAGRAPH,)).rows
    assert sum(row.aligned for row in rows) >= 0.8 * min(len(each.blocks) for each in documents)


def test_sections_in_another_order_are_not_refused(encoder: Encoder) -> None:
    """Moved passages count as aligned."""
    french = document("fr", 20, 40).blocks + document("fr", 0, 20).blocks
    rows = align_documents([document("en", 0, 40), Document("fr", french)], encoder).rows
    assert any(row.moved for row in rows)


@pytest.mark.parametrize("place", [0, 1, 3])
def test_the_unrelated_document_among_many_is_named(encoder: Encoder, place: int) -> None:
    """If one of four files is another document, the error names it and only it."""
    documents = [document(tag, 0, HALF) for tag in ("en", "fr", "es", "ru")]
    unrelated = document(documents[place].language, HALF, 2 * HALF)
    documents[place] = unrelated
    with pytest.raises(NotParallel, match=rf"^{unrelated.path} \({unrelated.language}\) is not") as caught:
        align_documents(documents, encoder)
    assert str(caught.value).count("is not a version of") == 1


def test_very_short_versions_are_not_judged(encoder: Encoder) -> None:
    """Versions with too few segments are not refused, and do not count as evidence for others."""
    texts = passages()
    versions = [
        make_segments([text["en"] for text in texts[: FEWEST - 1]], encoder),
        make_segments([text["fr"] for text in texts[20:40]], encoder),
    ]
    rows = align_segments(versions, SENTENCES)
    assert unrelated_documents(rows, versions, SENTENCES, range(2)) == {}


def test_languages_that_the_encoder_does_not_know_are_not_judged(encoder: Encoder) -> None:
    """Their vectors would not match those of any version."""
    blocks = document("es", HALF, 2 * HALF).blocks
    assert align_documents([document("en", 0, HALF), Document("sw", blocks)], encoder).rows


def test_versions_without_an_aligned_row_are_unrelated(encoder: Encoder) -> None:
    """Versions without a common row are surely unrelated documents."""
    versions = [make_segments(["The harbour froze."], encoder), make_segments(["La piscine."], encoder)]
    rows: Sequence[JointRow] = [JointRow({0: (0, 1)}, 1.0), JointRow({1: (0, 1)}, 1.0)]
    assert parallel_evidence(rows, versions, 0, 1) == ParallelEvidence(0, 0, 0, 0, 0, 0)
    assert parallel_evidence(rows, versions, 0, 1).score < 0


def test_figures_count_for_or_against() -> None:
    """Figures on both sides are evidence for versions, figures on one side against; a few figures say little."""
    none, few, many = (
        (ParallelEvidence(0.5, 0.7, 2, 0.2, n, 0), ParallelEvidence(0.5, 0.7, 2, 0.2, 0, n))
        for n in (0, 1, 40)
    )
    scores = [each.score for each in (many[1], few[1], none[0], few[0], many[0])]
    assert scores == sorted(scores)
    assert scores[0] < 0 < scores[-1]
    assert scores[3] - scores[1] < (scores[-1] - scores[0]) / 4


def test_anchors_are_counted_row_by_row(encoder: Encoder) -> None:
    """A figure agrees if both sides of a row print it, and differs if only one of them does."""
    texts = {
        "en": ["The harbour froze in 1902.", "It thawed on day 40."],
        "fr": ["Gel du port en 1902.", "Le jour 41."],
    }
    versions = [make_segments(texts[tag], encoder) for tag in texts]
    rows: Sequence[JointRow] = [JointRow({0: (k, k + 1), 1: (k, k + 1)}, 1.0) for k in range(2)]
    evidence = parallel_evidence(rows, versions, 0, 1)
    assert (evidence.agreeing, evidence.differing) == (1, 2)


def test_files_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    """Files that are not parallel are refused before any row is returned."""
    paths = []
    for number, language in enumerate(("en", "es")):
        path = tmp_path / f"{language}.txt"
        texts = [passage[language] for passage in passages()[number * HALF : (number + 1) * HALF]]
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        paths.append(Input(path, language))
    with pytest.raises(NotParallel, match="check that all files are versions of one document"):
        align_files(paths, segmented=True)
