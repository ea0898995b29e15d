"""A memory as users of the library have it: frames in and out, look-up of many texts, selections."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import hexapla
from hexapla.alignment.align import read_inputs
from hexapla.errors import InputError, NotAMemory, UnwritableMemory
from hexapla.inputs import Input
from support_cli import CHINESE, ENGLISH, FRENCH

PAIRS = {
    "en": ["Good morning.", "The tide gauge is broken.", None, "Only English."],
    "fr": ["Bonjour.", "Le marégraphe est en panne.", "Seulement le français.", None],
    "client": ["A", "B", "C", "D"],
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A short text in three languages."""
    folder = tmp_path_factory.mktemp("files")
    texts = {"en": ENGLISH, "fr": FRENCH, "zh": CHINESE}
    for language, text in texts.items():
        (folder / f"paper.{language}.md").write_text(text, encoding="utf-8")
    return {language: folder / f"paper.{language}.md" for language in texts}


@pytest.fixture(scope="module")
def filled(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A memory of the text and of some pairs; tests only read it."""
    memory = hexapla.Memory(tmp_path_factory.mktemp("memory") / "un.hexapla")
    memory.add(files)
    memory.add_pairs(PAIRS)
    return memory.path


def test_a_memory_is_made_by_the_first_write(tmp_path: Path, files: dict[str, Path]) -> None:
    """Before that, it has no units and no folder, and a look-up says that it does not exist."""
    memory = hexapla.Memory(tmp_path / "un.hexapla")
    assert (len(memory), memory.exists, memory.path.exists()) == (0, False, False)
    assert repr(memory) == f"<Memory {tmp_path / 'un.hexapla'}: not made yet>"
    with pytest.raises(NotAMemory, match="does not exist"):
        memory.lookup("matter", source="en")
    added = memory.add([str(files["en"]), str(files["fr"])])
    assert (memory.version, len(memory)) == (added.version, added.added)
    assert repr(memory) == f"<Memory {memory.path}: version 1, {len(memory)} units>"


def test_two_objects_of_one_new_memory(tmp_path: Path) -> None:
    """An object created before the memory was made finds it at the first look-up."""
    first, second = (hexapla.Memory(tmp_path / "un.hexapla") for _ in range(2))
    first.add_pairs(PAIRS)
    assert second.lookup("Good morning.", source="en", meaning=False)[0].target == "Bonjour."


def test_another_encoder_is_refused(filled: Path) -> None:
    """A memory has one encoder, and naming another one is an error before any work is done."""
    with pytest.raises(InputError, match="has the encoder 'embedded', not 'labse'"):
        hexapla.Memory(filled, model="labse")


def test_old_versions(filled: Path) -> None:
    """`at` shows an older version, which can only be read."""
    old = hexapla.Memory(filled, at=1)
    assert len(old) < len(hexapla.Memory(filled))
    assert hexapla.Memory.open(filled, at=1).version == 1
    with pytest.raises(UnwritableMemory, match="version 1 was opened, which can only be read"):
        old.add_pairs(PAIRS)


@pytest.mark.parametrize(
    "make", [dict, pl.DataFrame, pl.LazyFrame, pd.DataFrame, lambda data: pl.DataFrame(data).to_arrow()]
)
def test_pairs_of_any_frame(tmp_path: Path, make: type) -> None:
    """Columns named by tags are texts, others are properties; rows with one text are counted; again changes nothing."""
    memory = hexapla.Memory(tmp_path / "un.hexapla")
    done = memory.add_pairs(make(PAIRS))
    assert (done.added, done.version) == (2, 1)
    unit = next(unit for unit in memory.snapshot if unit.texts["en"] == "Good morning.")
    assert unit.texts == {"en": "Good morning.", "fr": "Bonjour."}
    assert unit.properties == {"client": "A"}
    assert memory.add_pairs(make(PAIRS)).version is None


def test_which_columns_are_texts(tmp_path: Path) -> None:
    """Columns named id and key are not languages unless requested; tags may be spelt in any way."""
    memory = hexapla.Memory(tmp_path / "un.hexapla")
    frame = {"id": ["7"], "key": ["k"], "EN_us": ["Yes."], "zh-Hant": ["是。"], "count": [3]}
    memory.add_pairs(frame)
    (unit,) = memory.snapshot
    assert unit.texts == {"en-US": "Yes.", "zh-Hant": "是。"}
    assert unit.properties == {"id": "7", "key": "k", "count": 3}
    memory.add_pairs({"id": ["Ya."], "en": ["Yes."]}, languages=["id", "en"])
    assert {"id": "Ya.", "en": "Yes."} in [unit.texts for unit in memory.snapshot]
    with pytest.raises(
        InputError, match=r"two columns must be named by language tags .* and of id, en only 'en' is"
    ):
        memory.add_pairs({"id": ["Ya."], "en": ["Yes."]})
    with pytest.raises(InputError, match="the frame has no column 'fr': it has id, en"):
        memory.add_pairs({"id": ["Ya."], "en": ["Yes."]}, languages=["fr", "en"])


def test_units_go_out_and_come_back(filled: Path, tmp_path: Path) -> None:
    """The lazy frame of one memory makes another one with the same units, and leaves its own unchanged."""
    memory = hexapla.Memory(filled)
    other = hexapla.Memory(tmp_path / "other.hexapla")
    other.add_units(memory.units)
    assert other.units.drop("changed").collect().equals(memory.units.drop("changed").collect())


def test_many_texts_are_looked_up_as_one_by_one(filled: Path) -> None:
    """Each text has the same matches as alone in the context of its neighbours; an empty text has none."""
    memory = hexapla.Memory(filled)
    texts = [*ENGLISH.split("\n\n"), "", "Bananas are yellow.", "The tide gauge was broken."]
    many = memory.lookup_many(texts, source="en", target="fr")
    for place, (text, found) in enumerate(zip(texts, many, strict=True)):
        around = (texts[place - 1] if place else "", texts[place + 1] if place + 1 < len(texts) else "")
        alone = (
            memory.lookup(text, source="en", target="fr", previous=around[0], following=around[1])
            if text
            else []
        )
        assert [(each.unit.id, each.kind, each.percentage) for each in found] == [
            (each.unit.id, each.kind, each.percentage) for each in alone
        ]
    assert memory.lookup_many([], source="en", target="fr") == []


def test_matches_are_a_sequence_and_a_frame(filled: Path) -> None:
    """Matches have a length and indices, and can be shown as a frame, a line and a table."""
    found = hexapla.Memory(filled).lookup("The tide gauge was broken.", source="EN", target="fr", minimum=50)
    assert found[0].target == "Le marégraphe est en panne."
    assert found[:1] == (found[0],)
    frame = found.to_polars()
    assert frame.select("match", "fr").row(0) == ("fuzzy", "Le marégraphe est en panne.")
    assert len(frame) == len(found)
    assert repr(found).startswith("<Matches of 'The tide gauge was broken.': ")
    assert "<td" in found._repr_html_()
    assert "Le marégraphe" in found._repr_html_()


def test_selections(filled: Path) -> None:
    """`level` and `where` select the units for look-up, concordance and export."""
    memory = hexapla.Memory(filled)
    text = "Decides to remain seized of the matter."
    paragraphs = memory.lookup(text, source="en", target="fr", minimum=50, level="paragraph", meaning=False)
    assert {match.unit.level for match in paragraphs} == {"paragraph"}
    hits = memory.concordance("the", language="en", target="fr", where=["document=paper"], level="sentence")
    assert {(hit.unit.document, hit.unit.level) for hit in hits} == {("paper", "sentence")}
    nothing = memory.lookup(text, source="en", target="fr", where="status=approved", meaning=False)
    assert list(nothing) == []
    with pytest.raises(hexapla.InputError, match="is not a condition"):
        memory.lookup(text, source="en", where=["status"])


def test_concordance_refuses_unknown_values(filled: Path) -> None:
    """An unknown way of matching, and a language without text, are errors."""
    memory = hexapla.Memory(filled)
    with pytest.raises(InputError, match="cannot be matched by 'words': use one of substring, word, regex"):
        memory.concordance("the", language="en", match="words")
    with pytest.raises(match="no text in 'de'"):
        memory.concordance("das", language="de")


def test_exporting_pairs(filled: Path, tmp_path: Path) -> None:
    """One pair, several or all pairs are exported, each to its own file."""
    memory = hexapla.Memory(filled)
    name = tmp_path / "un.{pair}.tmx"
    assert list(memory.export(tmp_path / "one.tmx", pair=("en", "fr"))) == [tmp_path / "one.tmx"]
    several = memory.export(name, pair=["en-fr", ("zh", "en")])
    assert [path.name for path in several] == ["un.en-fr.tmx", "un.zh-en.tmx"]
    assert len(memory.export(name, pair="all")) == 6


def test_approving_and_rejecting(filled: Path, tmp_path: Path) -> None:
    """One or several units get a status in one version, and rejected ones are no longer found."""
    memory = hexapla.Memory(tmp_path / "copy.hexapla")
    memory.add_units(hexapla.Memory(filled).units)
    first, second = [unit.id for unit in memory.snapshot][:2]
    before = memory.version
    assert [unit.status for unit in memory.approve([first, second[:8]], author="Grace")] == ["approved"] * 2
    assert memory.version == before + 1
    assert memory.history()[0].author == "Grace"
    (rejected,) = memory.reject(first)
    assert (rejected.status, memory.unit(first).status) == (hexapla.Status.REJECTED, hexapla.Status.REJECTED)


def test_pretranslating_twice(filled: Path, tmp_path: Path) -> None:
    """A pretranslation can be written to several files, and so can that of an XLIFF file."""
    (tmp_path / "draft.md").write_text("Good morning.\n\nBananas are yellow.\n", encoding="utf-8")
    memory = hexapla.Memory(filled)
    found = memory.pretranslate(tmp_path / "draft.md", source="en", target="FR")
    assert repr(found) == f"<PretranslatedFile {tmp_path / 'draft.md'}, en to fr: 1 of 2 segments filled>"
    for name in ("draft.xlf", "draft.docx", "again.xlf"):
        assert found.write(tmp_path / name).filled == 1
    assert (tmp_path / "draft.xlf").read_bytes() == (tmp_path / "again.xlf").read_bytes()
    again = memory.pretranslate(tmp_path / "draft.xlf")
    assert again.write(tmp_path / "b.xlf") == again.write(tmp_path / "c.xlf")
    assert memory.analyse([tmp_path / "draft.md"], source="en", target="fr").total().total.segments == 2


def test_alignments_are_frames(files: dict[str, Path], tmp_path: Path) -> None:
    """Each aligned row is a row of the frame, with a column for each language."""
    alignment = hexapla.align({"en": files["en"], "zh_hans": files["zh"]})
    assert alignment.languages == ("en", "zh-Hans")
    frame = alignment.to_polars(level="sentence")
    assert frame.columns == ["id", "level", "kind", "number", "probability", "moved", "en", "zh-Hans"]
    assert set(frame["level"]) == {"sentence"}
    assert len(alignment.to_polars()) == len(alignment.rows)
    assert repr(alignment).startswith("<Alignment in en, zh-Hans: ")
    assert "<table>" in alignment._repr_html_()
    assert alignment.write(tmp_path / "a.tmx", pair=["zh", "en"]) > 0
    with pytest.raises(hexapla.OutputError, match="fr is not among the languages"):
        alignment.write(tmp_path / "a.tmx", pair="zh-fr")


def test_embedding() -> None:
    """Texts with the same meaning are close, vectors have length 1, and no texts give no vectors."""
    vectors = hexapla.embed(["The meeting was adjourned.", "La séance a été levée.", "Bananas are yellow."])
    assert vectors.shape == (3, 512)
    assert (vectors**2).sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.6 > vectors[0] @ vectors[2]
    assert hexapla.embed([]).shape == (0, 512)
    traditional = hexapla.embed(["會議延期。"], language="zh-Hant")
    assert (traditional == hexapla.embed(["会议延期。"])).all()


def test_inputs_of_all_kinds(files: dict[str, Path]) -> None:
    """`align` treats a mapping, a list of paths and internal inputs alike."""
    given = [Input(files["en"], "en"), Input(files["fr"], "fr")]
    one, two = hexapla.align(given), hexapla.align({"en": str(files["en"]), "fr": files["fr"]})
    assert one.rows == two.rows
    assert [document.language for document in read_inputs(given)] == ["en", "fr"]
