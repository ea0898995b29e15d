"""Units imported from files: what is new, what people changed, and what stays the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hexapla.formats.io.xml_text import clean_text, legal_text
from hexapla.inputs import Input
from hexapla.memory.additions.unit_import import Imported
from hexapla.memory.additions.unit_merge import Merger, OnConflict
from hexapla.memory.memory import Memory
from hexapla.units import Status, Unit, Variant, account

MADE = datetime(2026, 1, 1, tzinfo=UTC)
LATER = MADE + timedelta(days=30)
TEXTS = {"zh": "码头关闭。", "en": "The pier is closed.", "fr": "La jetée est fermée."}
BETTER = "L’embarcadère est fermé."


def unit(id: str = "u1", **attributes: object) -> Unit:
    """Make an aligned unit, the same in a memory and in a file."""
    known = {"document": "A/98/L.1", "created": MADE, "changed": MADE}
    return Unit.of_texts(id, TEXTS, **(known | attributes))


def foreign(id: str = "f1", text: str = TEXTS["fr"], **attributes: object) -> Unit:
    """Make a unit of a file of another tool."""
    properties = {"tmx": {"header": {"creationtool": "Quill"}}}
    made = Unit.of_texts(id, {"en": TEXTS["en"], "fr": text}, document="piers", properties=properties)
    return replace(made, **attributes)  # type: ignore[arg-type]


def with_text(unit: Unit, text: str, **attributes: object) -> Unit:
    """Change the French text of a unit, as in a file."""
    variants = tuple(
        replace(variant, text=text) if variant.language == "fr" else variant for variant in unit.variants
    )
    return replace(unit, variants=variants, **attributes)  # type: ignore[arg-type]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A memory with one unit."""
    memory = Memory.create(tmp_path / "memory")
    memory.import_units([unit()])
    return memory


def counts(imported: Imported) -> tuple[int, int, int]:
    return imported.added, imported.updated, imported.unchanged


def after(memory: Memory, units: Sequence[Unit], **options: object) -> Unit:
    """Import units that change one unit of the memory, and return that unit."""
    imported = memory.import_units(units, **options)  # type: ignore[arg-type]
    assert counts(imported) == (0, 1, 0)
    return memory.unit(units[0].id)


def test_new_units(tmp_path: Path) -> None:
    """Units keep their dates and author; those without a date get that of the import."""
    memory = Memory.create(tmp_path / "memory")
    before = datetime.now(UTC)
    imported = memory.import_units([unit(author="ana"), foreign()], origin="piers.tmx", author="ben")
    assert counts(imported) == (2, 0, 0)
    assert (imported.version, memory.version, len(memory)) == (1, 1, 2)
    assert memory.unit("u1") == unit(author="ana")
    fresh = memory.unit("f1")
    assert fresh.created == fresh.changed
    assert fresh.created is not None
    assert fresh.created >= before
    assert fresh.author == "ben"
    (commit, _) = memory.history()
    assert (commit.operation, commit.parameters["document"], commit.counts["added"]) == (
        "import",
        "piers.tmx",
        2,
    )


def test_importing_twice_changes_nothing(memory: Memory) -> None:
    """Importing the same units again makes no version, whatever details the file leaves out."""
    version = memory.version
    sparse = replace(unit(), model=None, position=7.0, created=None, changed=None)
    for units in ([unit()], [sparse], [with_text(unit(), " La jetée\nest fermée. ")]):
        imported = memory.import_units(units)
        assert counts(imported) == (0, 0, 1)
        assert imported.version is None
    assert memory.version == version


def test_changes_by_a_reviewer(memory: Memory) -> None:
    """A changed text makes the unit an edited one, with the reviewer, the date and the original text."""
    edited = after(memory, [with_text(unit(), BETTER, author="ana", changed=LATER)])
    assert edited.status is Status.EDITED
    assert (edited.author, edited.created, edited.changed) == ("ana", MADE, LATER)
    assert edited.variant("fr") == Variant("fr", BETTER, TEXTS["fr"])
    assert edited.variant("zh") == Variant("zh", TEXTS["zh"])
    assert [
        match.target for match in memory.lookup(TEXTS["en"], source="en", target="fr", meaning=False)
    ] == [BETTER]


def test_a_file_without_an_author(memory: Memory) -> None:
    """If a tool writes neither name nor date, the change gets those of the import."""
    before = datetime.now(UTC)
    edited = after(memory, [with_text(unit(), BETTER)], author="ana")
    assert edited.author == "ana"
    assert edited.changed is not None
    assert edited.changed >= before
    again = after(memory, [with_text(unit(changed=None), "La jetée est close.")])
    assert again.author == account()


@pytest.mark.parametrize(
    "changed", [None, MADE, datetime(2090, 1, 1, tzinfo=UTC)], ids=["undated", "old", "new"]
)
def test_the_text_of_the_document_never_undoes_a_correction(memory: Memory, changed: datetime | None) -> None:
    """A file with the text that the document has changes nothing, whatever its date."""
    memory.edit("u1", "fr", BETTER)
    before = memory.unit("u1")
    imported = memory.import_units([unit(changed=changed)])
    assert (imported.version, counts(imported)) == (None, (0, 0, 1))
    assert memory.unit("u1") == before


def test_an_earlier_correction_does_not_undo_a_later_one(memory: Memory) -> None:
    """A file without dates that says what the unit said in between is not an edit; one that is dated later is."""
    memory.edit("u1", "fr", "La jetée est close.")
    memory.edit("u1", "fr", BETTER)
    assert memory.import_units([with_text(unit(changed=None), "La jetée est close.")]).version is None
    later = with_text(unit(changed=datetime(2090, 1, 1, tzinfo=UTC)), "La jetée est close.")
    assert after(memory, [later]).texts["fr"] == "La jetée est close."


@pytest.mark.parametrize("seed", range(5))
def test_no_earlier_export_changes_a_unit(memory: Memory, seed: int) -> None:
    """After any corrections, units exported at any earlier version change nothing, with their dates or without."""
    drawn, exported = random.Random(seed), [unit()]
    for step in range(6):
        memory.edit("u1", drawn.choice(["fr", "en"]), f"{drawn.choice('ABC')} {step % 4}")
        exported.append(memory.unit("u1"))
    now = memory.unit("u1")
    for each in drawn.sample(exported, len(exported)):
        for file in (each, replace(each, created=None, changed=None, author=None)):
            assert memory.import_units([file]).version is None
    assert memory.unit("u1") == now


def test_an_approval_of_an_earlier_text_is_not_taken(memory: Memory) -> None:
    """A file that approves what the unit said before its correction does not approve the correction."""
    memory.edit("u1", "fr", BETTER)
    assert memory.import_units([unit(status=Status.APPROVED, changed=None)]).version is None
    assert memory.unit("u1").status is Status.EDITED


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example("The port\x0bis closed.")
@example("a\x1cb\x85c\u2028d\r\ne\x00")
def test_changes_made_by_a_file_format_are_not_edits(text: str) -> None:
    """A text that returns on one line, without the characters that XML forbids, does not change the unit."""
    known = Unit.of_texts("u1", {"en": text, "fr": "x"})
    for hold in (legal_text, clean_text, str.strip):
        assert Merger(MADE, None).merged(known, Unit.of_texts("u1", {"en": hold(text), "fr": "x"})) is known


def test_later_changes_in_the_memory_stay(memory: Memory) -> None:
    """A file older than a correction does not undo it, and the unit is counted as older."""
    memory.edit("u1", "fr", BETTER, author="ana")
    imported = memory.import_units([with_text(unit(), "La jetée est close.", changed=LATER)])
    assert (imported.version, imported.older, imported.updated) == (None, 1, 0)
    assert memory.unit("u1").texts["fr"] == BETTER


def test_dates_are_compared_in_seconds(memory: Memory) -> None:
    """A file exported after a correction is not older just because files have no microseconds."""
    memory.edit("u1", "fr", BETTER)
    changed = memory.unit("u1").changed
    assert changed is not None
    exported = changed.replace(microsecond=0)
    assert (
        after(memory, [with_text(unit(changed=exported), "La jetée est close.")]).texts["fr"]
        == "La jetée est close."
    )


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED])
def test_status(memory: Memory, status: Status) -> None:
    """The status that a reviewer gave a unit is applied, even to an edited unit."""
    assert after(memory, [unit(status=status)]).status is status
    assert (
        after(memory, [with_text(unit(status=Status.EDITED, changed=None), BETTER)]).status is Status.EDITED
    )


def test_a_file_without_status(memory: Memory) -> None:
    """A file without a status leaves that of the unit unchanged."""
    memory.review("u1", Status.APPROVED)
    assert memory.import_units([unit()]).version is None
    assert memory.unit("u1").status is Status.APPROVED


def test_comments_and_tags(memory: Memory) -> None:
    """Comments and the marks of tags are applied; other properties of hexapla stay."""
    memory.import_units([unit("u2", properties={"job": 7})])
    marks = {"<x1/>": "<ph/>"}
    tagged = with_text(
        unit("u2"), BETTER + "<x1/>", properties={"comment": "Which?", "tuv": {"fr": {"marks": marks}}}
    )
    assert after(memory, [tagged]).properties == {
        "job": 7,
        "comment": "Which?",
        "tuv": {"fr": {"marks": marks}},
    }
    assert after(memory, [with_text(unit("u2", changed=None), BETTER)]).properties == {
        "job": 7,
        "comment": "Which?",
    }


def test_languages_that_a_file_does_not_have(memory: Memory) -> None:
    """A bilingual file changes its two languages, also under the codes of a tool, and can add another."""
    bilingual = Unit.of_texts("u1", {"en-US": TEXTS["en"], "fr-FR": BETTER}, changed=LATER)
    assert after(memory, [bilingual]).texts == {**TEXTS, "fr": BETTER}
    further = Unit.of_texts("u1", {"en": TEXTS["en"], "es": "El muelle está cerrado."}, changed=LATER)
    assert after(memory, [further]).texts == {**TEXTS, "fr": BETTER, "es": "El muelle está cerrado."}
    single = Unit.of_texts("u1", {"FR": "La jetée est close."})
    assert after(memory, [single]).texts["fr"] == "La jetée est close."


def test_units_in_one_language(memory: Memory) -> None:
    """A unit without a translation is left out and counted."""
    imported = memory.import_units([Unit.of_texts("u9", {"en": "The quay."}), Unit("u8", ())])
    assert (imported.version, imported.incomplete) == (None, 2)


def test_an_edited_unit_of_another_tool(memory: Memory) -> None:
    """A translation changed in the tool is the same unit, with its new properties."""
    memory.import_units([foreign(created=MADE, changed=MADE)])
    now = {"tmx": {"header": {"creationtool": "Quill"}, "attributes": {"usagecount": "2"}}}
    edited = after(memory, [foreign(text=BETTER, created=MADE, changed=LATER, properties=now)])
    assert (edited.status, edited.changed, edited.texts["fr"]) == (Status.EDITED, LATER, BETTER)
    assert edited.properties == now


@pytest.mark.parametrize("dates", [(None, None), (MADE, None), (None, LATER), (MADE, MADE), (LATER, MADE)])
def test_two_files_of_other_tools(memory: Memory, dates: tuple[datetime | None, datetime | None]) -> None:
    """If two files translate a text differently, both units are kept, whichever comes first and whatever their dates."""
    first = foreign(created=dates[0])
    second = foreign(text=BETTER, created=dates[1], document="quays")
    memory.import_units([first])
    assert counts(memory.import_units([second])) == (1, 0, 0)
    for each in (first, second):
        assert counts(memory.import_units([each])) == (0, 0, 1)
    found = memory.lookup(TEXTS["en"], source="en", target="fr", meaning=False)
    assert {match.target for match in found} == {TEXTS["fr"], BETTER}
    third = foreign(text="La jetée est close.", document="quays 2")
    assert counts(memory.import_units([third])) == (1, 0, 0)


def test_the_same_file_with_another_translation(memory: Memory) -> None:
    """A file of the same name and tool that says something else now is an edit, with dates or without."""
    memory.import_units([foreign()])
    edited = after(memory, [foreign(text=BETTER)])
    assert (edited.status, edited.texts["fr"]) == (Status.EDITED, BETTER)
    assert memory.import_units([foreign()]).version is None


def test_a_file_of_another_tool_with_the_same_name(memory: Memory) -> None:
    """Files of different tools are different files, even if they have the same name."""
    memory.import_units([foreign()])
    other = foreign(text=BETTER, properties={"tmx": {"header": {"creationtool": "Nib"}}})
    assert counts(memory.import_units([other])) == (1, 0, 0)


@pytest.mark.parametrize(
    ("tuid", "added"), [("6f1c2f0e-9e4b-4a8e-8a53-0c8a2d3b7f11", 0), ("17", 1)], ids=["unique", "number"]
)
def test_a_unique_identifier_of_a_tool_means_the_same_unit(memory: Memory, tuid: str, added: int) -> None:
    """A unit with the same UUID in another file is the same unit; a number is only unique in its file."""
    tmx = {"tmx": {"header": {"creationtool": "Quill"}, "attributes": {"tuid": tuid}}}
    memory.import_units([foreign(properties=tmx)])
    imported = memory.import_units([foreign(text=BETTER, document="quays", properties=tmx)])
    assert counts(imported) == (added, 1 - added, 0)


def test_another_file_with_the_text_before_a_correction(memory: Memory) -> None:
    """Another file does not bring back, as a further unit, the text that a person corrected."""
    memory.import_units([foreign()])
    memory.edit("f1", "fr", BETTER)
    assert counts(memory.import_units([foreign(document="quays")])) == (0, 0, 1)
    assert memory.unit("f1").texts["fr"] == BETTER


@pytest.mark.parametrize(
    ("on_conflict", "french"),
    [
        (None, {BETTER}),
        (OnConflict.KEEP_BOTH, {TEXTS["fr"], BETTER}),
        (OnConflict.KEEP, {TEXTS["fr"]}),
        (OnConflict.REPLACE, {BETTER}),
    ],
)
def test_conflicts_are_settled_as_the_user_says(
    memory: Memory, on_conflict: OnConflict | None, french: set[str]
) -> None:
    """The text of the file, that of the memory or both are kept, and the same import again changes nothing."""
    changed = [with_text(unit(changed=LATER), BETTER)]
    first = memory.import_units(changed, on_conflict=on_conflict)
    assert first.kept == (on_conflict is OnConflict.KEEP)
    assert {each.texts["fr"] for each in memory.snapshot} == french
    assert memory.import_units(changed, on_conflict=on_conflict).version is None


def test_replacing_undoes_a_correction(memory: Memory) -> None:
    """A user who asks for it gets the text of the file, even the one before a correction."""
    memory.edit("u1", "fr", BETTER)
    assert after(memory, [unit()], on_conflict=OnConflict.REPLACE).texts == TEXTS


def test_two_units_with_one_identifier(memory: Memory) -> None:
    """Units of one file that share an identifier and say different things are both kept; again, nothing changes."""
    both = [with_text(unit(), "La jetée est close."), with_text(unit(), BETTER)]
    assert counts(memory.import_units(both)) == (1, 1, 0)
    assert {each.texts["fr"] for each in memory.snapshot} == {"La jetée est close.", BETTER}
    assert counts(memory.import_units(both)) == (0, 0, 2)


def test_languages_of_a_unit_in_two_parts(tmp_path: Path) -> None:
    """Units of one identifier that agree, such as those of two bilingual exports, are one unit."""
    memory = Memory.create(tmp_path / "memory")
    parts = [Unit.of_texts("u1", {"en": TEXTS["en"], tag: TEXTS[tag]}) for tag in ("zh", "fr")]
    assert counts(memory.import_units(parts)) == (1, 0, 0)
    assert memory.unit("u1").texts == TEXTS


def test_corrections_replace_units(memory: Memory) -> None:
    """Units given as corrections replace those they correct, and do not count as edited in a file."""
    memory.edit("u1", "fr", BETTER)
    known = memory.unit("u1")
    back = replace(with_text(known, TEXTS["fr"]), status=Status.APPROVED, properties={"comment": "fine"})
    approved = after(memory, [back], whole=True, author="ana")
    assert (approved.status, approved.texts, approved.properties) == (
        Status.APPROVED,
        TEXTS,
        {"comment": "fine"},
    )
    assert approved.author == "ana"
    assert memory.import_units([approved], whole=True).version is None


def test_a_document_with_the_name_of_the_file(tmp_path: Path) -> None:
    """The record of a document is not a unit, and no file can change it."""
    memory = Memory.create(tmp_path / "memory")
    for language, text in (("en", "The pier is closed.\n"), ("fr", "La jetée est fermée.\n")):
        (tmp_path / f"piers.{language}.txt").write_text(text, encoding="utf-8")
    inputs = [Input(tmp_path / f"piers.{language}.txt", language) for language in ("en", "fr")]
    memory.add(inputs, segmented=True)
    before = len(memory)
    assert memory.import_units([foreign()]).added == 1
    again = memory.add(inputs, segmented=True)
    assert (again.removed, len(memory)) == (0, before + 1)
