"""Inputs: the files of the language versions of a document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Input:
    """A language version to read.

    Attributes:
        path: the file.
        language: BCP 47 tag; detected if None.
    """

    path: Path
    language: str | None = None
