"""Texts and memories for tests of look-up: the bundled sample and variations of it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from hexapla.matches import Match
from hexapla.memory.memory import Memory
from hexapla.text import joiner
from hexapla.units import Unit
from hexapla_corpora.sample import gold_rows

SIX = ("zh", "en", "fr", "es", "ru", "ar")


def sample_texts(language: str) -> list[str]:
    """Return the paragraphs and sentences of the bundled sample, each once, in reading order."""
    found = (texts.get(language) for row in gold_rows() for texts in (row.texts, *row.sentences))
    return list(dict.fromkeys(text for text in found if text))


def near_duplicates(language: str, number: int, seed: int = 0) -> list[str]:
    """Return texts of the sample with words (or characters) replaced, dropped and added at several rates."""
    numbers, texts = random.Random(seed), sample_texts(language)
    words = [word for text in texts for word in _words(text, language)]
    return [_changed(numbers.choice(texts), words, language, numbers) for _ in range(number)]


def _words(text: str, language: str) -> list[str]:
    return text.split() if joiner(language) else list(text)


def _changed(text: str, words: list[str], language: str, numbers: random.Random) -> str:
    rate, changed = numbers.choice((0, 0.05, 0.1, 0.2, 0.3)), []
    for word in _words(text, language):
        drawn = numbers.random()
        if drawn < rate / 2:
            changed.append(numbers.choice(words))
        elif drawn >= rate / 4 * 3:
            changed.append(word)
            if drawn < rate:
                changed.append(numbers.choice(words))
    return joiner(language).join(changed) or text


def units_of(each: Iterable[Mapping[str, str]], **attributes: object) -> list[Unit]:
    """Make the units of a document from texts by language; their identifiers are 00000000, 00000001, ..."""
    given = {"document": "A/1", "level": "sentence", "kind": "plain", **attributes}
    return [
        Unit.of_texts(f"{place:08x}", texts, **(given | {"position": float(place)}))
        for place, texts in enumerate(each)
    ]


def memory_of(folder: Path, units: Iterable[Unit]) -> Memory:
    """Make a memory of units."""
    memory = Memory.create(folder / "memory")
    memory.add_units(list(units))
    return memory


def kinds_of(matches: Iterable[Match]) -> list[tuple[str, int | None]]:
    """Return kind and percentage of each match."""
    return [(match.kind.value, match.percentage) for match in matches]
