"""The log of a batch: JSON lines for programs that watch it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from hexapla.errors import OutputError

if TYPE_CHECKING:
    from hexapla.batch.ledger import LedgerEntry
    from hexapla.batch.manifest import BatchManifest
    from hexapla.batch.run import Summary


class Journal:
    """Writes a line for each event.

    Args:
        file: open for writing; None if nobody wants it.
    """

    def __init__(self, file: IO[bytes] | None) -> None:
        self._file = file

    def start(self, manifest: BatchManifest) -> None:
        """Say that a batch begins."""
        self._write("start", {"manifest": manifest.name, "documents": manifest.count})

    def document(self, row: LedgerEntry) -> None:
        """Say what became of a document; it is committed."""
        self._write("document", row.record())

    def end(self, summary: Summary) -> None:
        """Say what the batch did."""
        self._write("end", asdict(summary))

    def _write(self, event: str, said: dict[str, object]) -> None:
        if self._file is None:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"event": event, "time": now} | said, ensure_ascii=False)
        try:
            self._file.write(f"{line}\n".encode())
        except OSError as error:
            raise OutputError(
                f"{self._file.name} cannot be written ({error.strerror}): make room, or name another file with --log. "
                "What was committed stays; start the batch again to go on."
            ) from error


@contextmanager
def journal(path: Path | None, manifest: BatchManifest) -> Iterator[Journal]:
    """Open a log, to whose end lines are added.

    Args:
        path: the file; None if there is to be none.
        manifest: of the batch.

    Yields:
        Journal: writes the lines.

    Raises:
        OutputError: the file cannot be written.
    """
    if path is None:
        yield Journal(None)
        return
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror}): choose another file.") from error
    with file:
        log = Journal(file)
        log.start(manifest)
        yield log
