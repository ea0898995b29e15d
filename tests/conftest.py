"""Fixtures that every room's tests share, and which tests may run at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hexapla_models.encoder import Encoder

OUTSIDE = ("torch", "omegat", "libreoffice", "ray", "chromium")
"""Markers of programs and libraries that take seconds to start; tests with the same one share a worker of pytest-xdist."""

# Threads of torch that wait for each other must not take the cores of a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if "PYTEST_XDIST_WORKER" in os.environ:  # each core has a worker already
    for variable in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"):
        os.environ.setdefault(variable, "1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one worker, so that its fixtures are made once; start with the slow ones."""
    groups = {item: _group(item) for item in items}
    items.sort(key=lambda item: groups[item] not in OUTSIDE)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(groups[item]))


def _group(item: pytest.Item) -> str:
    marked = (name for name in OUTSIDE if item.get_closest_marker(name))
    return next(marked, str(item.path))


@pytest.fixture(scope="session", autouse=True)
def _no_calibrations_of_ones_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ignore calibrations that the account running the tests has fitted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEXAPLA_CONFIG", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default encoder, which every command and every memory of the process shares."""
    from hexapla_models.registry import shared_encoder

    return shared_encoder()


@pytest.fixture(scope="session")
def sample_docx(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample as Word documents, by language."""
    from hexapla_corpora.sample import sample_files
    from support_office import write_docx

    folder = tmp_path_factory.mktemp("docx")
    files = {language: folder / f"sample.{language}.docx" for language in sample_files()}
    for language, path in sample_files().items():
        write_docx(files[language], path.read_text(encoding="utf-8"), language)
    return files


@pytest.fixture(scope="session")
def sample_pdf(sample_docx: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The Word documents of the sample as LibreOffice prints them, by language."""
    from support_office import convert_all_to_pdf

    paths = convert_all_to_pdf(list(sample_docx.values()), tmp_path_factory.mktemp("pdf"))
    return dict(zip(sample_docx, paths, strict=True))
