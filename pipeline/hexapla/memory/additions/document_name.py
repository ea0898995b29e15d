"""The name of a document in a memory."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from hexapla_corpora.document import Document

SHORTEST = 3  # characters of a common beginning of file names that is used as a name
_TAG = re.compile(r"[._ \-]+\(?[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*\)?$")
_RIM = " ._-()[]"


def document_name(documents: Sequence[Document]) -> str:
    """Choose the name of a document.

    Args:
        documents: its language versions.

    Returns:
        The symbol that most versions print, else the common name of their files, else the first title of a version,
        else a name derived from the texts.
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
    """Return the first 16 hexadecimal digits of the SHA-256 of a file; None if there is no file."""
    if path is None or not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def common_name(paths: Sequence[Path]) -> str:
    """Return what file names have in common without language tags: report for report.zh.docx and report.en.pdf.

    Args:
        paths: paths of the language versions of a document.

    Returns:
        The common beginning of the names, or the first name if that is too short.
    """
    names = [_TAG.sub("", path.stem) for path in paths]
    common = _beginning(names).strip(_RIM)
    return common if len(common) >= SHORTEST else names[0]


def _beginning(names: Sequence[str]) -> str:
    """Return the common beginning of all names."""
    same = takewhile(lambda characters: len(set(characters)) == 1, zip(*names, strict=False))
    return "".join(characters[0] for characters in same)
