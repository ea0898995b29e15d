"""The folder of a memory: its tables, and who may write them."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from hexapla.errors import InputError, NotAMemory, OtherEncoder, UnwritableMemory
from hexapla.memory.storage.files import explained
from hexapla.memory.storage.locks import locked
from hexapla.memory.storage.manifest import NAME, Manifest
from hexapla.memory.storage.store import State, Table
from hexapla.memory.storage.vectors import VectorStore
from hexapla.unit_table import COLUMNS
from hexapla_models.encoder import Encoder, Vectors
from hexapla_models.errors import EncoderError
from hexapla_models.model_spec import ModelSpec
from hexapla_models.registry import shared_encoder

UNITS, VECTORS, DERIVED, LOCK = "units", "vectors", "derived", "lock"
_MISTAKEN = re.compile(r"[#?%|^\[\]\\\x00-\x1f\x7f]")


def encoder_of(name: str) -> Encoder:
    """An encoder, loaded once for all memories; see `hexapla_models.registry.shared_encoder`."""
    return shared_encoder(name)


class Folder:
    """The folder of a memory.

    Args:
        path: the folder.
        manifest: what it says of itself.

    Attributes:
        path: the folder.
        manifest: what it says of itself.
        units: the table of units.
        vectors: the vectors of its encoder; those of each encoder are a table of their own.
    """

    path: Path
    manifest: Manifest
    units: Table
    vectors: VectorStore

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self.units = Table(path / UNITS)
        self.vectors = VectorStore(path / VECTORS / manifest.hash, manifest.dimension)

    @classmethod
    def create(cls, path: Path, encoder: Encoder) -> Folder:
        """Make an empty memory; another process sees all of it or nothing.

        Args:
            path: missing, or an empty folder.
            encoder: of its vectors.

        Returns:
            The folder.

        Raises:
            NotAMemory: there is something else.
            UnwritableMemory: it cannot be written.
        """
        check_empty(path)
        _check_characters(path)
        manifest = Manifest.of(encoder)
        partial = path.absolute().with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with explained(path, "no memory was made"):
                partial.mkdir(parents=True)
                VectorStore.create(partial / VECTORS / manifest.hash, manifest.dimension)
                Table.create(partial / UNITS, COLUMNS, {"operation": "create"})
                manifest.write(partial)
                _rename(partial, path)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return cls(path, manifest)

    @classmethod
    def open(cls, path: Path) -> Folder:
        """The folder of a memory that is there; raises NotAMemory or NewerFormat."""
        manifest = Manifest.read(path)
        _check_characters(path)
        return cls(path, manifest)

    @classmethod
    def holds_memory(cls, path: Path) -> bool:
        """Whether there is a memory, whole or not."""
        return (path / NAME).exists()

    def check_encoder(self, model: str | None) -> None:
        """Refuse an encoder that is not that of the memory.

        Args:
            model: name that the user gave, or None.

        Raises:
            InputError: it is another one.
        """
        encoder = self.manifest.encoder
        if model is not None and ModelSpec.of(model).name != encoder:
            raise InputError(
                f"{self.path} has the encoder {encoder!r}, and {model!r} was asked for: leave it out, or run `hexapla "
                f"reindex {self.path} --model {model}` first."
            )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write.

        Yields:
            None: while it is held.

        Raises:
            UnwritableMemory: the folder is read-only, or was given another encoder meanwhile.
        """
        with locked(self.path / LOCK):
            if Manifest.read(self.path) != self.manifest:
                raise UnwritableMemory(
                    f"{self.path}: another process gave the memory another encoder meanwhile; nothing was committed: "
                    "run it again."
                )
            yield

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of the vectors; OtherEncoder if this installation has another one or none of that name."""
        said = self.manifest
        way_out = f"run `hexapla reindex {self.path} --model NAME`, which encodes the memory anew"
        try:
            encoder = encoder_of(said.encoder)
        except EncoderError as error:
            raise OtherEncoder(
                f"{self.path}: its vectors are of the encoder {said.encoder!r}, which is not here ({error}): "
                f"install it, or {way_out}."
            ) from error
        if (encoder.hash, encoder.dimension) != (said.hash, said.dimension):
            raise OtherEncoder(
                f"{self.path}: its vectors are of the encoder {said.encoder!r} with hash {said.hash} and dimension "
                f"{said.dimension}, and the one here has hash {encoder.hash} and dimension {encoder.dimension}: "
                f"{way_out.replace('NAME', said.encoder)}."
            )
        return encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts; the encoder is loaded when there are any."""
        return self.encoder.encode(texts)

    def commit(
        self, state: State, changed: pl.DataFrame, removed: Sequence[str] | pl.Series, info: Mapping[str, Any]
    ) -> int:
        """Commit units; the caller holds the right to write.

        Args:
            state: the newest version.
            changed: units that are new or differ, with the columns of `hexapla.unit_table.UNIT`.
            removed: identifiers of units that go.
            info: what the history says of it.

        Returns:
            The version of the memory.

        Raises:
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
        """
        gone = pl.DataFrame({"id": removed}, schema={"id": pl.String}).with_columns(deleted=pl.lit(True))
        log = pl.concat([changed.with_columns(deleted=pl.lit(False)), gone], how="diagonal")
        change, commit = pl.lit(state.version + 1, pl.Int64), pl.lit(secrets.token_hex(8))
        return self.units.append(
            [log.with_columns(change=change, commit=commit).select(COLUMNS.keys())], info
        )


def _check_characters(path: Path) -> None:
    """Refuse a path that Delta Lake mistakes for another, as it takes it for an address."""
    whole = path.resolve().as_posix()
    if found := _MISTAKEN.search(whole):
        raise NotAMemory(
            f"{path}: there is {found[0]!r} in its path ({whole}), and Delta Lake finds no files there: rename that "
            "folder, or name another one."
        )


def check_empty(path: Path) -> None:
    """Say so if a memory cannot be made in a place.

    Args:
        path: the place.

    Raises:
        NotAMemory: there is something.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise NotAMemory(f"{path} is no empty folder: name one that is empty or does not exist yet.")


def _rename(partial: Path, path: Path) -> None:
    try:
        partial.rename(path)
    except OSError:
        check_empty(path)  # another process may have made the memory
        raise
