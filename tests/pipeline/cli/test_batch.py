"""The commands batch and batch status, as a user runs them."""

from __future__ import annotations

import json
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest

from support_batch import add_batch, write_manifest
from support_cli import hexapla


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents, one of them bad, and the memory made from them."""
    folder = tmp_path_factory.mktemp("batch")
    manifest = write_manifest(folder / "documents", 2)
    with manifest.open("a", encoding="utf-8") as file:
        file.write("bad\t000.en.txt\tgone.txt\n")
    add_batch(manifest, folder / "memory")
    return folder


def test_batch_adds_documents_and_reports_them(tmp_path: Path) -> None:
    """A memory is made, one line counts the documents, and a log has a line for each."""
    manifest = write_manifest(tmp_path / "documents", 2)
    memory, log = tmp_path / "memory", tmp_path / "log.jsonl"
    result = hexapla("batch", memory, manifest, "--workers", "2", "--log", log)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith("2 documents in ")
    assert lines[0].endswith("s: 2 added or updated")
    assert lines[1].startswith(f"{memory} is now version ")
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events] == ["start", "document", "document", "end"]
    assert events[0]["documents"] == events[-1]["done"] == 2
    documents = {event["document"]: event for event in events[1:-1]}
    assert set(documents) == {"D/000", "D/001"}
    assert documents["D/001"]["status"] == "done"
    assert documents["D/001"]["rows"] > 0
    assert [file["language"] for file in documents["D/001"]["files"]] == ["en", "fr"]


def test_batch_exits_with_one_if_a_document_fails(made: Path) -> None:
    """The output counts them, and says how to see why they failed."""
    result = hexapla("batch", made / "memory", made / "documents" / "manifest.tsv", "--workers", "1")
    assert result.exit_code == 1
    assert "2 unchanged, 1 failed" in result.stdout
    assert f"hexapla batch status {made / 'memory'} --failed" in result.stdout


def test_status_shows_the_ledger(made: Path) -> None:
    """The status counts finished documents, and lists failed ones with their reasons."""
    result = hexapla("batch", "status", made / "memory")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.startswith("2 documents done, ")
    assert first.endswith("; 1 failed")
    assert second.startswith("bad: input, 1 attempt: ")
    assert "gone.txt does not exist: check the name" in second
    failed = hexapla("batch", "status", made / "memory", "--failed")
    assert failed.stdout.splitlines() == [second]


def test_status_as_json_is_complete(made: Path) -> None:
    """One object with a record for each document."""
    result = hexapla("batch", "status", made / "memory", "--json")
    documents = json.loads(result.stdout)["documents"]
    assert [each["document"] for each in documents] == ["D/000", "D/001", "bad"]
    assert [each["status"] for each in documents] == ["done", "done", "failed"]
    assert documents[2]["files"][1]["hash"] is None


def test_a_dry_run_changes_nothing(made: Path, tmp_path: Path) -> None:
    """A dry run counts the documents to add and names files that cannot be read; no memory is made."""
    manifest = made / "documents" / "manifest.tsv"
    result = hexapla("batch", tmp_path / "memory", manifest, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "3 documents: 3 new",
        f"cannot be read: {made / 'documents' / 'gone.txt'}",
        f"{tmp_path / 'memory'}: nothing was changed",
    ]
    assert not (tmp_path / "memory").exists()
    (tmp_path / "memory").mkdir()  # an empty folder may become a memory
    assert hexapla("batch", tmp_path / "memory", manifest, "--dry-run").stdout == result.stdout
    again = hexapla("batch", made / "memory", manifest, "--dry-run", "--json")
    said = json.loads(again.stdout)
    assert said["plan"] == {"new": 1, "changed": 0, "unchanged": 2, "failed": 0}
    assert said["missing"] == [str(made / "documents" / "gone.txt")]


def test_without_ray_the_error_gives_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error comes before any memory is made."""
    monkeypatch.setitem(sys.modules, "ray", None)
    manifest = write_manifest(tmp_path / "documents", 1)
    result = hexapla("batch", tmp_path / "memory", manifest, "--engine", "ray")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: --engine ray needs Ray, which is not installed")
    assert result.stderr.endswith("pip install 'hexapla[ray]'\n")
    assert not (tmp_path / "memory").exists()


def test_the_plain_installation_needs_neither_ray_nor_torch() -> None:
    """Ray and torch are extras."""
    plain = [each for each in requires("hexapla") or [] if "extra ==" not in each]
    assert plain
    assert [each for each in plain if each.startswith(("ray", "torch", "sentence-transformers"))] == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["memory", "manifest.tsv", "--address", "auto"], 2, "--address is for --engine ray"),
        (["memory"], 2, "Missing argument 'MANIFEST'"),
        (["memory", "none.tsv"], 1, "none.tsv cannot be read (No such file or directory)"),
        (["documents", "manifest.tsv"], 1, "documents is not an empty folder"),
        (["documents", "manifest.tsv", "--dry-run"], 1, "documents is not an empty folder"),
        (["memory", "manifest.tsv", "--log", "/dev/full"], 1, "/dev/full cannot be written (No space left"),
        (["memory", "manifest.tsv", "--rules", "none.toml"], 1, "none.toml cannot be read"),
        (["memory", "manifest.tsv", "--log", "none/log"], 1, "none/log cannot be written (No such file"),
        (["memory", "manifest.tsv", "--workers", "0"], 2, "'--workers'"),
        (["empty", "manifest.tsv", "--model", "labse"], 1, "empty has the encoder 'embedded', not 'labse'"),
        (["status", "memory"], 1, "memory does not exist"),
        (["status", "empty"], 1, "no batch has been added to this memory"),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, message: str
) -> None:
    """Arguments that do not go together are refused in one line, before any work."""
    from hexapla.memory.memory import Memory

    monkeypatch.chdir(tmp_path)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").touch()
    (tmp_path / "manifest.tsv").write_text("document\ten\tfr\nA\ta\tb\n", encoding="utf-8")
    Memory.create("empty")
    result = hexapla("batch", *arguments)
    assert (result.exit_code, message in result.stderr) == (code, True), result.stderr
