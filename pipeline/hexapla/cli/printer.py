"""What the commands on a memory print for people: paragraphs with marked stretches, in terminal cells.

A Chinese character takes two cells and an Arabic vowel none (Unicode Standard Annex 11). Arabic is printed in its
logical order, as terminals expect it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Span = tuple[int, int]

INDENT = 2
_NARROWEST = 20  # cells for a text, however narrow the terminal is
_LINE_ENDS = dict.fromkeys(map(ord, "\n\r\t\v\f\x85\u2028\u2029"), " ")  # of which offsets must not change
SHORTENED = 200  # characters of a text that are shown where many are listed
DIFFERENCE, HIT = "bold red", "bold reverse"


class Printer:
    """Prints to standard output, with colours only on a terminal.

    Args:
        err: print to standard error instead.
    """

    def __init__(self, *, err: bool = False) -> None:
        from rich.console import Console

        self._console: Console = Console(
            stderr=err, highlight=False, emoji=False, markup=False, soft_wrap=False
        )

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line, however long it is."""
        self._console.print(text, style=style, soft_wrap=True)

    def paragraph(
        self,
        label: str,
        text: str,
        *,
        width: int,
        marks: Iterable[Span] = (),
        style: str = DIFFERENCE,
        indent: int = INDENT,
    ) -> None:
        """Print a text beside its label, wrapped.

        Args:
            label: printed before the first line.
            text: the text.
            width: cells of the column of labels.
            marks: stretches of the text to mark.
            style: of marked stretches.
            indent: cells before the label.
        """
        from rich.text import Text

        rich = Text(text.translate(_LINE_ENDS))
        for start, end in marks:
            rich.stylize(style, start, end)
        left = indent + width + 2
        room = max(_NARROWEST, self._console.width - left)
        lines = _cut(rich, room) if _is_wide(text) else rich.wrap(self._console, room)
        for place, line in enumerate(lines):
            line.rstrip()
            lead = f"{'':{indent}}{label:{width}}  " if place == 0 else " " * left
            self._console.print(Text.assemble((lead, "dim"), line), soft_wrap=True)

    def table(self, rows: Sequence[Sequence[str]], *, right: Iterable[int] = ()) -> None:
        """Print rows in columns that are as wide as their texts.

        Args:
            rows: the cells, headings first.
            right: columns that are set flush right.
        """
        from rich.cells import cell_len

        flush = set(right)
        widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        for place, row in enumerate(rows):
            cells = [
                " " * (width - cell_len(cell)) + cell if i in flush else cell + " " * (width - cell_len(cell))
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            self.line("  ".join(cells).rstrip(), style="" if place else "bold")


def _is_wide(text: str) -> bool:
    """Whether most characters take two cells, as in Chinese, which has no spaces to break lines at."""
    from rich.cells import cell_len

    return cell_len(text) > 1.5 * len(text)


def _cut(text: Text, width: int) -> Iterable[Text]:
    """A text in lines of so many cells, which may end after any character."""
    from rich.cells import cell_len

    cuts, used = [], 0
    for place, character in enumerate(text.plain):
        cells = cell_len(character)
        if used + cells > width:
            cuts.append(place)
            used = 0
        used += cells
    return text.divide(cuts)


def shortened(text: str, most: int = SHORTENED, *, end: bool = False) -> str:
    """A text in one line, with an ellipsis where it is cut: at its end, or at its beginning if the end is wanted."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return f"…{text[1 - most :]}" if end else f"{text[: most - 1]}…"
