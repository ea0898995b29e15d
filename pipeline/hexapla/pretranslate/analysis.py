"""Analysis: how much of a text a memory has, in segments and words by band of match, as CAT tools count it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hexapla.compare.comparable import as_seen
from hexapla.matches import MatchKind
from hexapla.pretranslation import SegmentMatches

# Ideographs and kana, of which each counts as a word.
_EAST_ASIAN = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd]"
)


class Band(StrEnum):
    """What a segment is counted as; of several that fit, the first."""

    IN_CONTEXT = "in context"
    REPETITION = "repetitions"
    CROSS_FILE = "cross-file repetitions"
    EXACT = "exact"
    PLACEABLES = "placeables"
    FUZZY_95 = "95-99"
    FUZZY_85 = "85-94"
    FUZZY_75 = "75-84"
    FUZZY_50 = "50-74"
    NONE = "no match"

    @property
    def label(self) -> str:
        """What people read: with the percentage."""
        return _LABELS.get(self, f"{self.value}%" if self.name.startswith("FUZZY") else self.value)


_LABELS = {
    Band.IN_CONTEXT: "in context (101%)",
    Band.EXACT: "exact (100%)",
    Band.PLACEABLES: "placeables (99%)",
}
_KINDS = {
    MatchKind.IN_CONTEXT: Band.IN_CONTEXT,
    MatchKind.EXACT: Band.EXACT,
    MatchKind.PLACEABLES: Band.PLACEABLES,
}


@dataclass(frozen=True, slots=True)
class Count:
    """A number of segments and what they hold.

    Attributes:
        segments: how many.
        words: in them, see `count_words`.
        characters: in them, without white space.
    """

    segments: int = 0
    words: int = 0
    characters: int = 0

    def __add__(self, other: Count) -> Count:
        """Both together."""
        return Count(
            self.segments + other.segments, self.words + other.words, self.characters + other.characters
        )


@dataclass(frozen=True, slots=True)
class FileAnalysis:
    """The analysis of a file, or of several together.

    Attributes:
        name: of the file.
        bands: counts of all bands, in their order.
        warnings: sentences for the user, such as a text in another language than was said.
    """

    name: str
    bands: dict[Band, Count] = field(default_factory=lambda: dict.fromkeys(Band, Count()))
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> Count:
        """All bands together."""
        return sum(self.bands.values(), Count())


class Analysis:
    """An analysis of files, one after the other; the same text in a later file is a repetition across files."""

    def __init__(self) -> None:
        self.files: list[FileAnalysis] = []
        self._known: set[str] = set()

    def add(
        self, name: str, segments: Iterable[SegmentMatches], warnings: Sequence[str] = ()
    ) -> FileAnalysis:
        """Count a further file.

        Args:
            name: of the file.
            segments: in its order; those without visible text are not counted.
            warnings: what the user is told of it.

        Returns:
            Its counts.
        """
        counted = FileAnalysis(name, warnings=tuple(warnings))
        here: set[str] = set()
        for segment in segments:
            if text := as_seen(segment.text):
                band = self._band(segment, text, here)
                counted.bands[band] += Count(1, count_words(text), len("".join(text.split())))
                here.add(text)
        self._known |= here
        self.files.append(counted)
        return counted

    def total(self) -> FileAnalysis:
        """All files together."""
        bands = {band: sum((file.bands[band] for file in self.files), Count()) for band in Band}
        return FileAnalysis("total", bands)

    def _band(self, segment: SegmentMatches, text: str, here: set[str]) -> Band:
        closest = segment.closest
        if closest and closest.kind is MatchKind.IN_CONTEXT:
            return Band.IN_CONTEXT
        if text in here:
            return Band.REPETITION
        if text in self._known:
            return Band.CROSS_FILE
        if closest is None:
            return Band.NONE
        return _KINDS.get(closest.kind) or Band(closest.band)


def count_words(text: str) -> int:
    """The number of words of a text, as CAT tools count them.

    A word is what stands between white space and has a letter or digit in it. Each Chinese character and each kana is
    one too, and ends what stands before it; other signs of these scripts are none.

    Args:
        text: in any language.

    Returns:
        The number.
    """
    characters = [found[0] for found in _EAST_ASIAN.finditer(text)]
    others = _EAST_ASIAN.sub(" ", text).split()
    return sum(any(map(str.isalnum, word)) for word in (*characters, *others))
