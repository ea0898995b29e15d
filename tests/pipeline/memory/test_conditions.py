"""Conditions on units, on single units and on the table."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexapla.api.memory import Memory
from hexapla.errors import InvalidCondition, MissingLanguage
from hexapla.memory.conditions import is_selected, parse_condition
from hexapla.memory.selection import Selection
from hexapla.memory.storage.folder import Folder
from hexapla.memory.storage.log import Log
from hexapla.rows import Level
from hexapla.units import Status, Unit
from support_lookup import memory_of

PROP = ["prop", "ACME Ltd", {"type": "x-client"}]
UNITS = [
    Unit.of_texts(
        "0" * 16,
        {"en": "The tide gauge is “broken”.", "fr": "Le marégraphe est en panne."},
        document="A/79/L.92",
        symbol="A/79/L.92",
        author="jane",
        status=Status.APPROVED,
        properties={"client": "ACME", "year": 2026},
        created=datetime(2026, 1, 1, 12, tzinfo=UTC),
        changed=datetime(2026, 3, 1, tzinfo=UTC),
    ),
    Unit.of_texts(
        "1" * 16,
        {"en-GB": "Tide gauges are read daily.", "fr-CA": "Les jauges sont lues chaque jour."},
        document="report",
        sources=("A/79/L.92",),
        probability=0.4,
        properties={"tmx": {"elements": [PROP]}},
        created=datetime(2026, 2, 1, tzinfo=UTC),
        changed=datetime(2026, 2, 1, tzinfo=UTC),
    ),
    Unit.of_texts("2" * 16, {"zh-Hant": "驗潮儀", "fr": "Le marégraphe"}, level="paragraph", author=""),
    Unit.of_texts(
        "3" * 16,
        {"zh-CN": "验潮 仪", "ar": "مقياس المد", "ru": "Мареограф"},
        properties={"tuv": {"ru": {"elements": [PROP, ["note", "x", {}]]}}},
        probability=0.9,
    ),
    Unit.of_texts("4" * 16, {"en": "Rejected tide gauge", "fr": "Marégraphe"}, status=Status.REJECTED),
]


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """A memory of a few units of all kinds."""
    path = memory_of(tmp_path_factory.mktemp("conditions"), UNITS).path
    return Memory.open(path)


@pytest.fixture(scope="module")
def log(memory: Memory) -> Log:
    """The table of the memory."""
    return Log(Folder.open(memory.path).units.state())


def chosen(memory: Memory, log: Log, *conditions: str) -> str:
    """Return the first characters of the identifiers of the selected units, found in both ways."""
    selection = Selection.of(conditions, set(Level))
    units = selection.units(log)
    assert units == [unit for unit in units if selection.holds(unit)]
    assert len(selection.identities(log)) == len(units)
    assert {unit.id for unit in units} == {unit.id for unit in memory.snapshot if selection.holds(unit)}
    return "".join(sorted(unit.id[0] for unit in units))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("en~tide gauge", "01"),
        ('en ~ "TIDE  GAUGE"', "01"),
        ('en~"broken"', "0"),
        ("en~is 'broken'.", ""),
        ("en~is «broken».", "0"),
        ("en-US~tide", "01"),
        ("en!~broken", "1"),
        ("fr!~marégraphe", "1"),
        ("en=~gauges?\\b.*daily", "1"),
        ("en=~TIDE", ""),
        ("en=Tide gauges are  read daily.", "1"),
        ("en!=Tide gauges are read daily.", "0"),
        ("zh~验潮仪", "23"),
        ("zh-TW~验潮仪", "2"),
        ("zh-Hans~驗潮儀", "3"),
        ("ar~مِقياس", "3"),
        ("text~marégraphe", "02"),
        ("text!~marégraphe", "13"),
        ("document=A/79/L.92", "01"),
        ("document!=A/79/L.92", "23"),
        ("document~a/79/", "01"),
        ("symbol=A/79/L.92", "0"),
        ("symbol!=A/79/L.92", "123"),
        ("symbol=~^A/", "0"),
        ("author=jane", "0"),
        ("author!=jane", "123"),
        ("author!~ja", "123"),
        ("property.client=ACME", "0"),
        ("property.client!=ACME", "123"),
        ("property.x-client~acme", "13"),
        ("property.x-client!~acme", "02"),
        ("property.year=2026", "0"),
        ("probability>=0.9", "023"),
        ("probability<0.9", "1"),
        ("status=approved", "0"),
        ("status=rejected", "4"),
        ("status!=approved", "1234"),
        ("created<2026-02-01", "0"),
        ("created=2026-01-01", "0"),
        ("created!=2026-01-01T12:00", "123"),
        ("changed>=2020-01-01", "0123"),
        ("changed<2020-01-01", ""),
    ],
)
def test_a_condition_selects(memory: Memory, log: Log, condition: str, expected: str) -> None:
    """Each field and sign, on single units and on the table alike."""
    assert chosen(memory, log, condition) == expected


def test_all_conditions_must_hold(memory: Memory, log: Log) -> None:
    """Texts that have some words, and whose translation lacks others."""
    assert chosen(memory, log, "en~tide gauge", "fr!~marégraphe") == "1"
    hits = memory.concordance("tide gauge", language="en", target="fr", where=["fr!~marégraphe"])
    assert [hit.unit.id[0] for hit in hits] == ["1"]
    found = memory.lookup("Tide gauges", source="en", minimum=20, meaning=False, where='fr~"marégraphe"')
    assert [match.unit.id[0] for match in found] == ["0"]


@pytest.mark.parametrize("condition", ["de~Pegel", "pt!~x"])
def test_a_language_that_the_memory_lacks(memory: Memory, log: Log, condition: str, tmp_path: Path) -> None:
    """A condition on a language in which there is no text is refused, whatever is done with it."""
    with pytest.raises(MissingLanguage, match="which a condition names: it has ar, en"):
        Selection.of([condition], set(Level)).identities(log)
    with pytest.raises(MissingLanguage, match="which a condition names"):
        memory.export(tmp_path / "out.tmx", where=[condition])


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("", "is not a condition"),
        ("tide gauge", "is not a condition"),
        ("~x", "is not a condition"),
        ("en~", "'' is not a text or a name"),
        ('en~""', "'' is not a text or a name"),
        ("en~\u200b", "not a text with a letter"),
        ("en~\udcff", "is not a condition"),
        ("en>a", "en can only be compared with =, !=, ~, !~ and =~"),
        ("status~app", "only be compared with = and !="),
        ("probability~1", "only be compared with =, !=, >"),
        ("colour=red", "unknown field 'colour'"),
        ("property.=x", "unknown field"),
        ("en=~(", "missing \\) at character 1"),
        ("en=~" + "(" * 900 + ")" * 900, "nested too deeply|1,800 characters"),
        ("en=~" + "a" * 10_000, "10,000 characters"),
        ("en~" + "a" * 10_000, "10,000 characters"),
    ],
)
def test_invalid_conditions(condition: str, problem: str) -> None:
    """What cannot be read is refused in one line of reasonable length."""
    with pytest.raises(InvalidCondition, match=problem) as refused:
        parse_condition(condition)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 600


SIGNS = ["=", "!=", "~", "!~", "=~"]
FIELDS = [
    "en",
    "fr",
    "zh",
    "zh-CN",
    "text",
    "document",
    "symbol",
    "author",
    "property.client",
    "property.x-client",
]
VALUES = ["tide gauge", "marégraphe", "A/79/L.92", "ACME", "ACME Ltd", "jane", "验潮仪", "a", ".", "«broken»"]


@settings(max_examples=150, deadline=None)
@given(
    conditions=st.lists(
        st.builds("{}{}{}".format, st.sampled_from(FIELDS), st.sampled_from(SIGNS), st.sampled_from(VALUES))
        | st.builds(
            "probability{}{}".format, st.sampled_from(["<", ">=", "!=", "="]), st.sampled_from([0.4, 0.9, 1])
        )
        | st.builds("status{}{}".format, st.sampled_from(["=", "!="]), st.sampled_from(list(Status)))
        | st.builds("changed{}{}".format, st.sampled_from(["<", ">="]), st.just("2026-02-01")),
        max_size=3,
    )
)
def test_both_ways_agree(memory: Memory, log: Log, conditions: list[str]) -> None:
    """Conditions select the same units on single units and on the table, and more of them never select more."""
    found = chosen(memory, log, *conditions)
    assert set(found) == {
        unit.id[0]
        for unit in memory.snapshot
        if is_selected(unit, [parse_condition(each) for each in conditions])
    }
    if not any(each.startswith("status") for each in conditions):
        assert set(found) <= set(chosen(memory, log))
