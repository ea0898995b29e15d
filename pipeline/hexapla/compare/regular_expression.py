"""Regular expressions that users type, with a limit on the time that they take."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Self

import regex

from hexapla.compare.highlights import Span
from hexapla.errors import InputError

SECONDS = 20.0  # total time limit of an expression, without the time to read the texts


@dataclass(slots=True)
class RegularExpression:
    """A regular expression in the syntax of the package regex, and the time it has left, in seconds."""

    pattern: regex.Pattern
    left: float

    @classmethod
    def of(cls, expression: str) -> Self:
        """Compile an expression.

        Args:
            expression: what a user typed.

        Returns:
            The expression, with the whole time limit.

        Raises:
            InputError: it is not valid.
        """
        try:
            return cls(regex.compile(expression), SECONDS)
        except regex.error as error:
            problem = f"{error.msg} at character {error.pos}"
        except (RecursionError, OverflowError):
            problem = "it is nested too deeply or repeats too often"
        typed = expression if len(expression) <= 200 else f"{expression[:200]}..."
        raise InputError(
            f"{typed!r} is not a valid regular expression: {problem}. Fix it, or search for the words as a substring."
        )

    def find(self, text: str) -> list[Span]:
        """Find all matches that are not empty.

        Args:
            text: text to search.

        Returns:
            Their starts and ends, in characters.

        Raises:
            InputError: the time is over.
        """
        start = monotonic()
        try:
            if self.left <= 0:
                raise TimeoutError
            found = [match.span() for match in self.pattern.finditer(text, timeout=self.left)]
        except TimeoutError as error:
            raise InputError(
                f"the regular expression {self.pattern.pattern[:200]!r} takes more than {SECONDS:.0f} seconds; it "
                f"reached the text {text[:60]!r}. Nested repetitions are slow: write it without them, or search for a "
                "part of it as a substring."
            ) from error
        self.left -= monotonic() - start
        return [span for span in found if span[0] < span[1]]
