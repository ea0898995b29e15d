"""The bundled sample: its gold rows agree exactly with its files."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest

from hexapla_corpora.document import BlockKind
from hexapla_corpora.sample import LANGUAGES, gold_rows, sample_files

SIX = pytest.mark.parametrize("language", LANGUAGES)
NOTE = re.compile(r"[¹²³⁴⁵⁶*] ")
MARKS = re.compile(r"(?<!^)[¹²³⁴⁵⁶*]")


def markdown(language: str) -> str:
    return sample_files()[language].read_text(encoding="utf-8")


def plain_blocks(language: str) -> list[str]:
    """Split a file into its blocks, in order and without markup; each table cell is a block."""
    text = re.sub(r"\[([^\]]+)\]\(#\)", r"\1", markdown(language)).replace("**", "")
    blocks: list[str] = []
    for line in filter(None, text.split("\n")):
        if not line.startswith("|"):
            blocks.append(line.lstrip("#").strip())
        elif "---" not in line:
            blocks.extend(cell.strip() for cell in line.strip("|").split("|"))
    return blocks


def gold_texts(language: str, *, footnotes: bool) -> list[str]:
    rows = (row for row in gold_rows() if (row.kind is BlockKind.FOOTNOTE) is footnotes)
    return [row.texts[language] for row in rows if language in row.texts]


def without_space(texts: list[str]) -> str:
    return re.sub(r"\s", "", "".join(texts))


def test_files_are_in_the_order_of_the_languages() -> None:
    """The sample's files exist, in the order zh, en, fr, es, ru, ar."""
    assert list(sample_files()) == ["zh", "en", "fr", "es", "ru", "ar"]
    assert all(path.is_file() for path in sample_files().values())


@SIX
def test_gold_has_exactly_the_body(language: str) -> None:
    """Joined in order, the gold rows are the file's text without markup and footnotes."""
    body = [block for block in plain_blocks(language) if not NOTE.match(block)]
    assert without_space(gold_texts(language, footnotes=False)) == without_space(body)


@SIX
def test_gold_has_the_footnotes_in_the_order_of_their_marks(language: str) -> None:
    """The last gold rows are the file's footnotes, each with its mark in the text."""
    notes = [block for block in plain_blocks(language) if NOTE.match(block)]
    assert gold_texts(language, footnotes=True) == notes
    body = "".join(block + "\n" for block in plain_blocks(language) if not NOTE.match(block))
    assert MARKS.findall(body) == [note[0] for note in notes]


@SIX
def test_gold_texts_are_blocks_of_the_file(language: str) -> None:
    """Each gold text is exactly a block of the file, except for the cut and the merged paragraph."""
    blocks = Counter(plain_blocks(language))
    apart = [row for row in gold_rows() if language in row.texts and not blocks[row.texts[language]]]
    merged = [] if language == "es" else ["p18"]
    cut = {"zh": "p12", "en": "p19", "fr": "p30", "es": "p35", "ru": "p15", "ar": "p62"}[language]
    assert sorted(row.id for row in apart) == sorted([cut, *merged])


@SIX
def test_one_paragraph_is_cut_inside_a_sentence(language: str) -> None:
    """The parts of the cut paragraph are around footnotes; joined, they are a text of the gold rows."""
    blocks = plain_blocks(language)
    separator = "" if language == "zh" else " "
    texts = set(gold_texts(language, footnotes=False))
    joined = []
    for index, block in enumerate(blocks[:-1]):
        after = next((other for other in blocks[index + 1 :] if not NOTE.match(other)), "")
        if after and NOTE.match(blocks[index + 1]) and block + separator + after in texts:
            joined.append((block, after))
    assert len(joined) == 1
    before, after = joined[0]
    assert before[-1].isalpha()
    assert after[0].isalpha() and not after[0].isupper()


def test_footnotes_are_at_different_places_in_each_language() -> None:
    """No two languages have their page ends at the same paragraphs."""
    places = {tuple(bool(NOTE.match(block)) for block in plain_blocks(language)) for language in LANGUAGES}
    assert len(places) == len(LANGUAGES)


def test_one_paragraph_is_missing_and_one_merged() -> None:
    """Russian lacks one preambular paragraph, and Spanish merges two into one block."""
    short = [row for row in gold_rows() if len(row.texts) < len(LANGUAGES)]
    assert [(row.kind, set(LANGUAGES) - set(row.texts)) for row in short] == [(BlockKind.PREAMBULAR, {"ru"})]
    counts = {
        language: len([b for b in plain_blocks(language) if not NOTE.match(b)]) for language in LANGUAGES
    }
    assert counts == {"zh": 64, "en": 64, "fr": 64, "es": 63, "ru": 63, "ar": 64}


def test_rows_are_numbered_as_printed() -> None:
    """Ids are consecutive, operative paragraphs run from 1 to 14, and lists have their letters and Roman numerals."""
    rows = gold_rows()
    assert [row.id for row in rows] == [f"p{index:02d}" for index in range(1, len(rows) + 1)]
    numbers = {kind: [row.number for row in rows if row.kind is kind] for kind in BlockKind}
    assert numbers[BlockKind.OPERATIVE] == [str(number) for number in range(1, 15)]
    assert numbers[BlockKind.LIST_ITEM] == ["a", "b", "i", "ii", "c", "a", "b", "c"]
    assert numbers[BlockKind.FOOTNOTE] == ["*", "1", "2", "3", "4", "5", "6"]
    assert numbers[BlockKind.HEADING] == [None, None, "I", "II"]
    assert len(numbers[BlockKind.TABLE_CELL]) == 12


def test_sentence_rows_make_up_their_paragraph() -> None:
    """Joined in order, the sentence rows of a paragraph give its text in every language."""
    split = [row for row in gold_rows() if row.sentences]
    for row in split:
        for language in LANGUAGES:
            separator = "" if language == "zh" else " "
            joined = separator.join(sentence[language] for sentence in row.sentences)
            assert joined == row.texts[language]
    assert len(split) == 5


@SIX
def test_text_is_composed(language: str) -> None:
    """The files are in Unicode NFC, without line breaks inside paragraphs or spaces at line ends."""
    text = markdown(language)
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"[ \t]\n|\n\n\n|\r|\t|  |\ufeff", text)


@SIX
def test_quotes_are_those_of_the_language(language: str) -> None:
    """Quotes and apostrophes are typographic, and differ by language."""
    quotes = {"zh": "“”", "en": "“”", "fr": "«»", "es": "«»", "ru": "«»", "ar": "”“"}[language]
    found = re.findall(r"[\"'“”„«»]", markdown(language))
    assert "".join(found) == quotes * (len(found) // 2)


def test_french_puts_fixed_spaces_at_punctuation() -> None:
    """In the French version, a no-break space is before ; : and » and after «."""
    text = markdown("fr")
    assert not re.search(r"[^\u00a0](?=[;:»])|«(?!\u00a0)", text)
