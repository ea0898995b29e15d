"""Units as data: .tsv, .jsonl and .parquet are read and written, Moses and OPUS are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lxml import etree

from hexapla.errors import InputError, OutputError
from hexapla.formats.io import text_lines
from hexapla.formats.protocols import UnitProblem, WriteOptions, Written
from hexapla.formats.registry import unit_reader, unit_writer, write_alignment
from hexapla.unit_table import frame_of
from hexapla.units import Status, Unit, Variant
from support_alignment import resolution
from support_review import sample_units

VARIANTS = [{"language": "en", "text": "Yes."}, {"language": "fr", "text": "Oui."}]


def read(path: Path) -> tuple[list[Unit], list[str]]:
    """Return the units of a file, and problems without the name of the file."""
    problems: list[UnitProblem] = []
    units = list(unit_reader(path)(path, problems.append))
    return units, [str(problem).removeprefix(f"{path}, ") for problem in problems]


def write(path: Path, units: list[Unit], *languages: str) -> Written:
    """Write units in some languages."""
    return unit_writer(path)(units, path, WriteOptions(languages))


def test_tsv_as_written(tmp_path: Path) -> None:
    r"""The first line names the columns, each unit is a line, and separators inside values are escaped."""
    path = tmp_path / "out.tsv"
    unit = Unit.of_texts("u1", {"en": "a\tb\\n\nc", "fr": "é"}, document="A/1", probability=0.25)

    write(path, [unit], "fr", "en")

    head, row, end = path.read_bytes().decode("utf-8").split("\n")
    assert head.split("\t")[0] == "unit"
    assert head.split("\t")[-2:] == ["fr", "en"]
    assert row.split("\t")[:2] == ["u1", "A/1"]
    assert row.split("\t")[-2:] == ["é", r"a\tb\\n\nc"]
    assert end == ""


def test_tsv_made_by_hand(tmp_path: Path) -> None:
    """Two language columns are enough; a byte order mark, Windows line breaks and empty lines do not matter."""
    path = tmp_path / "in.tsv"
    path.write_bytes("\ufeffen\tfr\tstatus\r\nYes.\tOui.\tapproved\r\n\r\nNo.\tNon.\t\r\n".encode())

    units, problems = read(path)

    assert problems == []
    assert [unit.texts for unit in units] == [{"en": "Yes.", "fr": "Oui."}, {"en": "No.", "fr": "Non."}]
    assert [unit.status for unit in units] == [Status.APPROVED, Status.ALIGNED]
    assert len({unit.id for unit in units}) == 2
    assert read(path)[0] == units


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("u2\tYes.", "line 2, unit u2: has 2 values, but the first line names 4 columns"),
        ("u2\tYes.\tOui.\tmaybe", "line 2, unit u2: status is 'maybe' and must be one of aligned, edited"),
        (
            r"u2	Yes.\x	Oui.	",
            "line 2, unit u2: has a backslash before 'x'; write \\\\ for a backslash itself",
        ),
        ("u2\tYes.\\\tOui.\t", "line 2, unit u2: has a backslash before ''"),
        (" u2\tYes.\tOui.\t", "line 2, unit  u2: the identifier ' u2' has white space around it"),
    ],
    ids=["values", "status", "escape", "backslash at the end", "identifier"],
)
def test_tsv_wrong_line(line: str, reason: str, tmp_path: Path) -> None:
    """A line that cannot be read is reported with its number, and the next one is read."""
    path = tmp_path / "in.tsv"
    path.write_text(f"unit\ten\tfr\tstatus\n{line}\nu3\tNo.\tNon.\t\n", encoding="utf-8")

    units, problems = read(path)

    assert [unit.id for unit in units] == ["u3"]
    assert len(problems) == 1
    assert problems[0].startswith(reason)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("", "'' is not a BCP 47 language tag"),
        ("unit\ten", "there must be columns for at least two languages"),
        ("en\tfr\ttranslation memory", "'translation memory' is not a BCP 47 language tag"),
        ("en\tfr\tfr", "the column fr occurs twice"),
    ],
)
def test_tsv_wrong_header(head: str, reason: str, tmp_path: Path) -> None:
    """A first line that does not name languages is refused, and the message gives the required names."""
    path = tmp_path / "in.tsv"
    path.write_text(f"{head}\nYes.\tOui.\n", encoding="utf-8")

    with pytest.raises(InputError, match=f"in.tsv, line 1: .*{reason}.* the line must name the columns"):
        read(path)


def test_line_that_is_not_utf_8(tmp_path: Path) -> None:
    """A line in another encoding is reported with the byte, and the others are read."""
    path = tmp_path / "in.tsv"
    path.write_bytes(b"en\tfr\nNo.\tNon.\ncaf\xe9\tcaf\xe9\nYes.\tOui.\n")

    units, problems = read(path)

    assert len(units) == 2
    assert problems == ["line 3: byte 4, 0xe9, is not valid UTF-8: convert the file to UTF-8"]


def test_endless_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless line is refused before it is read to its end."""
    monkeypatch.setattr(text_lines, "MAXIMUM_LINE_BYTES", 1000)
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"x" * 5000)

    with pytest.raises(InputError, match="line 1: is longer than 1,000 bytes: this is not a file of units"):
        read(path)


def test_jsonl_as_written(tmp_path: Path) -> None:
    """A unit is one object whose keys are its attributes, without ASCII escapes."""
    path = tmp_path / "out.jsonl"
    write(
        path,
        [Unit("u1", (Variant("en", "Café", "Cafe", (1.0,)), Variant("fr", "Café")), properties={"a": 1})],
    )

    text = path.read_text(encoding="utf-8")

    assert "Café" in text
    record = json.loads(text)
    assert list(record)[:3] == ["id", "texts", "document"]
    assert record["texts"] == {"en": "Café", "fr": "Café"}
    assert (record["originals"], record["segments"]) == ({"en": "Cafe"}, {"en": [1.0]})
    assert record.keys().isdisjoint({"blocks", "files", "variants"})
    assert record["properties"] == {"a": 1}


def test_jsonl_of_earlier_releases(tmp_path: Path) -> None:
    """A list of variants is read as before; an original in a language without text is refused."""
    path = tmp_path / "old.jsonl"
    variants = [
        {"language": "EN", "text": "Yes.", "original": "Yes", "block": 2.0},
        {"language": "fr", "text": "Oui."},
    ]
    lines = [
        {"id": "u1", "variants": variants},
        {"id": "u2", "texts": {"en": "Yes.", "fr": "Oui."}, "originals": {"de": "Ja."}},
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")

    units, problems = read(path)

    (unit,) = units
    assert unit.variants == (Variant("en", "Yes.", "Yes", block=2.0), Variant("fr", "Oui."))
    assert problems == ["line 2, unit u2: originals names the language 'de', which texts does not have"]


def test_rows_of_an_alignment_are_units(tmp_path: Path) -> None:
    """The .jsonl of `hexapla align` can be read as units, each with its segments."""
    path = tmp_path / "rows.jsonl"
    alignment = resolution()
    write_alignment(alignment, path)

    units, problems = read(path)

    assert problems == []
    assert [unit.id for unit in units] == [row.id for row in alignment.rows]
    assert [unit.texts for unit in units] == [dict(row.texts) for row in alignment.rows]
    segments = {variant.language: variant.segments for variant in units[-2].variants}
    assert segments == dict(alignment.rows[-2].segments)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown attribute": ({"colour": "red"}, "a unit has no attribute 'colour'"),
    "identifier": ({"id": 7}, "id is 7 and must be text"),
    "level": ({"level": "document"}, "level is 'document' and must be one of paragraph, sentence"),
    "kind": ({"kind": "poem"}, "kind is 'poem' and must be one of masthead"),
    "probability": ({"probability": 1.5}, "probability is 1.5 and must be from 0 to 1"),
    "no number": ({"position": "first"}, "position is 'first' and must be a number"),
    "not a number": ({"position": float("nan")}, "position is nan and must be a number"),
    "huge number": ({"position": 10**400}, "position is 1000"),
    "truth": ({"moved": 1}, "moved is 1 and must be true or false"),
    "time": (
        {"created": "yesterday"},
        "created is 'yesterday' and must be a time such as 2026-01-31T12:00:00+00:00",
    ),
    "properties": ({"properties": []}, "properties is [] and must be an object"),
    "properties of TMX": (
        {"properties": {"tmx": "Trados"}},
        "the property 'tmx' is 'Trados', not what hexapla has",
    ),
    "marks": ({"properties": {"tuv": {"en": {"marks": [1]}}}}, "the property 'tuv' is"),
    "remarks": ({"properties": {"tmx": {"elements": [["prop", 1, {}]]}}}, "the property 'tmx' is"),
    "sources": ({"sources": [1]}, "sources is 1 and must be text"),
    "variants": ({"variants": {}}, "variants is {} and must be a list"),
    "variant": ({"variants": [1]}, "a variant is 1 and must be an object"),
    "attribute of a variant": (
        {"variants": [VARIANTS[0] | {"page": 2}]},
        "a variant has no attribute 'page'",
    ),
    "language": (
        {"variants": [{"language": "english", "text": "Yes."}]},
        "'english' is not a BCP 47 language tag",
    ),
    "language twice": (
        {"variants": [*VARIANTS, {"language": "EN", "text": "No."}]},
        "the language en is there twice",
    ),
    "empty text": ({"variants": [VARIANTS[0] | {"text": " "}]}, "the text in en is empty"),
    "segments": ({"variants": [VARIANTS[0] | {"segments": ["1"]}]}, "segments is '1' and must be a number"),
}


@pytest.mark.parametrize("name", WRONG)
def test_jsonl_wrong_value(name: str, tmp_path: Path) -> None:
    """An invalid value is reported with its line, its unit and what it must be; the others are read."""
    values, reason = WRONG[name]
    good = {"id": "u1", "variants": VARIANTS}
    records = [good, good | {"id": "u2"} | values, good | {"id": "u3"}]
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")

    units, problems = read(path)

    assert [unit.id for unit in units] == ["u1", "u3"]
    assert len(problems) == 1
    assert problems[0].split(": ", 1)[1].startswith(reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "u2"', "line 2: is not a JSON object"),
        ("[1, 2]", "line 2: is [1, 2] and must be a JSON object"),
        ("[" * 100_000, "line 2: is nested too deeply"),
        ('{"id": "u2", "number": ' + "9" * 5000 + "}", "line 2: "),
        (r'{"id": "u2", "properties": {"a": "\ud83d"}}', "line 2: has half of a surrogate pair, U+D83D"),
    ],
    ids=["broken", "list", "deep", "long number", "half"],
)
def test_jsonl_wrong_line(line: str, reason: str, tmp_path: Path) -> None:
    """A line that does not hold a unit is reported, and the next one is read."""
    good = json.dumps({"id": "u1", "variants": VARIANTS})
    path = tmp_path / "in.jsonl"
    path.write_text(f"{good}\n{line}\n{good}\n", encoding="utf-8")

    units, problems = read(path)

    assert len(units) == 2
    assert len(problems) == 1
    assert problems[0].startswith(reason)


def test_parquet_as_written(tmp_path: Path) -> None:
    """The file has the columns of the table of units in a memory, and polars reads it directly."""
    path = tmp_path / "out.parquet"
    units = sample_units()

    write(path, units)

    assert pl.read_parquet(path).equals(frame_of(units))


def test_parquet_of_few_columns(tmp_path: Path) -> None:
    """Identifier and variants are enough; unknown columns are ignored."""
    path = tmp_path / "in.parquet"
    frame_of(sample_units()).select("id", "variants", extra=pl.lit(1)).write_parquet(path)

    units, problems = read(path)

    assert problems == []
    assert [unit.texts for unit in units] == [unit.texts for unit in sample_units()]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": pl.lit("u")}, "has no column 'variants'"),
        ({"id": pl.lit(1), "variants": pl.lit(1)}, "the column 'id' is of type Int32 and must be String"),
    ],
)
def test_parquet_of_other_columns(columns: dict[str, pl.Expr], reason: str, tmp_path: Path) -> None:
    """A table of something else is refused, and the message names the column and both types."""
    path = tmp_path / "in.parquet"
    pl.DataFrame({"a": [1]}).select(**columns).write_parquet(path)

    with pytest.raises(InputError, match=reason):
        read(path)


def test_parquet_wrong_rows(tmp_path: Path) -> None:
    """Rows with invalid values are reported with their numbers."""
    path = tmp_path / "in.parquet"
    frame = frame_of(sample_units()).with_row_index()
    wrong = frame.with_columns(
        status=pl.when(index=1).then(pl.lit("good")).otherwise("status"),
        properties=pl.when(index=2).then(pl.lit("[")).otherwise("properties"),
        probability=pl.when(index=3).then(pl.lit(float("inf"))).otherwise("probability"),
    )
    wrong.drop("index").write_parquet(path)

    units, problems = read(path)

    assert [unit.id for unit in units] == ["a0", "a4"]
    assert [problem.split(":")[0] for problem in problems] == [
        "line 2, unit a1",
        "line 3, unit a2",
        "line 4, unit a3",
    ]


def test_moses(tmp_path: Path) -> None:
    """The same line of both files is one unit; line breaks become spaces, and the files are named as OPUS does."""
    units = [
        Unit.of_texts("u1", {"en": "One\nline,\u2028and  more. ", "fr": "Une\tligne."}),
        Unit.of_texts("u2", {"en": "Yes.", "fr": "\x01\ufeff"}),
        Unit.of_texts("u3", {"en": "No.", "fr": "Non."}),
    ]

    exported = write(tmp_path / "out.moses", units, "fr", "en")

    french, english = tmp_path / "out.fr-en.fr", tmp_path / "out.fr-en.en"
    assert exported.files == (french, english)
    assert english.read_text(encoding="utf-8") == "One line, and  more.\nNo.\n"
    assert french.read_text(encoding="utf-8") == "Une\tligne.\nNon.\n"
    assert exported.units == 2
    assert [problem.unit for problem in exported.left_out] == ["u2"]
    assert sorted(tmp_path.iterdir()) == sorted(exported.files)


def test_moses_with_the_pair_in_its_name(tmp_path: Path) -> None:
    """A language pair that the name already contains is not repeated."""
    exported = write(tmp_path / "out.fr-en.moses", sample_units(), "fr", "en")

    assert [file.name for file in exported.files] == ["out.fr-en.fr", "out.fr-en.en"]


def test_xces(tmp_path: Path) -> None:
    """Links give the sentences of both documents and the probability, as in OPUS."""
    path = tmp_path / "out.xces"

    exported = write(path, sample_units(), "en", "fr")

    links = etree.parse(path)
    assert b'<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN"' in path.read_bytes()
    group = links.getroot()[0]
    assert dict(group.attrib) == {"targType": "s", "fromDoc": "out.en.xml", "toDoc": "out.fr.xml"}
    assert dict(group[1].attrib) == {"id": "a1", "xtargets": "2;2", "certainty": "0.8500"}
    french = etree.parse(tmp_path / "out.fr.xml")
    assert [(each.get("id"), each.text) for each in french.iter("s")][1] == (
        "2",
        sample_units()[1].texts["fr"],
    )
    assert exported.files == (path, tmp_path / "out.en.xml", tmp_path / "out.fr.xml")
    assert exported.units == 5


@pytest.mark.parametrize("suffix", [".moses", ".xces"])
@pytest.mark.parametrize("languages", [("en",), ("en", "fr", "ar"), ()])
def test_not_two_languages(suffix: str, languages: tuple[str, ...], tmp_path: Path) -> None:
    """Bilingual formats refuse more or fewer than two languages, and say how to name two."""
    with pytest.raises(OutputError, match=r"this format holds exactly 2 languages.*--pair zh-en"):
        write(tmp_path / f"out{suffix}", sample_units(), *languages)
    assert list(tmp_path.iterdir()) == []
