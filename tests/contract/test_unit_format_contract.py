"""The contract of all formats of units; a new format is tested through its lines in FORMATS and CANNOT_HOLD."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.errors import InputError, OutputError
from hexapla.formats.io.xml_text import legal_text
from hexapla.formats.protocols import UnitProblem, WriteOptions, Written
from hexapla.formats.registry import FORMATS, unit_reader, unit_writer
from hexapla.units import Status, Unit, Variant
from support_mutations import mutations_of
from support_review import refuse
from support_seeds import write_seeds

WRITTEN = [suffix for suffix, each in FORMATS.items() if each.write_units]
READ = [suffix for suffix, each in FORMATS.items() if each.read_units]
BOTH = [suffix for suffix in WRITTEN if suffix in READ]
LANGUAGES = ("zh", "en", "ar")

_TABLE = {
    "original",
    "segments",
    "block",
    "file",
    "moved",
    "model",
    "model_hash",
    "aligner",
    "sources",
    "properties",
}
CANNOT_HOLD: dict[str, set[str]] = {
    ".tmx": set(),
    ".tmx.gz": set(),
    ".jsonl": set(),
    ".parquet": set(),
    ".tsv": _TABLE,
    ".csv": _TABLE,
    ".xlsx": _TABLE | {"symbol", "kind", "position", "author", "created", "changed"},
}
"""Attributes of units and variants that a format cannot hold; `properties` means all but the comment."""


def _unchanged(text: str) -> str:
    return text


TEXTS: dict[str, Callable[[str], str]] = {".tmx": legal_text, ".tmx.gz": legal_text}
"""Changes that a format makes to texts if it cannot hold all characters."""

ODD = {
    "tags": "A <b>bold</b> &amp; <x1/> ]]> <!-- no --> {0} %s </seg>",
    "marks of direction": "\u200fالبند\u200e (1) \u202babc\u202c \u2067x\u2069",
    "controls": "a\x00b\x01c\x08d\x0be\x0cf\x1fg\x7fh\x85i",
    "tabs and lines": "a\tb\nc\r\nd\re\\n\\\\t\\",
    "separators": "a\u2028b\u2029c",
    "spaces": "  two  spaces\xa0\u202f\u3000and\u2009thin ",
    "emoji": "😀 👩\u200d👩\u200d👧 🇺🇳 𝔘 e\u0301",
    "10,000 characters": "字" * 5_000 + " word" * 1_000,
    "rich text": "<r><t>x & y</r>",
    "quotes": "\"double\" 'single' “curly” «guillemets» `back`, a; b | c",
    "formula": "=1+1",
    "escapes": "_x000B_ _x005F_ \\u000b &#11; %0B",
    "not characters": "a\ufffeb\uffffc\ufdd0\U0001ffffd",
    "zero width": "\ufeffa\u200b\u2060b\xad",
    "number": "2019",
}


def unit_of(text: str, id: str = "u1") -> Unit:
    """Return a unit with a given English text."""
    return Unit.of_texts(id, {"zh": "奇怪的文字。", "en": text})


def full_unit() -> Unit:
    """Return a unit with a distinct value in every attribute."""
    variants = (
        Variant("zh", "码头很旧。", None, (3.0,), 2.0, "0123456789abcdef"),
        Variant("en", "The pier is old.", "The pier is od.", (3.0, 4.5), 2.5, "fedcba9876543210"),
        Variant("ar", "الرصيف قديم."),
    )
    return Unit(
        id="u-1/a b",
        variants=variants,
        document="A/98/L.7",
        symbol="A/98/L.7/Rev.1",
        level="paragraph",
        kind="operative",
        number="3",
        position=12.5,
        probability=0.8125,
        status=Status.EDITED,
        moved=True,
        model="embedded",
        model_hash="0123456789ab",
        aligner="0.2.0",
        author="R. Viewer",
        created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        changed=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        properties={"comment": "Which pier?", "job": {"7": ["a", None, 1.5]}},
        sources=("A/97/L.1", "A/96/L.2"),
    )


def write(
    units: list[Unit], suffix: str, folder: Path, languages: tuple[str, ...] = LANGUAGES
) -> tuple[Path, Written]:
    """Write units to a file."""
    path = folder / f"out{suffix}"
    pair = languages[:2] if suffix in (".moses", ".xces") else languages
    return path, unit_writer(path)(units, path, WriteOptions(pair))


def read(path: Path) -> list[Unit]:
    """Return all units of a file, which must have no problems."""
    return list(unit_reader(path)(path, refuse))


def read_whatever_comes(path: Path) -> tuple[int, int]:
    """Return the numbers of units and problems; only InputError may be raised."""
    problems: list[UnitProblem] = []
    count = 0
    with suppress(InputError):
        for _ in unit_reader(path)(path, problems.append):
            count += 1
    assert all(problem.path == path for problem in problems)
    return count, len(problems)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("suffix", BOTH)
def test_odd_text_round_trip(suffix: str, name: str, tmp_path: Path) -> None:
    """A text is read back unchanged, except for characters that the format is known not to hold."""
    path, exported = write([unit_of(ODD[name])], suffix, tmp_path)

    assert (exported.units, exported.left_out) == (1, ())
    (unit,) = read(path)
    expected = TEXTS.get(suffix, _unchanged)(ODD[name])
    assert unit.texts == {"zh": "奇怪的文字。", "en": expected}


@pytest.mark.parametrize("suffix", BOTH)
def test_any_text_round_trip(suffix: str) -> None:
    """Whatever the texts and identifiers are, units are read back in their order."""
    texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda text: bool(legal_text(text).strip())
    )
    ids = st.from_regex(r"[A-Za-z0-9_./:-]{1,20}", fullmatch=True)

    @settings(max_examples=5 if suffix == ".parquet" else 20, deadline=None)
    @given(st.dictionaries(ids, st.tuples(texts, texts), min_size=1, max_size=5))
    def check(pairs: dict[str, tuple[str, str]]) -> None:
        units = [Unit.of_texts(id, {"zh": zh, "en": en}) for id, (zh, en) in pairs.items()]
        with TemporaryDirectory() as folder:
            path, _ = write(units, suffix, Path(folder))
            hold = TEXTS.get(suffix, _unchanged)
            expected = [(unit.id, {tag: hold(text) for tag, text in unit.texts.items()}) for unit in units]
            assert [(unit.id, unit.texts) for unit in read(path)] == expected

    check()


@pytest.mark.parametrize("suffix", BOTH)
def test_attributes_round_trip(suffix: str, tmp_path: Path) -> None:
    """Attributes of a unit are read back too, except those that the format cannot hold."""
    unit = full_unit()
    path, _ = write([unit], suffix, tmp_path)

    (found,) = read(path)

    lost = CANNOT_HOLD[suffix]
    defaults = Unit("", ())
    plain = {each.name for each in fields(Unit)} & lost - {"properties"}
    expected = replace(unit, **{name: getattr(defaults, name) for name in plain})
    if "properties" in lost:
        expected = replace(expected, properties={"comment": "Which pier?"})
    if "segments" in lost:
        variants = tuple(Variant(variant.language, variant.text) for variant in unit.variants)
        expected = replace(expected, variants=variants)
    assert found == expected


@pytest.mark.parametrize("suffix", BOTH)
def test_languages_are_chosen(suffix: str, tmp_path: Path) -> None:
    """A file has the requested languages; a unit with fewer than two of them is left out silently."""
    units = [
        full_unit(),
        Unit.of_texts("u2", {"en": "Old.", "fr": "Vieux."}),
        Unit.of_texts("u3", {"en": "Old."}),
    ]

    path, exported = write(units, suffix, tmp_path, ("ar", "zh"))

    assert (exported.units, exported.left_out) == (1, ())
    assert [set(unit.languages) for unit in read(path)] == [{"ar", "zh"}]


@pytest.mark.parametrize("suffix", BOTH)
def test_all_languages(suffix: str, tmp_path: Path) -> None:
    """Without a choice every language of every unit is written."""
    units = [full_unit(), Unit.of_texts("u2", {"en": "Old.", "id": "Tua.", "zh-Hant": "舊。"})]

    path, _ = write(units, suffix, tmp_path, ())

    assert [set(unit.languages) for unit in read(path)] == [{"zh", "en", "ar"}, {"en", "id", "zh-Hant"}]


@pytest.mark.parametrize("suffix", BOTH)
def test_no_units(suffix: str, tmp_path: Path) -> None:
    """A file without units can be written and read."""
    path, exported = write([], suffix, tmp_path)

    assert exported.units == 0
    assert read(path) == []


@pytest.mark.parametrize("suffix", WRITTEN)
def test_lone_surrogate(suffix: str, tmp_path: Path) -> None:
    """A lone surrogate does not stop the export: the unit is left out and listed, or written without it."""
    units = [unit_of("half \ud83d of a pair", "bad"), unit_of("whole", "good")]

    _, exported = write(units, suffix, tmp_path)

    assert exported.units + len(exported.left_out) == 2
    assert {problem.unit for problem in exported.left_out} <= {"bad"}


@pytest.mark.parametrize("suffix", WRITTEN)
def test_same_units_give_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    """The same units give the same files, byte by byte."""
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write([full_unit(), unit_of("Old.")], suffix, tmp_path / name)
        contents.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
    assert contents[0] == contents[1]


@pytest.mark.parametrize("suffix", WRITTEN)
def test_written_whole_or_not_at_all(suffix: str, tmp_path: Path) -> None:
    """If reading the units fails, no new file is left, and an older one stays unchanged."""
    path = tmp_path / f"out{suffix}"
    _, exported = write([unit_of("Old.")], suffix, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def breaking_off() -> Iterator[Unit]:
        yield unit_of("New.")
        raise RuntimeError("broken off")

    with pytest.raises(RuntimeError, match="broken off"):
        unit_writer(path)(breaking_off(), path, WriteOptions(("zh", "en")))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert set(exported.files or (path,)) == set(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", WRITTEN)
def test_full_disk(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk no file is left, and the message says what happened."""

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(OutputError, match="disk is full"):
        write([unit_of("Old.")], suffix, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", WRITTEN)
def test_missing_folder(suffix: str, tmp_path: Path) -> None:
    """A missing folder is named in the message."""
    with pytest.raises(OutputError, match="nowhere"):
        write([unit_of("Old.")], suffix, tmp_path / "nowhere")


@pytest.mark.parametrize("suffix", READ)
@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe" * 500, b"plain text\n", b"<html/>", b"{}\n", b"PK\x03\x04"]
)
def test_files_of_another_kind(suffix: str, content: bytes, tmp_path: Path) -> None:
    """A file of another kind is refused as a whole, with its name."""
    path = tmp_path / f"in{suffix}"
    path.write_bytes(content)
    problems: list[UnitProblem] = []

    with pytest.raises(InputError, match=re.escape(str(path))):
        list(unit_reader(path)(path, problems.append))
        raise InputError(f"{path}: has no units, {len(problems)} problems")


@pytest.mark.parametrize("suffix", READ)
def test_missing_file(suffix: str, tmp_path: Path) -> None:
    """A missing file, and a folder in its place, are refused with their names."""
    missing, folder = tmp_path / f"missing{suffix}", tmp_path / f"folder{suffix}"
    folder.mkdir()
    for path in (missing, folder):
        with pytest.raises(InputError, match=re.escape(str(path))):
            read(path)


@pytest.mark.parametrize("suffix", BOTH)
def test_truncated_file(suffix: str, tmp_path: Path) -> None:
    """A file cut off anywhere gives the units that can be read, and InputError or problems, and nothing else."""
    path, _ = write([full_unit(), *(unit_of(text, name) for name, text in ODD.items())], suffix, tmp_path)
    whole = path.read_bytes()
    for cut in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:cut])
        read_whatever_comes(path)


@pytest.mark.parametrize("suffix", READ)
def test_damaged_file(suffix: str, tmp_path: Path) -> None:
    """A file that was changed at random gives units, InputError or problems, and nothing else.

    `tests/fuzz/fuzz_readers.py` does the same for any length of time.
    """
    seeds = [path.read_bytes() for path in write_seeds(suffix, tmp_path)]
    path = tmp_path / f"damaged{suffix}"
    chance = random.Random(suffix)
    for _ in range(6 if suffix == ".parquet" else 60):  # one process for each
        path.write_bytes(chance.choice(mutations_of(suffix))(chance.choice(seeds), chance))
        read_whatever_comes(path)


def test_every_format_says_what_it_cannot_hold() -> None:
    """Every format that is written and read has a line in the table of what it cannot hold."""
    assert sorted(CANNOT_HOLD) == sorted(BOTH)


def test_unknown_suffix(tmp_path: Path) -> None:
    """A name with an unknown suffix is refused with a list of the known ones."""
    with pytest.raises(InputError, match=r"in\.docx: .*\.jsonl, .*\.tsv"):
        unit_reader(tmp_path / "in.docx")
    with pytest.raises(OutputError, match=r"out\.docx: .*\.jsonl, .*\.tsv"):
        unit_writer(tmp_path / "out.docx")
