"""Lists: bullets, and the depth and reading of printed numbers, which depend on the numbers before them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from hexapla_corpora.numerals import letter_label
from hexapla_corpora.printed_numbers import NumberStyle, PrintedNumber, readings

_BULLET = re.compile(r"\s*[-–—−•·‣▪■◦○●♦*]\s+(?=\S)")
_MAXIMUM_DEPTH = 3
_ENYE = 15  # position of ñ in the Spanish alphabet

_Form = tuple[NumberStyle | None, bool, bool]


def starts_with_bullet(text: str) -> bool:
    """Whether a paragraph begins with a dash or another bullet."""
    return _BULLET.match(text) is not None


def _form(number: PrintedNumber) -> _Form:
    return (number.style, number.enclosed, number.label.isupper())


@dataclass(slots=True)
class ListReader:
    """Tracker of the numbers of a document's paragraphs, in reading order.

    Attributes:
        open_lists: form and last ordinal of each open list, outermost first.
        after_enye: whether the open list counts ñ as a letter, as Spanish lists do.
    """

    open_lists: list[tuple[_Form, int]] = field(default_factory=list)
    after_enye: bool = False

    def read(self, text: str, following: str = "") -> PrintedNumber | None:
        """Return the reading of the number at the start of a text that best fits the numbers around it.

        Args:
            text: a paragraph, or just a printed number.
            following: the next paragraph, to distinguish "(h) (i) (j)" from "(h) (i) (ii)".

        Returns:
            The reading; None if the text does not begin with a number.
        """
        found = [self._shifted(reading) for reading in readings(text)]
        possible = [reading for reading in found if self._continues(reading)]
        possible += [reading for reading in found if reading.ordinal == 1 and reading not in possible]
        if len(possible) > 1:
            after = [(_form(reading), reading.ordinal - 1) for reading in readings(following)]
            confirmed = [reading for reading in possible if (_form(reading), reading.ordinal) in after]
            possible = confirmed or possible
        likely = possible or found
        return likely[0] if likely else None

    def enter(self, number: PrintedNumber | None) -> int:
        """Record a list item and return its depth.

        Args:
            number: the item's number; None for a bullet.

        Returns:
            The depth, from 1 to 3.
        """
        form: _Form = _form(number) if number else (None, False, False)
        for depth, (known, _) in enumerate(self.open_lists):
            if known == form:
                del self.open_lists[depth:]
                break
        self.open_lists.append((form, number.ordinal if number else 0))
        self.after_enye = number is not None and (self.after_enye or "ñ" in number.printed)
        return min(len(self.open_lists), _MAXIMUM_DEPTH)

    def close(self) -> None:
        """Close all lists; call it at running text or a numbered paragraph."""
        self.open_lists.clear()
        self.after_enye = False

    def _continues(self, number: PrintedNumber) -> bool:
        return any(form == _form(number) and number.ordinal == last + 1 for form, last in self.open_lists)

    def _shifted(self, number: PrintedNumber) -> PrintedNumber:
        """Count a letter after ñ one higher than in the English alphabet."""
        if not self.after_enye or number.style is not NumberStyle.LETTER or "ñ" in number.printed:
            return number
        ordinal = number.ordinal + 1
        return replace(number, ordinal=ordinal, label=letter_label(ordinal)) if ordinal > _ENYE else number
