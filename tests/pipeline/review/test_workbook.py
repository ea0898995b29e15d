"""Changes that a reviewer makes in a workbook become corrections of units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hexapla.formats.protocols import WriteOptions
from hexapla.formats.xlsx.writer import write_units
from hexapla.units import Status, Unit, with_text
from support_review import TEXTS, Grid, change, review, sample_units, write_review


def reviewed(
    folder: Path, edit: Callable[[Grid], object], memory: list[Unit] | None = None
) -> tuple[dict[str, Unit], list[str]]:
    """Return the corrections of an edited review by identifier, and its problems."""
    path = folder / "review.xlsx"
    units = write_review(path)
    change(path, edit)
    changed, problems = review(path, units if memory is None else memory)
    assert all(problem.path == path for problem in problems)
    return changed, [str(problem).removeprefix(f"{path}") for problem in problems]


def row(grid: Grid, unit: str) -> dict[str, str]:
    """Return the row of a unit."""
    return next(each for each in grid if each.get("unit") == unit)


def insert(grid: Grid, unit: str, **values: str) -> None:
    """Insert a row below that of a unit."""
    grid.insert(grid.index(row(grid, unit)) + 1, values)


def test_nothing_changed(tmp_path: Path) -> None:
    """A workbook that comes back unchanged changes nothing and reports nothing."""
    assert reviewed(tmp_path, lambda grid: None) == ({}, [])


def test_edited_text(tmp_path: Path) -> None:
    """A changed text makes the unit edited and keeps the original text; the others are unchanged."""
    changed, problems = reviewed(tmp_path, lambda grid: row(grid, "a2").update(fr="Le registre est public."))

    assert problems == []
    assert list(changed) == ["a2"]
    variant = changed["a2"].variant("fr")
    assert variant is not None
    assert (variant.text, variant.original) == ("Le registre est public.", TEXTS[2]["fr"])
    assert changed["a2"].status is Status.EDITED
    assert changed["a2"].texts | {"fr": TEXTS[2]["fr"]} == TEXTS[2]


def test_status_and_comment(tmp_path: Path) -> None:
    """Status, in any spelling, and comment are applied to the unit, and its texts stay."""

    def edit(grid: Grid) -> None:
        row(grid, "a0").update(status=" Approved ")
        row(grid, "a1").update(status="rejected", comment="Not the same passage")
        row(grid, "a2").update(fr="Le registre est public.", status="approved")

    changed, problems = reviewed(tmp_path, edit)

    assert problems == []
    assert [unit.status for unit in changed.values()] == ["approved", "rejected", "approved"]
    assert changed["a1"].properties == {"comment": "Not the same passage"}
    assert changed["a2"].texts["fr"] == "Le registre est public."
    assert changed["a0"].texts == TEXTS[0]


def test_comment_is_removed(tmp_path: Path) -> None:
    """A comment that was deleted is removed from the unit, whose other properties stay."""
    path = tmp_path / "review.xlsx"
    units = write_review(
        path, [replace(unit, properties={"comment": "Why?", "job": "7"}) for unit in sample_units()]
    )
    change(path, lambda grid: row(grid, "a3").pop("comment"))

    changed, problems = review(path, units)

    assert (list(changed), problems) == (["a3"], [])
    assert changed["a3"].properties == {"job": "7"}


def test_texts_are_added_and_removed(tmp_path: Path) -> None:
    """A text in an empty cell adds a language, and an emptied cell removes its language from the unit."""

    def edit(grid: Grid) -> None:
        row(grid, "a4").update(ar="تقرر أن تجتمع مرة أخرى في أيار/مايو.")
        row(grid, "a3").pop("ar")

    changed, problems = reviewed(tmp_path, edit)

    assert problems == []
    assert changed["a4"].languages == ("en", "fr", "ar")
    assert changed["a3"].languages == ("en", "fr")


def test_merge(tmp_path: Path) -> None:
    """Merged rows become one unit, with spaces between texts; the other units are rejected, and record why."""

    def edit(grid: Grid) -> None:
        row(grid, "a1").update(action="Merge with next")
        row(grid, "a2").update(action="merge with next", en="The record of them is public.")

    changed, problems = reviewed(tmp_path, edit)

    assert problems == []
    assert list(changed) == ["a1", "a2", "a3"]
    assert changed["a1"].texts["en"] == " ".join(
        [TEXTS[1]["en"], "The record of them is public.", TEXTS[3]["en"]]
    )
    assert changed["a1"].texts["ar"] == " ".join(TEXTS[index]["ar"] for index in (1, 2, 3))
    assert changed["a1"].status is Status.EDITED
    assert [changed[name].status for name in ("a2", "a3")] == ["rejected", "rejected"]
    assert [changed[name].properties for name in ("a2", "a3")] == [{"merged": "a1"}] * 2
    assert changed["a2"].texts == TEXTS[2]


def test_merge_without_spaces(tmp_path: Path) -> None:
    """Chinese texts are merged without a space between them."""
    path = tmp_path / "review.xlsx"
    units = [
        Unit.of_texts("z0", {"en": "The pier is old.", "zh": "码头很旧。"}, document="d"),
        Unit.of_texts("z1", {"en": "It is closed.", "zh": "已经关闭。"}, document="d", position=1.0),
    ]
    write_units(units, path, WriteOptions(languages=("en", "zh")))
    change(path, lambda grid: grid[0].update(action="merge with next"))

    changed, _ = review(path, units)

    assert changed["z0"].texts == {"en": "The pier is old. It is closed.", "zh": "码头很旧。已经关闭。"}


@pytest.mark.parametrize("deleted", [False, True], ids=["emptied", "deleted"])
def test_merge_by_hand(deleted: bool, tmp_path: Path) -> None:
    """Moving texts into the row above, and emptying or deleting their own row, is a merge too."""

    def edit(grid: Grid) -> None:
        upper, lower = row(grid, "a1"), row(grid, "a2")
        for language in ("en", "fr", "ar"):
            upper[language] += "\n" + lower.pop(language)
        if deleted:
            grid.remove(lower)

    memory = {unit.id: unit for unit in sample_units()}
    changed, problems = reviewed(tmp_path, edit)

    assert problems == []
    assert list(changed) == ["a1", "a2"]
    assert changed["a1"].texts["fr"] == f"{TEXTS[1]['fr']}\n{TEXTS[2]['fr']}"
    assert (changed["a2"].status, changed["a2"].properties) == (Status.REJECTED, {"merged": "a1"})
    assert review(tmp_path / "review.xlsx", (memory | changed).values()) == ({}, [])


def test_split(tmp_path: Path) -> None:
    """An inserted row is a unit of the same document, after the one above it; its file and its encoder are the same."""

    def edit(grid: Grid) -> None:
        row(grid, "a3").update(en="It is kept for ten years.", fr="Il est conservé dix ans.")
        insert(
            grid,
            "a3",
            en="It is then given to the archive.",
            fr="Il est ensuite versé aux archives.",
            comment="x",
        )

    changed, problems = reviewed(tmp_path, edit)

    assert problems == []
    upper, lower = changed.values()
    assert upper.texts == {
        "en": "It is kept for ten years.",
        "fr": "Il est conservé dix ans.",
        "ar": TEXTS[3]["ar"],
    }
    assert lower.texts == {
        "en": "It is then given to the archive.",
        "fr": "Il est ensuite versé aux archives.",
    }
    assert (lower.document, lower.level, lower.status) == ("A/98/L.7", "sentence", Status.EDITED)
    assert 3 < lower.position < 4
    assert lower.properties == {"comment": "x"}


def test_imported_twice(tmp_path: Path) -> None:
    """Importing a review a second time changes nothing."""
    path = tmp_path / "review.xlsx"
    memory = {unit.id: unit for unit in write_review(path)}

    def edit(grid: Grid) -> None:
        row(grid, "a0").update(status="approved")
        row(grid, "a1").update(action="merge with next", comment="one sentence")
        row(grid, "a3").update(en="It is kept for ten years.", fr="Il est conservé dix ans.")
        insert(grid, "a3", en="It is then given away.", fr="Il est ensuite versé.")
        row(grid, "a4").update(fr="Décide de se réunir en mai.", status="approved")

    change(path, edit)
    changed, problems = review(path, memory.values())
    assert (len(changed), problems) == (6, [])

    assert review(path, (memory | changed).values()) == ({}, [])


def test_rows_that_depend_on_a_refused_row_are_refused_too(tmp_path: Path) -> None:
    """Texts moved into a row, or cut out of it, are neither lost nor duplicated if that row cannot be applied."""

    def move_up(grid: Grid) -> None:
        upper, lower = row(grid, "a1"), row(grid, "a2")
        for language in ("en", "fr", "ar"):
            upper[language] += "\n" + lower[language]
        grid.remove(lower)

    def split(grid: Grid) -> None:
        row(grid, "a1").update(en="One part.")
        insert(grid, "a1", en="Another part.", fr="Une autre.")

    memory = sample_units()
    memory[1] = with_text(memory[1], "en", "Meanwhile another text.")
    for edit, left in (
        (move_up, "the rows of 1 units were deleted (a2)"),
        (split, "it depends on the row of unit a1"),
    ):
        changed, problems = reviewed(tmp_path, edit, memory)
        assert changed == {}
        assert "was changed in the memory since the export" in problems[0]
        assert left in problems[1]


def test_conflict(tmp_path: Path) -> None:
    """A text changed both here and in the memory keeps the text of the memory, and both values are reported."""
    memory = sample_units()
    memory[2] = with_text(memory[2], "fr", "Le registre est ouvert.")

    changed, problems = reviewed(
        tmp_path, lambda grid: row(grid, "a2").update(fr="Le registre est public."), memory
    )

    assert changed == {}
    assert problems == [
        ", line 4, unit a2: the text in fr was changed in the memory since the export: 'Le registre est public.' here, "
        "'Le registre est ouvert.' there; the unit in the memory stays as it is"
    ]


def test_the_same_change_in_both(tmp_path: Path) -> None:
    """A text that was changed in the memory in the same way, or in another language, is not a conflict."""
    memory = sample_units()
    memory[2] = with_text(memory[2], "fr", "Le registre est public.")
    memory[3] = with_text(memory[3], "fr", "Il est gardé dix ans.")

    def edit(grid: Grid) -> None:
        row(grid, "a2").update(fr="Le registre est public.")
        row(grid, "a3").update(en="It is kept for 10 years.")

    changed, problems = reviewed(tmp_path, edit, memory)

    assert problems == []
    assert list(changed) == ["a3"]
    assert changed["a3"].texts["fr"] == "Il est gardé dix ans."


@pytest.mark.parametrize(
    "edit",
    [
        lambda grid: row(grid, "a2").update(status="approved"),
        lambda grid: row(grid, "a1").update(action="merge with next"),
    ],
    ids=["approved", "merged"],
)
def test_texts_that_the_reviewer_has_not_seen(edit: Callable[[Grid], object], tmp_path: Path) -> None:
    """A unit whose text was changed in the memory since the export is neither approved nor merged."""
    memory = sample_units()
    memory[2] = with_text(memory[2], "fr", "Le registre est ouvert.")

    changed, problems = reviewed(tmp_path, edit, memory)

    assert changed == {}
    assert len(problems) == 1
    assert "the text in fr was changed in the memory since the export" in problems[0]


def test_comment_in_both(tmp_path: Path) -> None:
    """If both comments were changed, the memory keeps its own."""
    memory = [replace(unit, properties={"comment": "mine"}) for unit in sample_units()]

    changed, problems = reviewed(tmp_path, lambda grid: row(grid, "a2").update(comment="yours"), memory)

    assert changed == {}
    assert "the comment was changed in the memory since the export: 'yours' here, 'mine' there" in problems[0]


def test_status_in_both(tmp_path: Path) -> None:
    """If the status was changed in both, the memory keeps its own."""
    memory = [replace(unit, status=Status.REJECTED) for unit in sample_units()]

    changed, problems = reviewed(tmp_path, lambda grid: row(grid, "a2").update(status="approved"), memory)

    assert changed == {}
    assert "the status was changed in the memory since the export: 'approved' here, 'rejected'" in problems[0]


def upside_down(grid: Grid) -> None:
    """Merge a row with the one below it after sorting."""
    row(grid, "a1").update(action="merge with next")
    grid.reverse()


def merged_over(grid: Grid) -> None:
    """Merge a row with the next one over an inserted row."""
    row(grid, "a1").update(action="merge with next")
    insert(grid, "a1", en="New.", fr="Neuf.")


WRONG: dict[str, tuple[Callable[[Grid], object], str]] = {
    "unknown id": (
        lambda grid: row(grid, "a2").update(unit="b9"),
        ", line 4, unit b9: no unit with this identifier was exported",
    ),
    "id twice": (
        lambda grid: grid.insert(3, dict(row(grid, "a2"))),
        ", line 4, unit a2: 2 rows have this unit",
    ),
    "unknown status": (
        lambda grid: row(grid, "a2").update(status="good"),
        ", line 4, unit a2: the status is 'good' but must be one of aligned, edited, approved, rejected",
    ),
    "unknown action": (
        lambda grid: row(grid, "a2").update(action="delete"),
        ", line 4, unit a2: the action is 'delete' but must be 'merge with next' or empty",
    ),
    "nothing to merge with": (
        lambda grid: row(grid, "a4").update(action="merge with next"),
        ", line 6, unit a4: merge with next: the row below is not the one that was exported there",
    ),
    "another row below": (
        upside_down,
        ", line 5, unit a1: merge with next: the row below is not the one that was exported there",
    ),
    "merged over an inserted row": (
        merged_over,
        ", line 3, unit a1: merge with next: the row below is not the one that was exported there",
    ),
    "one language left": (
        lambda grid: row(grid, "a4").pop("fr"),
        ", line 6, unit a4: only the text in en is left: to remove the unit, choose rejected",
    ),
    "all emptied": (
        lambda grid: [row(grid, "a2").pop(language) for language in ("en", "fr", "ar")],
        ", line 4, unit a2: all its texts were deleted: the unit stays as it is; to remove it, choose rejected",
    ),
    "one text of an inserted row": (
        lambda grid: insert(grid, "a2", en="It is free."),
        ", line 5: an inserted row is a new unit and needs text in at least two languages",
    ),
    "inserted at the top": (
        lambda grid: grid.insert(0, {"en": "It is free.", "fr": "Il est gratuit."}),
        ", line 2: it was inserted, but the row above it has no unit or cannot be used",
    ),
    "status of an inserted row": (
        lambda grid: insert(grid, "a2", en="It is free.", fr="Il est gratuit.", status="new"),
        ", line 5: the status is 'new' but must be one of",
    ),
    "deleted rows": (
        lambda grid: grid.__delitem__(slice(1, 3)),
        ": the rows of 2 units were deleted (a1, a2): they stay as they are in the memory",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_invalid_changes_are_reported(name: str, tmp_path: Path) -> None:
    """An invalid row changes nothing, is reported with its number, and does not stop the others."""
    edit, reason = WRONG[name]

    def with_another(grid: Grid) -> None:
        row(grid, "a0").update(status="approved")
        edit(grid)

    changed, problems = reviewed(tmp_path, with_another)

    assert changed.keys() & {unit.id for unit in sample_units()} == {"a0"}
    assert problems
    assert problems[0].startswith(reason)


def test_unit_that_was_removed(tmp_path: Path) -> None:
    """A changed row of a unit that is no longer in the memory is reported; an unchanged one is not."""
    memory = [unit for unit in sample_units() if unit.id not in ("a2", "a3")]

    changed, problems = reviewed(
        tmp_path, lambda grid: row(grid, "a2").update(fr="Le registre est public."), memory
    )

    assert (changed, problems) == ({}, [", line 4, unit a2: the unit is no longer in the memory"])


def test_emptied_and_rejected(tmp_path: Path) -> None:
    """A rejected unit whose texts were deleted is rejected, and keeps its texts."""

    def edit(grid: Grid) -> None:
        row(grid, "a2").update(status="rejected", en="", fr="", ar="")

    changed, problems = reviewed(tmp_path, edit)

    assert problems == []
    assert changed["a2"].status is Status.REJECTED
    assert changed["a2"].texts == TEXTS[2]


def test_blank_rows(tmp_path: Path) -> None:
    """Rows that contain only white space are ignored."""
    assert reviewed(tmp_path, lambda grid: insert(grid, "a2", en="  ", status="edited")) == ({}, [])


def partly_shown(path: Path) -> list[Unit]:
    """Write two of the three languages of the units to a workbook, and return the units."""
    units = sample_units()
    write_units(units, path, WriteOptions(("en", "fr")))
    return units


def test_merge_of_languages_that_are_not_shown(tmp_path: Path) -> None:
    """Rows are merged once in all languages, including those that the workbook does not show."""
    path = tmp_path / "review.xlsx"
    memory = {unit.id: unit for unit in partly_shown(path)}
    change(path, lambda grid: row(grid, "a1").update(action="merge with next"))

    changed, problems = review(path, memory.values())

    assert problems == []
    assert changed["a1"].texts == {tag: f"{TEXTS[1][tag]} {TEXTS[2][tag]}" for tag in ("en", "fr", "ar")}
    assert review(path, (memory | changed).values()) == ({}, [])


def test_split_of_languages_that_are_not_shown(tmp_path: Path) -> None:
    """A unit is not split, and keeps its texts, if it has a language that the workbook does not show."""
    path = tmp_path / "review.xlsx"
    memory = partly_shown(path)

    def edit(grid: Grid) -> None:
        row(grid, "a3").update(en="It is kept for ten years.", fr="Il est conservé dix ans.")
        insert(grid, "a3", en="It is then given away.", fr="Il est ensuite versé.")

    change(path, edit)

    changed, problems = review(path, memory)

    assert changed == {}
    assert [problem.line for problem in problems] == [5, 6]
    assert all("the unit also has text in ar" in problem.reason for problem in problems)


def test_merge_by_hand_of_languages_that_are_not_shown(tmp_path: Path) -> None:
    """A row whose texts were moved up stays a unit if it has a language that the workbook does not show."""
    path = tmp_path / "review.xlsx"
    memory = partly_shown(path)

    def edit(grid: Grid) -> None:
        upper, lower = row(grid, "a1"), row(grid, "a2")
        for language in ("en", "fr"):
            upper[language] += " " + lower.pop(language)

    change(path, edit)

    changed, problems = review(path, memory)

    assert list(changed) == ["a1"]
    assert [(problem.line, problem.unit) for problem in problems] == [(4, "a2")]
