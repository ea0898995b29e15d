"""Whole alignments of the bundled sample and of small inputs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from hexapla.alignment.align import align_documents, align_files
from hexapla.errors import InputError
from hexapla.inputs import Input
from hexapla.rows import Alignment, Level, Row
from hexapla_corpora.document import Block, BlockKind, Document
from hexapla_corpora.errors import EmptyDocument
from hexapla_corpora.sample import LANGUAGES, gold_rows, sample_files
from hexapla_models.encoder import Encoder
from hexapla_models.errors import UnknownEncoder
from support_sentences import PASSAGES


@pytest.fixture(scope="module")
def sample() -> Alignment:
    """The bundled sample, aligned from its files."""
    return align_files([Input(path, language) for language, path in sample_files().items()])


def without_space(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: re.sub(r"\s", "", text) for language, text in texts.items()}


def rows_of(alignment: Alignment, level: Level) -> list[Row]:
    return [row for row in alignment.rows if row.level == level]


def texts_of(alignment: Alignment, level: Level) -> list[dict[str, str]]:
    return [without_space(row.texts) for row in rows_of(alignment, level)]


def test_all_paragraphs_of_the_sample_are_right(sample: Alignment) -> None:
    """Every gold row is found exactly, in all six languages, and there are no other rows."""
    expected = [without_space(row.texts) for row in gold_rows()]
    found = texts_of(sample, Level.PARAGRAPH)
    assert [row for row in expected if row not in found] == []
    assert len(found) == len(expected) == 69


def test_all_sentences_of_the_sample_are_right(sample: Alignment) -> None:
    """Every gold sentence row is found exactly, and there are no other rows."""
    expected = [without_space(s) for row in gold_rows() for s in row.sentences or (row.texts,)]
    found = texts_of(sample, Level.SENTENCE)
    assert [row for row in expected if row not in found] == []
    assert len(found) == len(expected) == 79


def test_rows_have_kind_number_and_symbol(sample: Alignment) -> None:
    """Kinds and numbers of paragraphs are those of the gold rows, and all rows have the document's symbol."""
    rows = rows_of(sample, Level.PARAGRAPH)
    assert [row.kind for row in rows] == [gold.kind for gold in gold_rows()]
    for row, gold in zip(rows, gold_rows(), strict=True):
        if row.kind not in (
            BlockKind.LIST_ITEM,
            BlockKind.HEADING,
        ):  # Chinese, the first, prints 一 for I and i
            assert row.number == gold.number
    assert [row.number for row in rows if row.kind == BlockKind.HEADING] == [None, None, "1", "2"]
    assert {row.symbol for row in sample.rows} == {sample.symbol} == {"A/81/L.47"}


def test_languages_are_detected() -> None:
    """Inputs without a language are aligned under the detected tags."""
    paths = sample_files()
    alignment = align_files([Input(paths[tag]) for tag in ("ar", "zh", "en")], levels=(Level.PARAGRAPH,))
    assert alignment.languages == ("ar", "zh-Hans", "en")


def test_languages_come_as_given(sample: Alignment) -> None:
    """Rows have the languages in the order of the inputs."""
    assert sample.languages == LANGUAGES
    assert all(list(row.texts) == [tag for tag in LANGUAGES if tag in row.texts] for row in sample.rows)


@pytest.mark.parametrize("level", list(Level))
def test_every_segment_is_in_one_row(sample: Alignment, level: Level) -> None:
    """Blocks and sentences are numbered from 0 in every language, each once and in reading order."""
    for document in sample.documents:
        numbers = [n for row in rows_of(sample, level) for n in row.segments.get(document.language, ())]
        assert numbers == list(range(len(numbers)))
        assert level == Level.SENTENCE or len(numbers) == len(document.blocks)
    assert all(row.segments.keys() == row.texts.keys() for row in sample.rows)


def test_ids_are_unique_and_probabilities_high(sample: Alignment) -> None:
    """No two rows have the same identifier, and right rows are mostly sure."""
    assert max(Counter(row.id for row in sample.rows).values()) == 1
    assert all(0 <= row.probability <= 1 for row in sample.rows)
    assert sum(row.probability > 0.5 for row in sample.rows) > 0.95 * len(sample.rows)


def test_the_signature_says_how_it_was_made(sample: Alignment) -> None:
    """Version, model, hash of the weights and parameters are recorded."""
    assert sample.signature.model == "embedded"
    assert re.fullmatch("[0-9a-f]{12}", sample.signature.model_hash)
    assert sample.signature.parameters == {"levels": "paragraph+sentence", "segmented": False}


def test_ids_stay_when_a_version_is_left_out(sample: Alignment, encoder: Encoder) -> None:
    """Aligned again without Arabic, the passages keep their identifiers."""
    again = align_documents(sample.documents[:-1], encoder)
    paragraphs = [row.id for row in rows_of(sample, Level.PARAGRAPH)]
    assert [row.id for row in rows_of(again, Level.PARAGRAPH)] == paragraphs


@pytest.mark.parametrize("level", list(Level))
def test_only_the_requested_level_is_returned(encoder: Encoder, level: Level) -> None:
    """Only rows of the requested level are returned."""
    documents = [
        Document(tag, tuple(Block(BlockKind.PLAIN, passage[tag]) for passage in PASSAGES))
        for tag in ("en", "ru")
    ]
    alignment = align_documents(documents, encoder, levels=(level,))
    assert [row.level for row in alignment.rows] == [level] * len(PASSAGES)
    assert all(row.aligned for row in alignment.rows)


def write_lines(folder: Path, language: str, *lines: str) -> Input:
    path = folder / f"{language}.txt"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return Input(path, language)


def test_segmented_inputs_are_aligned_without_splitting(tmp_path: Path) -> None:
    """Lines are not split and keep their numbers; empty lines are aligned with nothing."""
    english = [passage["en"] for passage in PASSAGES]
    arabic = [passage["ar"] for passage in PASSAGES]
    english[2:4] = [f"{english[2]} {english[3]}"]
    arabic.insert(1, "")
    inputs = [write_lines(tmp_path, "en", *english), write_lines(tmp_path, "ar", *arabic)]
    alignment = align_files(inputs, segmented=True)
    assert {row.level for row in alignment.rows} == {Level.SENTENCE}
    found = [(row.segments["en"], row.segments["ar"]) for row in alignment.rows if row.aligned]
    assert found == [((0,), (0,)), ((1,), (2,)), ((2,), (3, 4)), *(((k,), (k + 2,)) for k in range(3, 7))]
    alone = [row for row in alignment.rows if not row.aligned]
    assert [(dict(row.texts), dict(row.segments)) for row in alone] == [({"ar": ""}, {"ar": (1,)})]


def test_progress_is_reported(tmp_path: Path) -> None:
    """Each step reports the amount done and the total, and none exceeds its total."""
    reported: list[tuple[str, int, int]] = []
    inputs = [write_lines(tmp_path, tag, PASSAGES[0][tag], PASSAGES[1][tag]) for tag in ("en", "fr")]
    align_files(inputs, progress=lambda *step: reported.append(step))
    assert list(dict.fromkeys(step for step, _, _ in reported)) == [
        "Reading",
        "Encoding",
        "Aligning",
        "Aligning sentences",
    ]
    assert all(0 <= done <= total for _, done, total in reported)


def test_languages_are_checked_before_the_work(tmp_path: Path) -> None:
    """Languages that the caller refuses are not aligned."""
    inputs = [write_lines(tmp_path, tag, PASSAGES[0][tag]) for tag in ("en", "fr")]
    steps: list[str] = []

    def refuse(languages: tuple[str, ...]) -> None:
        raise InputError(" ".join(languages))

    with pytest.raises(InputError, match=r"^en fr$"):
        align_files(inputs, check=refuse, progress=lambda step, done, total: steps.append(step))
    assert set(steps) == {"Reading"}


@pytest.mark.parametrize("count", [0, 1])
def test_one_file_is_an_error(tmp_path: Path, count: int) -> None:
    """A single file, or none, is an error that says what to do."""
    inputs = [write_lines(tmp_path, "en", "Rain.")][:count]
    with pytest.raises(InputError, match="name two or more"):
        align_files(inputs)


@pytest.mark.parametrize(("first", "second"), [("en", "en"), ("en", "EN"), ("zh-cn", "zh-CN")])
def test_two_files_of_one_language_are_an_error(tmp_path: Path, first: str, second: str) -> None:
    """The error names both files, however the language is written."""
    paths = [tmp_path / "first.txt", tmp_path / "second.txt"]
    for path in paths:
        path.write_text("The rain came late this year.\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        align_files([Input(paths[0], first), Input(paths[1], second)])
    assert all(path.name in str(caught.value) for path in paths)


def test_a_document_that_cannot_be_read_stops_the_work(tmp_path: Path) -> None:
    """The error names the empty file, and nothing is aligned."""
    (tmp_path / "empty.txt").touch()
    with pytest.raises(EmptyDocument, match=r"empty\.txt"):
        align_files([write_lines(tmp_path, "en", "Rain."), Input(tmp_path / "empty.txt", "fr")])


def test_an_unknown_model_is_an_error(tmp_path: Path) -> None:
    """The error names a model that is not in the registry."""
    inputs = [write_lines(tmp_path, tag, PASSAGES[0][tag]) for tag in ("en", "fr")]
    with pytest.raises(UnknownEncoder, match="lasbe"):
        align_files(inputs, model="lasbe")
