"""Lines of an untrusted text file, of limited length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hexapla.errors import InputError
from hexapla.formats.protocols import Skip, UnitProblem

MAXIMUM_LINE_BYTES = 64 * 2**20
"""Bytes that a line may have."""


def lines_of(path: Path, skip: Skip) -> Iterator[tuple[int, str]]:
    r"""Yield the lines of a UTF-8 file; only \n and \r\n end a line.

    Args:
        path: the file.
        skip: called with each line that is not UTF-8.

    Yields:
        tuple[int, str]: line number, counted from 1, and the line without its line break.

    Raises:
        InputError: the file cannot be read, or is not text.
    """
    try:
        yield from _decoded(path, skip)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check its name and permissions"
        ) from error


def _decoded(path: Path, skip: Skip) -> Iterator[tuple[int, str]]:
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MAXIMUM_LINE_BYTES + 1):
            number += 1
            if len(line) > MAXIMUM_LINE_BYTES:
                raise InputError(
                    f"{path}, line {number}: is longer than {MAXIMUM_LINE_BYTES:,} bytes: this is not a file of units"
                )
            try:
                yield number, _without_end(line).decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                invalid = error.object[error.start : error.start + 1].hex()
                reason = f"byte {error.start + 1}, 0x{invalid}, is not valid UTF-8: convert the file to UTF-8"
                if number == 1:
                    raise InputError(f"{path}, line 1: {reason}") from error
                skip(UnitProblem(path, number, None, reason))


def _without_end(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")
