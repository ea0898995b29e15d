"""Analysis: how much of a text a memory covers, in segments and words by match band, as CAT tools count it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hexapla.compare.comparable import as_seen
from hexapla.matches import MatchKind
from hexapla.pretranslation import SegmentMatches

# Ideographs and kana, each of which counts as a word.
_EAST_ASIAN = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd]"
)


class Band(StrEnum):
    """The band in which a segment is counted; if several apply, the first one."""

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
        """The name to display, with the percentage."""
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
    """A number of segments, and their length.

    Attributes:
        segments: number of segments.
        words: number of words, see `count_words`.
        characters: number of characters, without white space.
    """

    segments: int = 0
    words: int = 0
    characters: int = 0

    def __add__(self, other: Count) -> Count:
        """Return the sum."""
        return Count(
            self.segments + other.segments, self.words + other.words, self.characters + other.characters
        )


@dataclass(frozen=True, slots=True)
class FileAnalysis:
    """The analysis of a file, or of several together.

    Attributes:
        name: name of the file.
        bands: count of each band, in their order.
        warnings: sentences for the user, such as that the text is in another language than declared.
    """

    name: str
    bands: dict[Band, Count] = field(default_factory=lambda: dict.fromkeys(Band, Count()))
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> Count:
        """The sum of all bands."""
        return sum(self.bands.values(), Count())


class Analysis:
    """An analysis of files, one after the other; the same text in a later file is a repetition across files."""

    def __init__(self) -> None:
        self.files: list[FileAnalysis] = []
        self._known: set[str] = set()

    def __repr__(self) -> str:
        """The files, and how many of their segments have a match."""
        counts = [file.total.segments - file.bands[Band.NONE].segments for file in self.files]
        segments = sum(file.total.segments for file in self.files)
        names = ", ".join(file.name for file in self.files)
        return f"<Analysis of {names}: {sum(counts)} of {segments} segments have a match>"

    def add(
        self, name: str, segments: Iterable[SegmentMatches], warnings: Sequence[str] = ()
    ) -> FileAnalysis:
        """Count another file.

        Args:
            name: name of the file.
            segments: its segments, in order; those without visible text are not counted.
            warnings: warnings for the user.

        Returns:
            The counts of the file.
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
        """Return the sum of all files."""
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
    """Count the words of a text, as CAT tools do.

    A word is a run of characters without white space that contains a letter or digit. Each Chinese character and each
    kana is a word too, and ends the word before it; other signs of these scripts are not words.

    Args:
        text: a text in any language.

    Returns:
        The number of words.
    """
    characters = [found[0] for found in _EAST_ASIAN.finditer(text)]
    others = _EAST_ASIAN.sub(" ", text).split()
    return sum(any(map(str.isalnum, word)) for word in (*characters, *others))
