"""Units for a memory of any size, generated from parallel texts: near-duplicates, as in UN documents.

Each unit has an optional item mark, a passage with some figures and words changed, and an optional second, short
passage. Both languages get the same marks and figures. The encoder composes the vector of a unit from its parts, since
encoding a million texts would take an hour.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hexapla.text import joiner, matching_text
from hexapla_models.encoder import Encoder

PASSAGES = 8_000  # variants of passages, few enough for the encoder's cache
SHORT = 60  # maximum characters of a second passage, in the first language
RATES = (0.0, 0.05, 0.1, 0.2, 0.4)  # shares of words changed in a passage
MARKS = ("", *(f"{n}. " for n in range(1, 60)), *(f"({letter}) " for letter in "abcdefghijkl"))
BLOCK = 300_000  # units composed at once

Pair = tuple[str, str]


@dataclass(frozen=True)
class Variants:
    """Units in two languages.

    Attributes:
        languages: the two tags.
        marks: item mark of each unit.
        parts: passages in each language.
        first: index of the first passage of each unit.
        second: index of its second passage; -1 for none.
    """

    languages: Pair
    marks: Sequence[str]
    parts: tuple[Sequence[str], Sequence[str]]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of units."""
        return len(self.first)

    def texts(self, side: int) -> list[str]:
        """Return the texts of all units in the first (0) or second (1) language."""
        parts, space = self.parts[side], joiner(self.languages[side])
        return [
            mark + parts[first] + (space + parts[second] if second >= 0 else "")
            for mark, first, second in zip(self.marks, self.first.tolist(), self.second.tolist(), strict=True)
        ]

    def vectors(self, side: int, encoder: Encoder) -> NDArray[np.float16]:
        """Return the vectors of all units in one language, *Shape:* ``(units, dimension)``."""
        parts = [matching_text(part, self.languages[side]) for part in self.parts[side]]
        found = np.empty((len(self), encoder.dimension), dtype=np.float16)
        for start in range(0, len(self), BLOCK):
            units = range(start, min(start + BLOCK, len(self)))
            runs = [
                [text for text in (self.marks[k], parts[self.first[k]], self._second(parts, k)) if text]
                for k in units
            ]
            spans = encoder.read([text for run in runs for text in run])
            ends = np.cumsum([len(run) for run in runs])
            starts = ends - [len(run) for run in runs]
            for begin in range(0, len(runs), 2_000):
                rows = slice(begin, begin + 2_000)
                found[start + begin : start + begin + len(starts[rows])] = spans.vectors(
                    starts[rows], ends[rows]
                )
        return found

    def _second(self, parts: Sequence[str], unit: int) -> str:
        return parts[self.second[unit]] if self.second[unit] >= 0 else ""


def make_variants(passages: Sequence[Pair], languages: Pair, number: int, seed: int = 0) -> Variants:
    """Make units from parallel passages.

    Args:
        passages: passages in both languages.
        languages: the language tags.
        number: number of units.
        seed: seed of the random numbers.

    Returns:
        The units.
    """
    numbers = random.Random(seed)
    vocabularies = [_vocabulary([pair[side] for pair in passages], languages[side]) for side in (0, 1)]
    short = [pair for pair in passages if len(pair[0]) <= SHORT]
    tails = [_refigured(numbers.choice(short), numbers) for _ in range(PASSAGES // 20)]
    varied = [
        _varied(numbers.choice(passages), languages, vocabularies, numbers)
        for _ in range(PASSAGES - len(tails))
    ]
    parts = [*varied, *tails]
    draw = np.random.default_rng(seed)
    second = draw.integers(len(varied), len(parts), number)
    second[draw.random(number) < 0.4] = -1
    marks = [MARKS[k] for k in draw.integers(0, len(MARKS), number)]
    sides = [pair[0] for pair in parts], [pair[1] for pair in parts]
    return Variants(languages, marks, sides, draw.integers(0, len(varied), number), second)


def make_queries(variants: Variants, side: int, number: int, seed: int = 1) -> list[str]:
    """Make queries: units with up to 30% of the words or characters changed, every fifth with other figures.

    Args:
        variants: the units.
        side: 0 for the first language, 1 for the second.
        number: number of queries.
        seed: seed of the random numbers.

    Returns:
        The texts.
    """
    numbers = random.Random(seed)
    language = variants.languages[side]
    vocabulary = _vocabulary(variants.parts[side], language)
    texts = variants.texts(side)
    queries = []
    for index in range(number):
        text, rate = numbers.choice(texts), numbers.choice((0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3))
        words = list(text) if numbers.random() < 0.3 else _words(text, language)
        changed = _changed(words, vocabulary, rate, numbers)
        text = ("" if len(words) == len(text) else joiner(language)).join(changed)
        queries.append(_refigured((text, ""), numbers)[0] if index % 5 == 0 else text)
    return queries


def _varied(
    pair: Pair, languages: Pair, vocabularies: Sequence[Sequence[str]], numbers: random.Random
) -> Pair:
    rate = numbers.choice(RATES)
    sides = [
        joiner(tag).join(_changed(_words(text, tag), vocabulary, rate, numbers))
        for text, tag, vocabulary in zip(pair, languages, vocabularies, strict=True)
    ]
    return _refigured((sides[0], sides[1]), numbers)


def _refigured(pair: Pair, numbers: random.Random) -> Pair:
    """Replace figures, in the same way in both languages."""
    figures: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        return figures.setdefault(found[0], str(numbers.randrange(10 ** min(len(found[0]), 4))))

    return re.sub(r"\d+", other, pair[0]), re.sub(r"\d+", other, pair[1])


def _changed(
    words: Sequence[str], vocabulary: Sequence[str], rate: float, numbers: random.Random
) -> list[str]:
    """Change a share of the words: of five changes, three replace a word, one drops one and one adds one."""
    changed: list[str] = []
    for word in words:
        drawn = numbers.random()
        if drawn < 0.6 * rate:
            changed.append(numbers.choice(vocabulary))
        elif drawn >= 0.8 * rate:
            changed.append(word)
            if drawn < rate:
                changed.append(numbers.choice(vocabulary))
    return changed or list(words)


def _words(text: str, language: str) -> list[str]:
    """Split a text into words, or into pairs of characters in scripts without spaces."""
    return text.split() if joiner(language) else [text[k : k + 2] for k in range(0, len(text), 2)]


def _vocabulary(texts: Sequence[str], language: str) -> list[str]:
    return [word for text in texts for word in _words(text, language)]
