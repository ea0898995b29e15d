"""Units read from XLIFF files that translators returned."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla.errors import InputError
from hexapla.formats.protocols import UnitProblem
from hexapla.formats.registry import unit_reader
from hexapla.formats.tmx.inline_codes import write_segment
from hexapla.units import Status, Unit
from support_xliff import FIRST, SECOND


def read(folder: Path, content: str) -> tuple[list[Unit], list[UnitProblem]]:
    """Return the units of a file, and those skipped."""
    path, skipped = folder / "back.xlf", list[UnitProblem]()
    path.write_text(content, "utf-8")
    return list(unit_reader(path)(path, skipped.append)), skipped


@pytest.mark.parametrize("content", [FIRST, SECOND])
def test_translated_segments_become_units(tmp_path: Path, content: str) -> None:
    """Only segments whose state is translated become units; those without a translation, or with a copy, do not."""
    (unit,), skipped = read(tmp_path, content)
    assert unit.texts == {"en": "The tide rises.", "fr": "La marée monte."}
    assert (unit.status, unit.level, unit.position, skipped) == (Status.ALIGNED, "sentence", 1.0, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<target state="translated"', '<target state="final"'),
        ('<target state="translated"', '<target state="signed-off"'),
        ('<trans-unit id="u2"', '<trans-unit id="u2" approved="yes"'),
        ('state="translated"', 'state="reviewed"'),
    ],
)
def test_reviewed_segments_are_approved(tmp_path: Path, before: str, after: str) -> None:
    """Reviewed, signed-off and final segments, and approved trans-units, become approved units."""
    (unit,), _ = read(tmp_path, (SECOND if "reviewed" in after else FIRST).replace(before, after))
    assert unit.status is Status.APPROVED


def test_units_are_the_same_each_time(tmp_path: Path) -> None:
    """A file that is read again gives units with the same identifiers."""
    assert read(tmp_path, FIRST) == read(tmp_path, FIRST)


def test_documents_are_named_by_their_original(tmp_path: Path) -> None:
    """The document of a unit is the original named in the file, or else the file itself."""
    assert read(tmp_path, FIRST)[0][0].document == "tides.docx"
    assert read(tmp_path, SECOND)[0][0].document == "back.xlf"


def test_codes_can_be_written_to_other_formats(tmp_path: Path) -> None:
    """Codes become marks, the same in both texts, and TMX writes them as inline elements."""
    target = '<target state="final"><x id="8"/>Il est <g id="7">ouvert</g>.</target></trans-unit>'
    content = FIRST.replace(
        '<x id="8"/></source>', f'<x id="8"/></source>{target}<trans-unit id="more"><source>x</source>'
    )
    unit = read(tmp_path, content)[0][0]
    assert unit.texts == {"en": "The port is <b1>open</b1>.<x1/>", "fr": "<x1/>Il est <b1>ouvert</b1>."}
    segment = write_segment(unit.texts["fr"], unit.properties["tuv"]["fr"]["marks"])
    assert [(child.tag, child.get("x"), child.get("i")) for child in segment] == [
        ("ph", "1", None),
        ("bpt", "1", "1"),
        ("ept", None, "1"),
    ]


def test_codes_that_only_the_translation_has_stay_codes(tmp_path: Path) -> None:
    """A code without a counterpart in the source stays a code, and does not become text."""
    after = "La marée monte.<x id='9'/>"
    (unit,), _ = read(tmp_path, FIRST.replace("La marée monte.", after))
    assert unit.texts == {"en": "The tide rises.", "fr": "La marée monte.<x1/>"}
    assert unit.properties == {"tuv": {"fr": {"marks": {"<x1/>": '<ph x="1"/>'}}}}


@pytest.mark.parametrize(
    ("target", "texts"),
    [
        ("Une vague. Deux vagues.", [("One wave. Two waves.", "Une vague. Deux vagues.")]),
        ("One wave. Two waves.", []),
        (
            '<mrk mtype="seg" mid="0">Une vague.</mrk> <mrk mtype="seg" mid="1">Deux vagues.</mrk>',
            [("One wave.", "Une vague."), ("Two waves.", "Deux vagues.")],
        ),
    ],
)
def test_a_translation_is_segmented_like_its_source_or_whole(
    tmp_path: Path, target: str, texts: list[tuple[str, str]]
) -> None:
    """An unsegmented target is a translation of the whole source, unless it is a copy of the source."""
    cut = "</mrk></seg-source>"
    state = "new" if not texts else "translated"
    content = FIRST.replace(cut, f'{cut}<target state="{state}">{target}</target>')
    units, skipped = read(
        tmp_path, content.replace('<target state="translated">La marée monte.</target>', "")
    )
    assert [(unit.texts["en"], unit.texts["fr"]) for unit in units] == texts
    assert skipped == []


def test_languages_are_spelt_as_usual(tmp_path: Path) -> None:
    """The tag EN-us in a file becomes en-US, as in a memory."""
    (unit,), _ = read(tmp_path, FIRST.replace('source-language="en"', 'source-language="EN-us"'))
    assert list(unit.texts) == ["en-US", "fr"]


def test_a_translation_that_is_empty_is_skipped_with_its_place(tmp_path: Path) -> None:
    """A unit whose state is translated but whose target is empty is reported."""
    units, (skipped,) = read(tmp_path, FIRST.replace("La marée monte.", " "))
    assert units == []
    assert str(skipped) == (
        f"{tmp_path}/back.xlf, line 9, unit u2: its state is translated, but its text in fr is empty"
    )


def test_a_file_without_languages_is_refused(tmp_path: Path) -> None:
    """A file must state its languages."""
    with pytest.raises(InputError, match="does not state its target language"):
        read(tmp_path, SECOND.replace(' trgLang="fr"', ""))
