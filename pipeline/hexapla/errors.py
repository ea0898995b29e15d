"""The errors of hexapla, as one tree; the command line prints each as one `Error: ...` line and exits with 1.

HexaplaError                    root of all errors that users see
├── InputError                  inputs that do not go together: one file only, two of one language
│   ├── NotParallel             inputs that are not versions of one text
│   ├── UnknownUnit             a memory has no unit of that name
│   ├── EditConflict            a text was changed since the person who edits it saw it
│   ├── UnknownVersion          a memory has no version of that number
│   ├── MissingLanguage         a memory has no text in that language
│   ├── InvalidRules            a file of rules of cleaning says what no rule knows
│   ├── InvalidCondition        a condition on units cannot be read
│   └── InvalidManifest         a manifest of a batch says something that makes no sense
├── DocumentError               a document cannot be read or used
├── EncoderError                an encoder cannot be loaded or used
├── OutputError                 an output cannot be written: no folder, full disk, unknown suffix
├── InvalidTMX                  a TMX file breaks the DTD or the rules that tools rely on
├── MissingRay                  a batch is to run on Ray, which is not installed
├── WorkerFailed                a worker of a batch cannot start
└── StoreError                  a memory cannot be opened, read or written
    ├── NotAMemory              the folder is missing or holds no memory
    ├── NewerFormat             a later release of hexapla wrote it
    ├── OtherEncoder            its vectors are of another encoder
    ├── DamagedMemory           files of it are missing or damaged
    └── UnwritableMemory        read-only folder, full disk, another process does not stop writing

Documents and encoders raise errors of their own (hexapla_corpora.errors, hexapla_models.errors); `hexapla.api` turns
them into DocumentError and EncoderError.
"""

from __future__ import annotations

import errno
import tempfile

import hexapla_corpora.errors
import hexapla_models.errors

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


class HexaplaError(Exception):
    """Root of the errors of hexapla; the message says what is wrong, where, and what to do."""


class InputError(HexaplaError):
    """The inputs do not go together."""


class DocumentError(HexaplaError):
    """A document cannot be read or used."""


class EncoderError(HexaplaError):
    """An encoder cannot be loaded or used."""


class NotParallel(InputError):
    """The inputs are not language versions of one text."""


class UnknownUnit(InputError):
    """A memory has no unit of that name."""


class EditConflict(InputError):
    """A text was changed since the person who edits it saw it."""


class UnknownVersion(InputError):
    """A memory has no version of that number."""


class MissingLanguage(InputError):
    """A memory has no text in that language."""


class InvalidRules(InputError):
    """A file of rules of cleaning says what no rule knows."""


class InvalidManifest(InputError):
    """A manifest of a batch cannot be read, or says something that makes no sense."""


class MissingRay(HexaplaError):
    """A batch is to run on Ray, which is not installed."""


class WorkerFailed(HexaplaError):
    """A worker of a batch cannot start, so that no document can be aligned."""


class InvalidCondition(InputError):
    """A condition on units cannot be read."""


class OutputError(HexaplaError):
    """An output cannot be written."""


class InvalidTMX(HexaplaError):
    """A TMX file breaks the DTD or the rules that tools rely on."""


class StoreError(HexaplaError):
    """A memory cannot be opened, read or written."""


class NotAMemory(StoreError):
    """The folder is missing or holds no memory."""


class NewerFormat(StoreError):
    """A later release of hexapla wrote the memory."""


class OtherEncoder(StoreError):
    """The vectors of the memory are of another encoder."""


class DamagedMemory(StoreError):
    """Files of the memory are missing or damaged."""


class UnwritableMemory(StoreError):
    """The memory cannot be written."""


EXPECTED = (HexaplaError, hexapla_corpora.errors.DocumentError, hexapla_models.errors.EncoderError)
"""Errors that a user can fix."""


def explain(error: Exception) -> str:
    """What is wrong and what to do about it."""
    if isinstance(error, EXPECTED):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory for these files: give shorter ones, or close other programs."
    if isinstance(error, OSError) and error.errno in _FULL:  # outputs and inputs have their own messages
        return (
            f"no temporary file can be written in {tempfile.gettempdir()} ({error.strerror}): free some "
            "space, or set TMPDIR to a folder on another disk."
        )
    return (
        f"{type(error).__name__}: {error}. This is a fault of hexapla; run it again with --debug and report "
        "what it prints."
    )
