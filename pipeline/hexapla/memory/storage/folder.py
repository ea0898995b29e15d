"""The folder of a memory: its manifest, its tables, and the right to write to them."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hexapla.errors import InputError, NotAMemory, OtherEncoder, UnwritableMemory
from hexapla.lazy_module import LazyModule
from hexapla.memory.storage.files import os_errors_as
from hexapla.memory.storage.locks import locked
from hexapla.memory.storage.manifest import NAME, MemoryManifest
from hexapla.memory.storage.small_files import mergeable
from hexapla.memory.storage.store import TableVersion, VersionedTable
from hexapla.memory.storage.vectors import VectorStore
from hexapla_models.encoder import Encoder, Vectors
from hexapla_models.errors import EncoderError
from hexapla_models.model_spec import ModelSpec
from hexapla_models.registry import shared_encoder
from hexapla_models.trusted_servers import VARIABLE, is_trusted, trust_server

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

UNITS, VECTORS, DERIVED, LEDGER, LOCK = "units", "vectors", "derived", "batch/ledger", "lock"
_MISTAKEN = re.compile(r"[#?%|^\[\]\\\x00-\x1f\x7f]")


def encoder_of(name: str) -> Encoder:
    """Load the encoder that the user named, once for all memories; a server is trusted from then on."""
    trust_server(name)
    return shared_encoder(name)


class Folder:
    """The folder of a memory.

    Args:
        path: the folder.
        manifest: its manifest.

    Attributes:
        path: the folder.
        manifest: its manifest.
        units: the table of units.
        vectors: the vectors of its encoder; each encoder has its own folder.
    """

    path: Path
    manifest: MemoryManifest
    units: VersionedTable
    vectors: VectorStore

    def __init__(self, path: Path, manifest: MemoryManifest) -> None:
        self.path, self.manifest = path, manifest
        self.units = VersionedTable(path / UNITS)
        self.vectors = VectorStore(path / VECTORS / manifest.hash, manifest.dimension)

    @classmethod
    def create(cls, path: Path, encoder: Encoder) -> Folder:
        """Make an empty memory; other processes see all of it or nothing.

        Args:
            path: a folder that is missing or empty.
            encoder: encoder of its vectors.

        Returns:
            The folder.

        Raises:
            NotAMemory: the folder is not empty.
            UnwritableMemory: the folder cannot be written.
        """
        from hexapla.unit_table import COLUMNS

        check_empty(path)
        _check_characters(path)
        manifest = MemoryManifest.of(encoder)
        partial = path.absolute().with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os_errors_as(path, "no memory was made"):
                partial.mkdir(parents=True)
                (partial / VECTORS / manifest.hash).mkdir(parents=True)
                VersionedTable.create(partial / UNITS, COLUMNS, {"operation": "create"})
                manifest.write(partial)
                _rename(partial, path)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return cls(path, manifest)

    @classmethod
    def open(cls, path: Path) -> Folder:
        """Open the folder of an existing memory; raise NotAMemory or NewerFormat if that is impossible."""
        manifest = MemoryManifest.read(path)
        _check_characters(path)
        return cls(path, manifest)

    @classmethod
    def holds_memory(cls, path: Path) -> bool:
        """Return whether the folder holds a memory, damaged or not."""
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
                f"{self.path} has the encoder {encoder!r}, not {model!r}: leave the model out, or run `hexapla "
                f"reindex {self.path} --model {model}` first."
            )
        if model is not None:
            trust_server(encoder)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write; a memory of an earlier format is upgraded first.

        Yields:
            None: while it is held.

        Raises:
            UnwritableMemory: the folder is read-only, or another process has changed the encoder of the memory.
        """
        from hexapla.memory.storage.upgrade import upgrade

        with locked(self.path / LOCK):
            manifest = MemoryManifest.read(self.path)
            if not manifest.same_encoder(self.manifest):
                raise UnwritableMemory(
                    f"{self.path}: another process has just given the memory another encoder; nothing was committed: "
                    "run it again."
                )
            with os_errors_as(self.path):
                self.manifest = upgrade(self.path, self.units, manifest)
                self.vectors.convert()
            yield

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of the vectors; raises OtherEncoder if it is not installed, not trusted, or differs here."""
        wanted = self.manifest
        way_out = f"run `hexapla reindex {self.path} --model NAME`, which encodes the memory again"
        if not is_trusted(wanted.encoder):
            raise OtherEncoder(
                f"{self.path}: its vectors were made by the server {wanted.encoder!r}, which you have never named, "
                f"so nothing was sent to it: if you trust it, set {VARIABLE} to its address, or {way_out}."
            )
        try:
            encoder = shared_encoder(wanted.encoder)
        except EncoderError as error:
            raise OtherEncoder(
                f"{self.path}: its vectors were made by the encoder {wanted.encoder!r}, which is not available here "
                f"({error}): install it, or {way_out}."
            ) from error
        if (encoder.hash, encoder.dimension) != (wanted.hash, wanted.dimension):
            raise OtherEncoder(
                f"{self.path}: its vectors were made by the encoder {wanted.encoder!r} with hash {wanted.hash} and "
                f"dimension {wanted.dimension}, but the one here has hash {encoder.hash} and dimension "
                f"{encoder.dimension}: "
                f"{way_out.replace('NAME', wanted.encoder)}."
            )
        return encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; the encoder is loaded at the first call."""
        return self.encoder.encode(texts)

    def commit(
        self,
        state: TableVersion,
        changed: pl.DataFrame,
        removed: Sequence[str] | pl.Series,
        info: Mapping[str, Any],
    ) -> int:
        """Commit units; the caller must hold the right to write.

        Args:
            state: the newest version of the table of units.
            changed: units that are new or differ, with the columns of `hexapla.unit_table.UNIT`.
            removed: identifiers of the units to remove.
            info: operation, counts and parameters for the history.

        Returns:
            The new version of the memory.

        Raises:
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.
        """
        from hexapla.memory.storage.log import rows_of
        from hexapla.unit_table import COLUMNS

        gone = pl.DataFrame({"id": removed}, schema={"id": pl.String}).with_columns(deleted=pl.lit(True))
        log = pl.concat([changed.with_columns(deleted=pl.lit(False)), gone], how="diagonal")
        change, commit = pl.lit(state.version + 1, pl.Int64), pl.lit(secrets.token_hex(8))
        rows = log.with_columns(change=change, commit=commit).select(COLUMNS.keys())
        small = mergeable(state, self.path / DERIVED)
        if small:
            rows = pl.concat([rows_of(small), rows])
        return self.units.append([rows], info, merged=small)


def _check_characters(path: Path) -> None:
    """Refuse a path that Delta Lake, which reads it as a URL, would take for another one."""
    whole = path.resolve().as_posix()
    if found := _MISTAKEN.search(whole):
        raise NotAMemory(
            f"{path}: there is {found[0]!r} in its path ({whole}), and Delta Lake cannot find files in such a folder: "
            "rename that folder, or choose another one."
        )


def check_empty(path: Path) -> None:
    """Refuse to make a memory where there is something else.

    Args:
        path: folder of the new memory.

    Raises:
        NotAMemory: it is a file, or a folder that is not empty.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise NotAMemory(f"{path} is not an empty folder: choose one that is empty or does not exist yet.")


def _rename(partial: Path, path: Path) -> None:
    try:
        partial.rename(path)
    except OSError:
        check_empty(path)  # another process may have made the memory
        raise
