"""Documents for a batch, made from passages of a text in several languages; some are bad in a known way."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from _passages import Unit, read_texts

from hexapla.text import joiner

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support_bad_files import BAD_FILES, write_bad_file

STRANGER = "The cat sleeps. Apples are red. Nobody sings at noon, and the lamp is broken again.\n\n"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents on disk.

    Attributes:
        manifest: manifest of the documents.
        bad: for each bad document, by name, words in the reason why it fails.
        pages: mean number of pages of a document, in all languages together; a page has 400 English words.
    """

    manifest: Path
    bad: Mapping[str, str]
    pages: float


def make_corpus(
    folder: Path, data: Path, languages: Sequence[str], documents: int, blocks: int, bad: float
) -> Corpus:
    """Write documents and their manifest.

    Args:
        folder: folder to write to.
        data: folder with a text in several languages; see `_passages.read_texts`.
        languages: languages of each document.
        documents: number of documents.
        blocks: number of passages in each.
        bad: share of bad documents; all kinds of bad document are equally frequent.

    Returns:
        The documents.
    """
    units = [
        unit for text in read_texts(data) for unit in text.units if all(unit.get(tag) for tag in languages)
    ]
    numbers = random.Random(0)
    chosen = sorted(numbers.sample(range(documents), round(bad * documents)))
    kinds = dict(zip(chosen, _kinds(len(chosen)), strict=True))
    rows, reasons, length = ["\t".join(["document", *languages])], {}, 0
    (folder / "files").mkdir(parents=True)
    for number in range(documents):
        name = f"D/{number:05}"
        texts = _texts(units, languages, blocks, numbers)
        length += len(texts["en"].split()) if "en" in texts else 0
        paths = _write(folder / "files", number, texts)
        if number in kinds:
            reasons[name] = _spoil(paths, languages, *kinds[number])
        rows.append("\t".join([name, *(str(paths.get(tag, "")) for tag in languages)]))
    manifest = folder / "manifest.tsv"
    manifest.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return Corpus(manifest, reasons, length / documents / 400 * len(languages))


def _kinds(count: int) -> list[tuple[str, str]]:
    """Kinds of bad input, in rotation, each with words of its message."""
    known = [*BAD_FILES, ("alone", "is in one language"), ("stranger", "is not a version of")]
    return [known[number % len(known)] for number in range(count)]


def _texts(
    units: Sequence[Unit], languages: Sequence[str], blocks: int, numbers: random.Random
) -> dict[str, str]:
    """Make a document of passages, each with a number to make it different."""
    chosen = [(unit, numbers.randrange(1000)) for unit in numbers.sample(units, blocks)]
    return {
        tag: "".join(f"{joiner(tag).join(unit[tag])} ({figure})\n\n" for unit, figure in chosen)
        for tag in languages
    }


def _write(folder: Path, number: int, texts: Mapping[str, str]) -> dict[str, Path]:
    paths = {tag: folder / f"{number:05}.{tag}.txt" for tag in texts}
    for tag, path in paths.items():
        path.write_text(texts[tag], encoding="utf-8")
    return paths


def _spoil(paths: dict[str, Path], languages: Sequence[str], name: str, words: str) -> str:
    """Spoil a document in one of its languages, and return words of the expected reason."""
    tag = languages[-1]
    if name == "alone":
        for other in languages[1:]:
            del paths[other]
    elif name == "stranger":
        paths[tag].write_text(STRANGER * 20, encoding="utf-8")
    else:
        folder = paths[tag].with_suffix("")
        folder.mkdir()
        paths[tag] = folder / name
        write_bad_file(paths[tag])
    return words
