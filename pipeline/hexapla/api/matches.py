"""The matches of a text, as a sequence that notebooks show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from hexapla.matches import Match

if TYPE_CHECKING:
    import polars as pl


class Matches(Sequence[Match]):
    """The matches of a text: by percentage, the best first, then of subsegments, then of the same meaning.

    Args:
        query: the text that was looked up.
        found: its matches.

    Attributes:
        query: the text that was looked up.

    Example:
        best = memory.lookup("Decides to remain seized", source="en", target="fr")[0]
    """

    query: str

    def __init__(self, query: str, found: Sequence[Match]) -> None:
        self.query, self._found = query, tuple(found)

    @overload
    def __getitem__(self, place: int) -> Match: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Match, ...]: ...
    def __getitem__(self, place: int | slice) -> Match | tuple[Match, ...]:
        """A match, or those of a slice."""
        return self._found[place]

    def __len__(self) -> int:
        """Number of matches."""
        return len(self._found)

    def __repr__(self) -> str:
        """The text, the number of its matches, and the best percentage."""
        best = f", best {self[0].percentage}%" if self and self[0].percentage is not None else ""
        query = self.query if len(self.query) <= 40 else f"{self.query[:39]}…"
        return f"<Matches of {query!r}: {len(self)}{best}>"

    def to_polars(self) -> pl.DataFrame:
        """Return the matches as a polars frame.

        Returns:
            One row for each match, with a column of translations for each target language.

        Example:
            memory.lookup("Decides to remain seized", source="en", target="fr").to_polars()
        """
        from hexapla.api.frames import frame_of_matches

        return frame_of_matches(self)

    def _repr_html_(self) -> str:
        """Return the matches as a table, for notebooks."""
        from hexapla.api.frames import html_of_matches

        return html_of_matches(self)
