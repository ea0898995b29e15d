"""A batch: all good documents enter the memory, bad ones are reported, and nothing is done twice."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from hexapla.batch.ledger import EntryStatus
from hexapla.batch.messages import FailureKind, Outcome, Task
from hexapla.errors import InputError
from hexapla.inputs import Input
from hexapla.memory.cleaning.rules import read_rules
from hexapla.memory.memory import Memory
from hexapla.units import Status
from support_bad_files import BAD_FILES, write_bad_file
from support_batch import (
    InThisProcess,
    add_batch,
    assert_same_units,
    rows_of_ledger,
    write_files,
    write_manifest,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a manifest of three documents and the memory made from it."""
    folder = tmp_path_factory.mktemp("batch")
    add_batch(write_manifest(folder / "documents", 3), folder / "memory")
    return folder


@pytest.fixture
def batch(made: Path, tmp_path: Path) -> Path:
    """A copy of `made` that may be changed."""
    return Path(shutil.copytree(made, tmp_path / "batch"))


def inputs_of(folder: Path, number: int) -> list[Input]:
    return [Input(folder / f"{number:03}.{tag}.txt", tag) for tag in ("en", "fr")]


def units_of(memory: Path, document: str) -> dict[str, dict[str, str]]:
    """Texts of the units of a document by their identifiers."""
    return {unit.id: unit.texts for unit in Memory.open(memory).snapshot if unit.document == document}


def test_a_batch_gives_the_same_memory_as_adding_one_by_one(made: Path, tmp_path: Path) -> None:
    """Units, records and identifiers are those of `hexapla add`, and the memory verifies."""
    memory = Memory.create(tmp_path / "memory")
    renamed = tmp_path / "files"
    for number in range(3):
        for item in inputs_of(made / "documents", number):
            folder = renamed / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(item.path, folder / f"D{number}.{item.language}.txt")
    manifest = tmp_path / "manifest.tsv"
    rows = [f"files/{n}/D{n}.en.txt\tfiles/{n}/D{n}.fr.txt\n" for n in range(3)]
    manifest.write_text("en\tfr\n" + "".join(rows), encoding="utf-8")
    for number in range(3):
        memory.add([Input(renamed / str(number) / f"D{number}.{tag}.txt", tag) for tag in ("en", "fr")])
    add_batch(manifest, tmp_path / "batch")
    assert_same_units(tmp_path / "batch", memory.path)
    assert Memory.open(tmp_path / "batch").verify() == []


def test_the_same_batch_again_does_nothing(batch: Path) -> None:
    """No document is aligned again, no memory version is made, and the ledger is unchanged."""
    before = rows_of_ledger(batch / "memory")
    summary, committed = add_batch(batch / "documents" / "manifest.tsv", batch / "memory")
    assert (summary.done, summary.unchanged, summary.failed, committed) == (0, 3, 0, [])
    assert rows_of_ledger(batch / "memory") == before
    assert {row.status for row in before.values()} == {EntryStatus.DONE}
    assert all(row.rows and row.seconds and row.attempts == 1 for row in before.values())


def test_a_changed_file_is_found_by_its_hash(batch: Path) -> None:
    """Only the changed document is added again, and its unchanged units keep their identifiers."""
    before = units_of(batch / "memory", "D/001")
    for item in inputs_of(batch / "documents", 1):
        text = item.path.read_text(encoding="utf-8")
        item.path.write_text(text.replace("(100)", "(777)"), encoding="utf-8")
    summary, committed = add_batch(batch / "documents" / "manifest.tsv", batch / "memory")
    after = units_of(batch / "memory", "D/001")
    assert (summary.done, summary.unchanged) == (1, 2)
    assert [row.document for row in committed] == ["D/001"]
    assert before.keys() == after.keys()
    assert any("(100)" in texts["en"] for texts in before.values())
    assert all("(100)" not in texts["en"] for texts in after.values())


def test_a_file_saved_again_with_the_same_text_is_added_once(batch: Path) -> None:
    """The units of the document stay, and the next batch recognises the new file."""
    path = batch / "documents" / "001.en.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    before = units_of(batch / "memory", "D/001")
    manifest = batch / "documents" / "manifest.tsv"
    assert [add_batch(manifest, batch / "memory")[0].done for _ in range(2)] == [1, 0]
    assert units_of(batch / "memory", "D/001") == before


def test_changes_by_people_stay(batch: Path) -> None:
    """A correction survives a batch in which the document changed elsewhere."""
    memory = Memory.open(batch / "memory")
    unit = next(unit for unit in memory.snapshot if unit.document == "D/001" and "(101)" in unit.texts["en"])
    memory.edit(unit.id, "fr", "Texte corrigé (101)")
    path = batch / "documents" / "001.en.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("(103)", "(888)"), encoding="utf-8")
    add_batch(batch / "documents" / "manifest.tsv", batch / "memory")
    now = Memory.open(batch / "memory").unit(unit.id)
    assert (now.status, now.texts["fr"]) == (Status.EDITED, "Texte corrigé (101)")


def test_a_lost_ledger_is_made_again_from_the_memory(batch: Path) -> None:
    """A kill between the commits of the memory and the ledger loses nothing: the memory shows which documents are done."""
    shutil.rmtree(batch / "memory" / "batch")
    summary, committed = add_batch(batch / "documents" / "manifest.tsv", batch / "memory")
    assert (summary.done, summary.unchanged, committed) == (0, 3, [])
    rows = rows_of_ledger(batch / "memory")
    assert [(row.status, row.seconds) for row in rows.values()] == [(EntryStatus.DONE, None)] * 3


def test_a_restored_memory_gets_lost_documents_back(batch: Path, made: Path) -> None:
    """Documents that an older version of the memory lacks are added again, whatever the ledger says."""
    Memory.open(batch / "memory").restore(0)
    summary, _ = add_batch(batch / "documents" / "manifest.tsv", batch / "memory")
    assert (summary.done, summary.unchanged) == (3, 0)
    assert_same_units(batch / "memory", made / "memory")


def test_every_bad_document_is_reported_and_the_others_are_added(tmp_path: Path) -> None:
    """Each kind of bad input is in the ledger with its reason; good ones are in the memory, one with a warning."""
    folder = tmp_path / "documents"
    manifest = write_manifest(folder, 2)
    rows = []
    for number, (name, _) in enumerate(BAD_FILES, start=10):
        write_files(folder, number)
        write_bad_file(folder / name)
        rows.append(f"{name}\t{number:03}.en.txt\t{name}\n")
    with manifest.open("a", encoding="utf-8") as file:
        file.writelines([*rows, "alone\t000.en.txt\t\n", "twins\t000.en.txt\t000.en.txt\n"])
    (folder / "cats.fr.txt").write_text("Le chat dort. La soupe est froide.\n\n" * 40, encoding="utf-8")
    write_files(folder, 9, blocks=12)
    with manifest.open("a", encoding="utf-8") as file:
        file.write("strangers\t009.en.txt\tcats.fr.txt\n")
    expected = {**dict(BAD_FILES), "alone": "is in one language", "strangers": "is not a version of"}
    summary, _ = add_batch(manifest, tmp_path / "memory")
    rows_now = rows_of_ledger(tmp_path / "memory")
    failed = {name: row.error or "" for name, row in rows_now.items() if row.status is EntryStatus.FAILED}
    assert {name for name, words in expected.items() if words not in failed.get(name, "")} == set()
    assert {row.kind for row in rows_now.values() if row.status is EntryStatus.FAILED} == {FailureKind.INPUT}
    assert (summary.failed, summary.done) == (len(expected), 3)
    assert "its text is in en" in rows_now["twins"].warnings[0]
    again, committed = add_batch(manifest, tmp_path / "memory")
    unread = {"missing.md", "directory.md", "link.md", "pipe.txt"}  # without a hash, so they are tried again
    assert {row.document for row in committed} == unread
    assert (again.done, again.failed_before) == (0, len(expected) - len(unread))


def test_a_bad_document_that_was_fixed_is_added(tmp_path: Path) -> None:
    """When the file changes, the document is tried again, and the ledger is updated."""
    manifest = write_manifest(tmp_path / "documents", 2)
    path = tmp_path / "documents" / "001.fr.txt"
    text = path.read_bytes()
    path.write_bytes(b"")
    assert add_batch(manifest, tmp_path / "memory")[0].failed == 1
    path.write_bytes(text)
    summary, _ = add_batch(manifest, tmp_path / "memory")
    assert (summary.done, summary.failed, summary.unchanged) == (1, 0, 1)
    assert {row.status for row in rows_of_ledger(tmp_path / "memory").values()} == {EntryStatus.DONE}


def test_a_bad_document_whose_languages_were_fixed_is_added(tmp_path: Path) -> None:
    """When a column gets another language, failed documents are tried again, although no file has changed."""
    manifest = write_manifest(tmp_path / "documents", 1)
    rows = manifest.read_text(encoding="utf-8")
    manifest.write_text(rows.replace("\tfr\n", "\tEN\n", 1), encoding="utf-8")
    assert add_batch(manifest, tmp_path / "memory")[0].failed == 1
    assert add_batch(manifest, tmp_path / "memory")[0].failed_before == 1
    manifest.write_text(rows, encoding="utf-8")
    assert add_batch(manifest, tmp_path / "memory")[0].done == 1


def test_rules_keep_units_out(tmp_path: Path) -> None:
    """Units that break a rule are not in the memory, and the ledger counts them."""
    manifest = write_manifest(tmp_path / "documents", 1)
    path = tmp_path / "documents" / "000.fr.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("(1)", "(4711)"), encoding="utf-8")
    off = tmp_path / "rules.toml"
    off.write_text("[numbers]\nenabled = false\n", encoding="utf-8")
    strict, loose = tmp_path / "strict", tmp_path / "loose"
    english = tmp_path / "documents" / "000.en.txt"
    english.write_text(english.read_text(encoding="utf-8").replace("(1)", "(1234)"), encoding="utf-8")
    add_batch(manifest, strict)
    add_batch(manifest, loose, InThisProcess(read_rules(off)))
    counts = [rows_of_ledger(memory)["D/000"] for memory in (strict, loose)]
    assert counts[0].filtered
    assert counts[1].filtered == 0
    assert len(Memory.open(strict)) == counts[0].rows == len(Memory.open(loose)) - counts[0].filtered
    assert add_batch(manifest, strict)[0].unchanged == 1


def test_progress_counts_all_documents(batch: Path) -> None:
    """Skipped documents count too, and the last report counts all documents."""
    write_files(batch / "documents", 1, blocks=5)
    reported: list[tuple[str, int, int]] = []
    add_batch(
        batch / "documents" / "manifest.tsv",
        batch / "memory",
        progress=lambda step, done, total: reported.append((step, done, total)),
    )
    assert reported[-1][1:] == (3, 3)
    assert "0 failed" in reported[-1][0]
    assert "documents/s" in reported[-1][0]


def test_two_batches_at_once_are_refused(batch: Path) -> None:
    """The second one is refused, and changes nothing."""
    folder = batch / "memory" / "batch"

    class Second(InThisProcess):
        """Start a second batch while the first one runs."""

        def outcomes(self, tasks: Iterator[Task]) -> Generator[Outcome | None]:
            with pytest.raises(InputError, match="another batch is being added to this memory"):
                add_batch(batch / "documents" / "manifest.tsv", batch / "memory")
            yield from super().outcomes(tasks)

    summary, _ = add_batch(batch / "documents" / "manifest.tsv", batch / "memory", Second())
    assert summary.unchanged == 3
    assert (folder / "lock").exists()


def test_a_document_that_was_added_meanwhile_is_prepared_again(tmp_path: Path) -> None:
    """The units of the document are not in the memory twice, and the changes of the other process stay."""
    folder = tmp_path / "documents"
    write_files(folder, 1)
    manifest = folder / "manifest.tsv"
    manifest.write_text("document\ten\tfr\n001\t001.en.txt\t001.fr.txt\n", encoding="utf-8")

    class Slow(InThisProcess):
        """While its first document is aligned, another process adds the same one."""

        def outcomes(self, tasks: Iterator[Task]) -> Generator[Outcome | None]:
            for outcome in super().outcomes(tasks):
                if outcome is not None and outcome.task.known is None:
                    memory = Memory.open(tmp_path / "memory")
                    memory.add(inputs_of(folder, 1))
                    unit = next(iter(memory.snapshot))
                    memory.review(unit.id, Status.APPROVED)
                yield outcome

    summary, _ = add_batch(manifest, tmp_path / "memory", Slow())
    units = list(Memory.open(tmp_path / "memory").snapshot)
    assert summary.done == 1
    assert len({(*sorted(unit.texts.items()), unit.level) for unit in units}) == len(units)
    assert len({unit.texts["en"] for unit in units if unit.status is Status.APPROVED}) == 1
