"""The manifest of a memory: its format and its encoder."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from hexapla.errors import NewerFormat, NotAMemory
from hexapla_models.encoder import Encoder

FORMAT = 2  # format 1 lacked columns of the table of units; see `hexapla.memory.storage.upgrade`
NAME = "memory.json"


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
        """
        try:
            fields = json.loads((folder / NAME).read_text(encoding="utf-8"))
        except FileNotFoundError:
            found = "holds no memory" if folder.exists() else "does not exist"
            raise NotAMemory(
                f"{folder} {found} ({NAME} is missing): check the path, or make a memory there with `hexapla add`."
            ) from None
        except (OSError, ValueError) as error:
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
        try:
            return cls(**fields)
        except TypeError as error:
            raise NotAMemory(
                f"{folder / NAME} is not the manifest of a memory ({error}): copy it back from a backup of the memory."
            ) from error

    def same_encoder(self, other: MemoryManifest) -> bool:
        """Return whether another manifest names the same encoder, whatever its format."""
        return replace(self, format=other.format) == other

    def write(self, folder: Path) -> None:
        """Write the manifest, replacing an older one in a single step."""
        partial = folder / f"{NAME}.{secrets.token_hex(4)}"
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / NAME)
