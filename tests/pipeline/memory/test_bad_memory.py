"""Memories that are damaged, or of another release or encoder."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from hexapla.batch.ledger import Ledger, done_entry
from hexapla.errors import (
    DamagedMemory,
    MissingLanguage,
    NewerFormat,
    NotAMemory,
    OtherEncoder,
    StoreError,
    UnwritableMemory,
)
from hexapla.memory.export import export
from hexapla.memory.memory import Memory
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.store import VersionedTable
from hexapla.units import Unit
from hexapla_models.encoder import Encoder
from support_documents import paragraphs, write_document
from support_server import Server, serving

MANY = 400  # units, more than are searched without index files here


@pytest.fixture(scope="module", autouse=True)
def _few_units_have_index_files() -> Iterator[None]:
    """A memory of 400 units has index files, as one of a thousand has outside the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hexapla.memory.index.fragments.IN_MEMORY", 300)
        yield


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A memory of a document and of many units, with derived files."""
    folder = tmp_path_factory.mktemp("kept")
    memory = Memory.create(folder / "memory")
    memory.add(write_document(folder, paragraphs()))
    memory.add_units(
        Unit.of_texts(f"bulk-{k:04}", {"zh": f"第 {k} 件", "en": f"Item {k}"}, document="bulk", position=k)
        for k in range(MANY)
    )
    memory.refresh()
    return memory.path


@pytest.fixture
def path(kept: Path, tmp_path: Path) -> Path:
    """A copy of the memory, to be damaged."""
    return Path(shutil.copytree(kept, tmp_path / "memory"))


def found(path: Path) -> str:
    """Look up a text of the document."""
    text = paragraphs()["en"][3]
    return Memory.open(path).lookup(text, source="en", target="zh", meaning=False)[0].target


def largest(folder: Path, pattern: str) -> Path:
    return max(folder.rglob(pattern), key=lambda file: file.stat().st_size)


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def test_a_missing_or_other_folder_is_not_a_memory(tmp_path: Path) -> None:
    """The error for a path without a memory says what to do; nothing is made there."""
    with pytest.raises(NotAMemory, match=r"does not exist.*hexapla add"):
        Memory.open(tmp_path / "nothing")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file.txt").write_text("text")
    with pytest.raises(NotAMemory, match="holds no memory"):
        Memory.open(tmp_path / "other")
    with pytest.raises(NotAMemory, match="not an empty folder"):
        Memory(tmp_path / "other")
    with pytest.raises(NotAMemory):
        Memory.open(tmp_path / "other" / "file.txt")
    assert not (tmp_path / "nothing").exists()
    assert [file.name for file in (tmp_path / "other").iterdir()] == ["file.txt"]


@pytest.mark.parametrize(
    "text", ["", "not JSON", "[]", "null", "[" * 100_000, '{"format": 1}', '{"format": "one", "x": 2}']
)
def test_an_unreadable_manifest_is_an_error(path: Path, text: str) -> None:
    """The error names a memory.json that cannot be read."""
    (path / "memory.json").write_text(text)
    with pytest.raises(NotAMemory, match=r"memory\.json"):
        Memory.open(path)


@pytest.mark.parametrize("name", ["created", "encoder", "hash", "dimension", "format"])
@pytest.mark.parametrize("value", [None, [], {}, -1, 10**9, float("nan"), True, "", "../x", [[[[]]]]])
def test_an_odd_value_in_the_manifest_is_an_error(path: Path, name: str, value: object) -> None:
    """Whatever stands in memory.json, the error is one line that names it."""
    said = json.loads((path / "memory.json").read_text())
    (path / "memory.json").write_text(json.dumps(said | {name: value}))
    with pytest.raises(StoreError) as caught:
        Memory.open(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("seed", range(20))
def test_a_changed_byte_in_the_manifest_is_an_error(path: Path, seed: int) -> None:
    """Whatever byte of memory.json changes, the memory is not opened, and the error names it."""
    file, chance = path / "memory.json", random.Random(seed)
    whole = file.read_bytes()
    place = chance.randrange(len(whole))
    file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
    with pytest.raises(StoreError, match=re.escape(str(path))):
        Memory.open(path)


def test_a_manifest_of_an_earlier_release_has_no_check(path: Path) -> None:
    """A memory.json without a checksum is read as it is."""
    write_fields(path, {})
    assert found(path) == paragraphs()["zh"][3]


def write_fields(path: Path, fields: dict[str, str]) -> dict[str, str]:
    """Change fields of memory.json, which has no checksum afterwards; return what they were."""
    said: dict[str, str] = json.loads((path / "memory.json").read_text())
    del said["check"]
    (path / "memory.json").write_text(json.dumps(said | fields))
    return said


def test_a_memory_of_a_newer_release_is_refused(path: Path) -> None:
    """A newer format is refused, and the error gives both numbers and the remedy."""
    said = json.loads((path / "memory.json").read_text())
    (path / "memory.json").write_text(json.dumps(said | {"format": 7, "shards": 16}))
    with pytest.raises(NewerFormat, match=r"format 7.*formats up to 2: install a later release"):
        Memory.open(path)


@pytest.mark.parametrize(
    "other",
    [
        {"hash": "000000000000"},
        {"encoder": "babel", "hash": "111111111111"},
        {"encoder": "http://127.0.0.1:9/v1#model", "hash": "222222222222"},
    ],
)
def test_vectors_of_another_encoder_are_refused_until_reindexed(path: Path, other: dict[str, str]) -> None:
    """Without its encoder a memory only gives matches by percentage; `reindex` encodes it with an available one."""
    said = write_fields(path, other)
    (path / "vectors" / said["hash"]).rename(path / "vectors" / other["hash"])
    assert found(path) == paragraphs()["zh"][3]
    memory = Memory.open(path)
    with pytest.raises(OtherEncoder, match=r"hexapla reindex .* --model"):
        memory.lookup("Nothing like it", source="en", target="zh")
    memory.reindex("embedded")
    opened = Memory.open(path)
    assert opened.info().hash == said["hash"]
    (match, *_) = opened.lookup(
        "Each morning the man of the lighthouse notes wind and air pressure.", source="en", target="zh"
    )
    assert match.target == paragraphs()["zh"][0]
    assert opened.verify() == []


def test_nothing_is_sent_to_a_server_that_only_the_memory_names(
    path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither texts nor the key are sent to the address in memory.json, until the user names that server."""
    monkeypatch.setenv("HEXAPLA_API_KEY", "secret")
    with serving(Server(encoder)) as server:
        remote = f"{server.address}#embedded"
        write_fields(path, {"encoder": remote})
        assert found(path) == paragraphs()["zh"][3]
        memory = Memory.open(path)
        for ask in (
            lambda: memory.lookup("Nothing like it", source="en", target="zh"),
            lambda: memory.add_units([Unit.of_texts("new", {"zh": "新", "en": "New"})]),
        ):
            with pytest.raises(OtherEncoder, match=r"nothing was sent to it: .*HEXAPLA_SERVERS"):
                ask()
        assert server.asked == []
        monkeypatch.setenv("HEXAPLA_SERVERS", server.address)
        with pytest.raises(OtherEncoder, match="with hash"):  # it answers now, and is another encoder
            Memory.open(path).lookup("Nothing like it", source="en", target="zh")
        assert set(server.keys) == {"Bearer secret"}


@pytest.mark.parametrize("name", ["my mémoire", "内存", "a&b=c+d, (e)"])
def test_a_memory_may_be_in_any_folder(path: Path, name: str) -> None:
    """Spaces, accents and foreign letters in its path do no harm."""
    folder = path.parent / name
    folder.mkdir()
    path = path.rename(folder / "memory")
    memory = Memory.open(path)
    memory.add_units([Unit.of_texts("new", {"zh": "新", "en": "New"}, document="new")])
    memory.restore(memory.version - 1)
    memory.compact(keep_days=0)
    assert memory.verify() == []
    assert found(path) == paragraphs()["zh"][3]


@pytest.mark.parametrize("name", ["a#b", "a%20b", "[a]", "a|b"])
def test_a_path_that_delta_lake_mistakes_is_refused(path: Path, name: str) -> None:
    """The error names the path and the character, and nothing is made there."""
    folder = path.parent / name
    with pytest.raises(NotAMemory, match=r"there is '.' in its path"):
        Memory.create(folder)
    assert not folder.exists()
    with pytest.raises(NotAMemory, match="rename that folder"):
        Memory.open(path.rename(folder))


def test_an_empty_memory_answers(tmp_path: Path) -> None:
    """A memory without units opens, is whole, finds nothing and can be compacted and restored."""
    memory = Memory.create(tmp_path / "memory")
    assert len(memory) == 0
    assert list(memory.snapshot) == []
    assert memory.lookup("Anything", source="en", target="zh") == ()
    assert memory.units.collect().is_empty()
    assert memory.info().languages == ()
    assert memory.verify() == []
    memory.compact()
    assert memory.restore(0) == memory.version
    assert len(memory.history()) == memory.version + 1


def test_the_error_for_a_missing_language_lists_the_languages(path: Path) -> None:
    """The error names the missing language and those of the memory."""
    with pytest.raises(MissingLanguage, match=r"'fr'.*en, zh"):
        Memory.open(path).lookup("Item 7", source="en", target="fr")


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
def test_a_damaged_derived_file_is_made_again_on_opening(path: Path, damage: Callable[[Path], None]) -> None:
    """Whatever happens to derived files, opening repairs them and the answers are right."""
    files = [file for file in sorted((path / "derived").rglob("*")) if file.is_file() and file.stat().st_size]
    for file in files[::3]:
        if file.exists():
            damage(file)
    assert found(path) == paragraphs()["zh"][3]
    opened = Memory.open(path)
    assert len(opened) == MANY + 2 * len(paragraphs()["en"])
    assert opened.verify() == []


def test_missing_derived_files_are_made_again_on_opening(path: Path) -> None:
    """The folder of derived data may be removed at any time; making it again reports progress."""
    shutil.rmtree(path / "derived")
    steps: list[str] = []
    memory = Memory.open(path, progress=lambda step, done, total: steps.append(step))
    assert found(path) == paragraphs()["zh"][3]
    assert "Indexing en" in steps
    assert memory.verify() == []


def test_verify_finds_a_damaged_derived_file_and_reindex_repairs_it(path: Path) -> None:
    """A changed byte in a derived file is found, and the problem says how to make the file again."""
    memory = Memory.open(path)
    file = largest(path / "derived", "*")
    flip(file)
    (problem,) = memory.verify()
    assert problem.path == file
    assert "hexapla reindex" in problem.what
    memory.reindex()
    assert memory.verify() == []
    assert found(path) == paragraphs()["zh"][3]


@pytest.mark.parametrize(
    "name",
    [
        "*.utf8",
        "*.deflate",
        "*.offsets.npy",
        "*.checks.npy",
        "*.dictionary",
        "unit_rows.npy",
        "documents.json",
    ],
)
def test_no_wrong_text_is_shown_or_exported(path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a byte of the texts changes, look-up, concordance and export make the files again and are right."""
    monkeypatch.setattr("hexapla.memory.index.fragment_manifest.END", 8)  # as if files were large
    shutil.rmtree(path / "derived")
    Memory.open(path)
    right = {unit.id: unit.texts for unit in Memory.open(path).snapshot}
    chance = random.Random(name)
    for file in sorted((path / "derived").rglob(name)) * 8:
        fragment = path / "derived" / file.relative_to(path / "derived").parts[0]
        if not (fragment / "stamp.json").exists():
            continue  # made again
        whole, folders = file.read_bytes(), set((path / "derived").iterdir())
        place = chance.randrange(8, len(whole) - 8)
        file.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        for ask in (shown, looked_up, exported):
            assert all(right[id] == texts for id, texts in ask(path))
        problems = [problem.path for problem in Memory.open(path).verify()]
        assert file in problems or set((path / "derived").iterdir()) != folders  # made again on opening
        if file.exists():
            file.write_bytes(whole)


def shown(path: Path) -> list[tuple[str, dict[str, str]]]:
    found = Memory.open(path).concordance("item", language="en", limit=1000)
    return [(hit.unit.id, {"en": hit.text, **hit.targets}) for hit in found if hit.unit.document == "bulk"]


def looked_up(path: Path) -> list[tuple[str, dict[str, str]]]:
    memory = Memory.open(path)
    found = [
        memory.lookup(f"Item {k}", source="en", target="zh", meaning=False)[0] for k in range(0, MANY, 50)
    ]
    return [
        (match.unit.id, {"zh": match.target, "en": match.source})
        for match in found
        if match.percentage == 100
    ]


def exported(path: Path) -> list[tuple[str, dict[str, str]]]:
    output = path.parent / "exported.jsonl"
    export(Memory.open(path), output)
    found = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert len(found) == MANY + 2 * len(paragraphs()["en"])
    return [(unit["id"], unit["texts"]) for unit in found]


def test_a_memory_that_stays_open_makes_damaged_files_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every way to read recovers from damage that happened after opening; verify names the file that it was."""
    monkeypatch.setattr("hexapla.memory.index.fragment_manifest.END", 8)
    memory = Memory.open(path)
    right = memory.unit("bulk-0100")
    for name in ("units.jsonl", "texts.utf8", "offsets.npy", "*.faiss", "checks.npy", "units.offsets.npy"):
        for file in (path / "derived").rglob(name):
            file.write_bytes(bytes(64) + b"x" * (file.stat().st_size - 64))
        assert memory.lookup("Item 100", source="en", target="zh")[0].target == "第 100 件"
        assert memory.unit(right.id) == right
        assert memory.find([right.id]) == [right]
        assert len(memory.concordance("Item 100", language="en")) == 1
        assert memory.search_many(["Item 100"], source="en")[0][0].unit == right
        export(memory, path.parent / "all.tmx")
    assert any("made again" in problem.what for problem in memory.verify())
    assert Memory.open(path).verify() == []


def test_damage_in_units_too_gives_one_line(path: Path) -> None:
    """Where derived files cannot be made again, the error names the file of units to copy back."""
    memory = Memory.open(path)
    for file in [*(path / "derived").rglob("*.deflate"), *(path / "units").glob("*.parquet")]:
        flip(file)
    with pytest.raises(DamagedMemory, match=r"parquet: .*backup"):
        memory.concordance("Item", language="en", limit=1000)


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_changed_byte_in_the_manifest_of_a_fragment_is_found(path: Path, place: float) -> None:
    """A fragment whose manifest changed is not used but made again, and verify names the manifest."""
    (file,) = (path / "derived").rglob("stamp.json")
    data = bytearray(file.read_bytes())
    data[int(len(data) * place)] ^= 1
    file.write_bytes(data)
    assert file in [problem.path for problem in Memory.open(path).verify()]
    assert Memory.open(path).verify() == []


@pytest.mark.parametrize("kind", ["*.parquet", "*.json", "_log_checks"])
def test_a_changed_byte_in_the_ledger_of_batches_is_found(path: Path, kind: str) -> None:
    """Verify reads the ledger too."""
    ledger = Ledger.of(Folder.open(path))
    ledger.append([done_entry("A/1", [], [])])
    memory = Memory.open(path)
    assert memory.verify() == []
    file = sorted((path / "batch").rglob(kind))[0]
    flip(file)
    (problem, *_) = memory.verify()
    assert problem.path == file or file.name in problem.what


def test_foreign_files_in_its_folders_do_no_harm(path: Path) -> None:
    """A desktop may put its own files into any folder; reindexing and compacting leave them alone."""
    left = [path / folder / ".DS_Store" for folder in ("derived", "vectors", "units")]
    for file in left:
        file.touch()
    memory = Memory.open(path)
    memory.reindex()
    memory.compact(keep_days=0)
    assert memory.verify() == []
    assert all(file.exists() for file in left)


@pytest.mark.parametrize(
    ("damage", "name"),
    [(flip, "*.vectors"), (cut, "*.vectors"), (Path.unlink, "*.vectors"), (flip, "*.keys")],
)
def test_damaged_vectors_are_found_and_repaired(
    path: Path, damage: Callable[[Path], None], name: str
) -> None:
    """A memory with a damaged file of vectors can be opened; verify names the file, and encoding again repairs it."""
    file = largest(path / "vectors", name)
    damage(file)
    shutil.rmtree(path / "derived")
    memory = Memory.open(path)
    assert found(path) == paragraphs()["zh"][3]
    assert [problem.path for problem in memory.verify()] == [file]
    memory.reindex("embedded")
    assert memory.verify() == []


@pytest.mark.parametrize("damage", [cut, Path.unlink])
def test_the_error_for_damaged_units_names_the_file(path: Path, damage: Callable[[Path], None]) -> None:
    """A damaged file of units is named when it is read, and an older version without it can be brought back."""
    file = max((path / "units").rglob("*.parquet"), key=lambda file: file.stat().st_mtime_ns)
    damage(file)
    opened = Memory.open(path)  # the data derived from the file is whole
    assert [problem.path for problem in opened.verify() if problem.path == file]
    shutil.rmtree(path / "derived")
    with pytest.raises(DamagedMemory, match=f"{file}.*backup"):
        Memory.open(path)
    older = Memory.open(path, at=1)
    assert len(older) == 2 * len(paragraphs()["en"])
    opened.restore(1)
    assert len(Memory.open(path)) == len(older)


def test_a_changed_byte_in_a_file_of_units_is_found(path: Path) -> None:
    """Verify reads every byte; for one that changed it says what to do."""
    file = largest(path / "units", "*.parquet")
    flip(file)
    problems = Memory.open(path).verify()
    assert file in [problem.path for problem in problems]
    assert "hexapla restore" in problems[0].what


def test_a_changed_byte_in_the_ledger_is_found(path: Path) -> None:
    """Verify reads the ledger of batches too, and says how to do without it."""
    table = VersionedTable.create(path / "batch" / "ledger", {"document": pl.String}, {"operation": "create"})
    table.append([pl.DataFrame({"document": ["A/79/L.92"]})], {"operation": "batch"})
    (file,) = table.state().files
    flip(file)
    (problem,) = Memory.open(path).verify()
    assert problem.path == file
    assert "the next batch checks again" in problem.what


def test_a_damaged_log_is_an_error(path: Path) -> None:
    """The error for an unreadable log names the folder to copy back from a backup."""
    for file in (path / "units" / "_delta_log").iterdir():
        if file.is_file():
            file.write_text("{ this is no log\n")
    with pytest.raises(DamagedMemory, match="backup"):
        Memory.open(path)
    shutil.rmtree(path / "units")
    with pytest.raises(DamagedMemory, match="backup"):
        Memory.open(path)


def test_files_left_by_a_killed_process_do_no_harm(path: Path) -> None:
    """Files that no commit names and unfinished fragments are ignored, and removed later."""
    (path / "units" / "0123.parquet").write_bytes(b"PAR1 half a file")
    building = path / "derived" / "building-000000000001-abcd"
    building.mkdir()
    (building / "lock").touch()
    (building / "units.dictionary").write_text("{}")
    memory = Memory.open(path)
    assert not building.exists()
    assert memory.verify() == []
    memory.compact(keep_days=0)
    assert not (path / "units" / "0123.parquet").exists()
    assert found(path) == paragraphs()["zh"][3]


def test_errors_of_the_store_have_one_base_class() -> None:
    """A program that embeds a memory can catch all problems with its folder as one error."""
    for error in (NotAMemory, NewerFormat, OtherEncoder, DamagedMemory, UnwritableMemory):
        assert issubclass(error, StoreError)
