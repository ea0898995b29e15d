"""The manifest of a memory: its format and its encoder."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from hexapla.errors import DamagedMemory, NewerFormat, NotAMemory
from hexapla.memory.storage.files import replace_file
from hexapla_models.encoder import Encoder

FORMAT = 2  # format 1 lacked columns of the table of units; see `hexapla.memory.storage.upgrade`
NAME = "memory.json"
CHECK = "check"
"""Key of the CRC-32 of the other fields."""

_LONGEST = 1 << 16  # characters of the file that are read
_MOST_DIMENSIONS = 1 << 16


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 1000 and value.isprintable()


def _is_number(value: object) -> bool:
    return type(value) is int and 0 < value <= _MOST_DIMENSIONS


_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "created": _is_text,
    "encoder": _is_text,
    "hash": lambda value: isinstance(value, str) and re.fullmatch(r"[\w-]{1,64}", value) is not None,
    "dimension": _is_number,
    "format": _is_number,
}


@dataclass(frozen=True, slots=True)
class MemoryManifest:
    """The file memory.json.

    Attributes:
        created: when the memory was made, UTC, in ISO 8601.
        encoder: name of the encoder of its vectors.
        hash: first 12 hexadecimal digits of the SHA-256 of the encoder's weights.
        dimension: length of a vector.
        format: number of the format of the folder.
    """

    created: str
    encoder: str
    hash: str
    dimension: int
    format: int = FORMAT

    @classmethod
    def of(cls, encoder: Encoder, created: str | None = None) -> Self:
        """Return the manifest of a memory with this encoder, made now unless `created` says otherwise."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(created or now, encoder.name, encoder.hash, encoder.dimension)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest of a memory.

        Args:
            folder: folder of the memory.

        Returns:
            The manifest.

        Raises:
            NotAMemory: the folder is missing or holds no memory.
            NewerFormat: a later release wrote it.
            DamagedMemory: a byte of it has changed.
        """
        try:
            with (folder / NAME).open(encoding="utf-8") as file:
                fields = json.loads(file.read(_LONGEST))
        except FileNotFoundError:
            found = "holds no memory" if folder.exists() else "does not exist"
            raise NotAMemory(
                f"{folder} {found} ({NAME} is missing): check the path, or make a memory there with `hexapla add`."
            ) from None
        except (OSError, ValueError, RecursionError) as error:
            raise NotAMemory(
                f"{folder / NAME} cannot be read ({error}): copy it back from a backup of the memory."
            ) from error
        return cls._checked(folder, fields)

    @classmethod
    def _checked(cls, folder: Path, fields: Any) -> Self:  # noqa: ANN401
        number = fields.get("format") if isinstance(fields, Mapping) else None
        if isinstance(number, int) and number > FORMAT:
            raise NewerFormat(
                f"{folder} is a memory of format {number}, but this release of hexapla reads formats up to {FORMAT}: "
                "install a later release."
            )
        fields = dict(fields) if isinstance(fields, Mapping) else {}
        check = fields.pop(CHECK, None)
        wrong = [name for name, is_right in _FIELDS.items() if not is_right(fields.get(name))]
        if wrong or len(fields) != len(_FIELDS):
            what = f"wrong value of {', '.join(wrong)}" if wrong else "unknown names"
            raise NotAMemory(
                f"{folder / NAME} is not the manifest of a memory ({what}): copy it back from a backup of the memory."
            )
        manifest = cls(**fields)
        if check is not None and check != manifest.check:  # earlier releases wrote none
            raise DamagedMemory(
                f"{folder / NAME} differs from what was written: copy it back from a backup of the memory."
            )
        return manifest

    @staticmethod
    def is_as_written(folder: Path) -> bool:
        """Return whether every byte of the file is as it was written; earlier releases wrote no checksum."""
        text = (folder / NAME).read_text(encoding="utf-8", errors="replace")
        return CHECK not in text or text == MemoryManifest.read(folder).text

    @property
    def text(self) -> str:
        """The text of the file."""
        return json.dumps(asdict(self) | {CHECK: self.check}, indent=1)

    @property
    def check(self) -> int:
        """CRC-32 of the fields."""
        return zlib.crc32(json.dumps(asdict(self), sort_keys=True).encode())

    def same_encoder(self, other: MemoryManifest) -> bool:
        """Return whether another manifest names the same encoder, whatever its format."""
        return replace(self, format=other.format) == other

    def write(self, folder: Path) -> None:
        """Write the manifest, replacing an older one in a single step."""
        replace_file(folder / NAME, self.text)
