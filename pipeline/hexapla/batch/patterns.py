"""Patterns of files, such as `docs/{symbol}.{lang}.docx`, in the place of a manifest."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from pathlib import Path

from hexapla.errors import InvalidManifest

_FIELDS = {
    "{symbol}": r"(?P<symbol>[^/\\]+)",
    "{lang}": r"(?P<lang>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)",
    "*": r"[^/\\]*",
}
_PARTS = re.compile(r"(\{symbol\}|\{lang\}|\*)")


def is_pattern(name: str) -> bool:
    """Whether this is a pattern and no file."""
    return "{symbol}" in name or "{lang}" in name


def pattern_rows(pattern: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The documents whose files a pattern finds, as rows of a manifest.

    Args:
        pattern: a path with {symbol} and {lang}, once each; an asterisk stands for anything in a name.

    Yields:
        tuple[str, dict[str, str]]: where the row comes from, and paths by language with the name as `symbol`.

    Raises:
        InvalidManifest: a field is missing, no file is found, or two are of one document and language.
    """
    if any(pattern.count(field) != 1 for field in ("{symbol}", "{lang}")):
        raise InvalidManifest(f"{pattern}: a pattern has {{symbol}} and {{lang}} in it, once each.")
    documents: dict[str, dict[str, str]] = {}
    for path, symbol, language in _found(pattern):
        other = documents.setdefault(symbol, {}).setdefault(language, path)
        if other is not path:
            raise InvalidManifest(
                f"{pattern}: {other} and {path} are of the document {symbol!r} in {language!r}: name one of them."
            )
    if not documents:
        raise InvalidManifest(f"{pattern}: no file has such a name: check the folder and the pattern.")
    for symbol in sorted(documents):
        yield f"{pattern}, document {symbol!r}", {"symbol": symbol, **documents[symbol]}


def _found(pattern: str) -> Iterator[tuple[str, str, str]]:
    """Files that a pattern finds, with symbol and language of each."""
    parts = _PARTS.split(str(Path(pattern)))
    wanted = re.compile("".join(_FIELDS.get(part, re.escape(part)) for part in parts))
    sought = "".join("*" if part in _FIELDS else glob.escape(part) for part in parts)
    for path in sorted(glob.glob(sought)):  # noqa: PTH207 - Path.glob cannot start from the root
        if found := wanted.fullmatch(path):
            yield path, found["symbol"], found["lang"]
