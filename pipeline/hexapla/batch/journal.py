"""The log of a batch: JSON lines for programs that monitor it."""

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
        file: file open for writing; None for no log.
    """

    def __init__(self, file: IO[bytes] | None) -> None:
        self._file = file

    def start(self, manifest: BatchManifest) -> None:
        """Log the start of a batch."""
        self._write("start", {"manifest": manifest.name, "documents": manifest.count})

    def document(self, entry: LedgerEntry) -> None:
        """Log the outcome of a document that was committed."""
        self._write("document", entry.record())

    def end(self, summary: Summary) -> None:
        """Log the end of the batch with its summary."""
        self._write("end", asdict(summary))

    def _write(self, event: str, values: dict[str, object]) -> None:
        if self._file is None:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"event": event, "time": now} | values, ensure_ascii=False)
        try:
            self._file.write(f"{line}\n".encode())
        except OSError as error:
            raise OutputError(
                f"{self._file.name} cannot be written ({error.strerror}): free some disk space, or name another file "
                "with --log. Committed documents stay in the memory; start the batch again to continue."
            ) from error


@contextmanager
def journal(path: Path | None, manifest: BatchManifest) -> Iterator[Journal]:
    """Open a log for appending.

    Args:
        path: the file; None for no log.
        manifest: manifest of the batch.

    Yields:
        Journal: the log.

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
