"""What a document is known by in a memory."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from hexapla_corpora.document import Document

SHORTEST = 3  # characters that names of files must have in common to be a common name
_TAG = re.compile(r"[._ \-]+\(?[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*\)?$")
_RIM = " ._-()[]"


def document_name(documents: Sequence[Document]) -> str:
    """What a document is known by.

    Args:
        documents: its language versions.

    Returns:
        The symbol that most of them print, else the common name of their files, else the title of the first that has
        one, else a name made of its texts.
    """
    symbols = Counter(document.symbol for document in documents if document.symbol)
    if symbols:
        return symbols.most_common(1)[0][0]
    paths = [document.path for document in documents if document.path]
    if paths:
        return common_name(paths)
    texts = "\n".join(block.text for document in documents for block in document.blocks)
    unnamed = f"untitled {hashlib.sha256(texts.encode()).hexdigest()[:8]}"
    return next((document.title for document in documents if document.title), unnamed)


def file_hash(path: Path | None) -> str | None:
    """First 16 hexadecimal digits of the SHA-256 of a file, or None if there is none."""
    if path is None or not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def common_name(paths: Sequence[Path]) -> str:
    """What the names of files have in common without a language tag: report of report.zh.docx and report.en.pdf.

    Args:
        paths: of the language versions of a document.

    Returns:
        The beginning that they share, or the first name if that is too short.
    """
    names = [_TAG.sub("", path.stem) for path in paths]
    common = _beginning(names).strip(_RIM)
    return common if len(common) >= SHORTEST else names[0]


def _beginning(names: Sequence[str]) -> str:
    """Characters with which all names begin."""
    same = takewhile(lambda characters: len(set(characters)) == 1, zip(*names, strict=False))
    return "".join(characters[0] for characters in same)
