"""A CAT tool reads the files: OmegaT finds an exact match for every segment of the source."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import permutations
from pathlib import Path

import pytest

from hexapla.formats.protocols import UnitProblem, WriteOptions
from hexapla.formats.registry import unit_reader, unit_writer, write_alignment
from hexapla.inputs import Input
from hexapla.memory.export import export
from hexapla.memory.memory import Memory
from hexapla.rows import Level
from hexapla.units import Unit
from hexapla_corpora.read import read_document
from hexapla_corpora.sample import sample_files
from support_alignment import make_alignment, make_row, only, resolution

JAR = Path("/usr/share/omegat/OmegaT.jar")
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")  # for a program that runs a second
PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>{source}</source_lang><target_lang>{target}</target_lang>
<source_tok>org.omegat.tokenizer.DefaultTokenizer</source_tok>
<target_tok>org.omegat.tokenizer.DefaultTokenizer</target_tok>
<sentence_seg>{sentences}</sentence_seg>
<support_default_translations>true</support_default_translations><remove_tags>false</remove_tags>
</project></omegat>
"""

ANY_FILE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<filters removeTags="false" removeSpacesNonseg="true" preserveSpaces="false" ignoreFileContext="true"/>
"""
DIRECTIONS = list(permutations(("zh", "en", "ar"), 2))

pytestmark = [
    pytest.mark.omegat,
    pytest.mark.skipif(
        not JAR.exists() or shutil.which("java") is None, reason="OmegaT or Java is not installed"
    ),
]


def translate(
    folder: Path,
    memory: Path,
    text: str,
    source: str,
    target: str,
    *,
    sentences: bool = True,
    filters: str | None = None,
) -> tuple[int, int, str]:
    """Let OmegaT translate a text with a memory, and with settings of file filters if given.

    Returns:
        Number of segments, number of segments without an exact match, and the translated text.
    """
    project = folder / "project"
    for name in ("source", "target", "tm/auto", "glossary", "dictionary", "omegat"):
        (project / name).mkdir(parents=True)
    shutil.copy(memory, project / "tm/auto")
    (project / "source/doc.txt").write_text(text, "utf-8")
    settings = PROJECT.format(source=source, target=target, sentences=str(sentences).lower())
    (project / "omegat.project").write_text(settings, "utf-8")
    if filters:
        (project / "omegat/filters.xml").write_text(filters, "utf-8")
    command = [
        "java",
        *QUICK,
        "-Xmx256m",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        "-jar",
        str(JAR),
    ]
    options = ["--mode=console-translate", f"--config-dir={folder / 'config'}", "--disable-project-locking"]
    run = subprocess.run(
        [*command, str(project), *options, "--quiet"],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    # OmegaT exits normally even when it drops a memory; only its log shows it.
    log = run.stdout + run.stderr
    refusal = re.search("TF_TM_LOAD_ERROR|XMLStreamException|TMXR_WARNING_SOURCE_NOT_FOUND", log)
    assert refusal is None, log
    statistics = (project / "omegat/project_stats.txt").read_text("utf-8")
    total, remaining = (
        int(re.search(rf"^{row}:\s+(\d+)", statistics, re.MULTILINE)[1])  # type: ignore[index]
        for row in ("Total", "Remaining")
    )
    return total, remaining, (project / "target/doc.txt").read_text("utf-8")


def document(language: str) -> str:
    """Join the paragraphs of one language that have a Chinese and an English version."""
    rows = [row for row in resolution().rows if row.level is Level.PARAGRAPH]
    return "\n\n".join(row.texts[language] for row in rows if {"zh", "en"} <= row.texts.keys()) + "\n"


@pytest.mark.parametrize(
    ("name", "level", "pair"),
    [
        ("all.tmx", None, None),
        ("sentences.tmx", Level.SENTENCE, None),
        ("pair.tmx.gz", None, ("zh", "en")),
    ],
)
def test_every_sentence_is_an_exact_match(
    tmp_path: Path, name: str, level: Level | None, pair: tuple[str, str] | None
) -> None:
    """The Chinese text is translated into the English one, with sentences only or together with paragraphs."""
    alignment = resolution() if level is None else only(resolution(), level)
    write_alignment(alignment, tmp_path / name, WriteOptions(pair or ()))
    total, remaining, text = translate(tmp_path, tmp_path / name, document("zh"), "ZH-CN", "EN-US")
    assert (total, remaining) == (4, 0)
    assert text == document("en")


def test_every_paragraph_is_an_exact_match(tmp_path: Path) -> None:
    """A project that is not split into sentences finds the paragraphs of the same file."""
    write_alignment(resolution(), tmp_path / "all.tmx")
    total, remaining, text = translate(
        tmp_path, tmp_path / "all.tmx", document("zh"), "ZH-CN", "EN-US", sentences=False
    )
    assert (total, remaining) == (3, 0)
    assert text == document("en")


def test_units_are_cut_by_the_rules_of_the_tool(tmp_path: Path) -> None:
    """Where OmegaT cuts off the printed number, the memory of both levels still gives exact matches."""
    texts = [
        {"fr": "1. Décide de créer une station.", "en": "1. Decides to set up a station."},
        {"fr": "2. Prie la Station d’observer la pluie.", "en": "2. Requests the Station to watch the rain."},
    ]
    paragraphs = [make_row(text, index, level=Level.PARAGRAPH) for index, text in enumerate(texts)]
    sentences = [make_row(text, index) for index, text in enumerate(texts)]
    write_alignment(make_alignment([*paragraphs, *sentences], ("fr", "en")), tmp_path / "all.tmx")
    source = "\n\n".join(text["fr"] for text in texts) + "\n"
    total, remaining, text = translate(tmp_path, tmp_path / "all.tmx", source, "FR", "EN-US")
    assert (total, remaining) == (4, 0)
    assert text == "\n\n".join(row["en"] for row in texts) + "\n"


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """Return a memory of the bundled sample in six languages."""
    made = Memory.create(tmp_path_factory.mktemp("memory") / "sample.hexapla")
    made.add([Input(path, language) for language, path in sample_files().items()])
    return made


def sample_text(language: str) -> str:
    """Return the paragraphs of the sample in a language."""
    return (
        "\n\n".join(block.text for block in read_document(sample_files()[language], language).blocks) + "\n"
    )


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
@pytest.mark.parametrize(("sentences", "share"), [(False, 0.95), (True, 0.9)])
def test_a_memory_exported_for_omegat_has_the_exact_matches(
    tmp_path: Path, memory: Memory, source: str, target: str, sentences: bool, share: float
) -> None:
    """In a document made hard to align, 95% of the paragraphs and 90% of the sentences are exact matches.

    The rest are passages that are two segments in one language and one in the other.
    """
    export(memory, tmp_path / "memory.tmx", pairs=[(source, target)], profile="omegat")
    total, remaining, _ = translate(
        tmp_path,
        tmp_path / "memory.tmx",
        sample_text(source),
        source.upper(),
        target.upper(),
        sentences=sentences,
    )
    assert total > 60
    assert total - remaining >= share * total


def test_a_source_has_two_translations_by_context(tmp_path: Path) -> None:
    """The first translation of a text is used everywhere, and another one only between the same neighbours."""
    texts = [
        ("The chair spoke.", "La présidente a parlé."),
        ("None.", "Aucune."),
        ("The list follows.", "La liste suit."),
        ("None.", "Néant."),
        ("The meeting rose.", "La séance est levée."),
    ]
    units = [
        Unit.of_texts(str(place), {"en": english, "fr": french}, document="A/99/L.1", position=float(place))
        for place, (english, french) in enumerate(texts)
    ]
    path = tmp_path / "memory.tmx"
    unit_writer(path)(units, path, WriteOptions(("en", "fr"), "omegat"))
    text = "\n\n".join(english for english, _ in [*texts, ("None.", "")]) + "\n"
    total, remaining, translated = translate(tmp_path, path, text, "EN", "FR", filters=ANY_FILE)
    assert (total, remaining) == (6, 0)
    assert translated.split("\n\n") == [*(french for _, french in texts), "Aucune.\n"]


def test_memories_saved_by_omegat_are_read(tmp_path: Path, memory: Memory) -> None:
    """The memories that OmegaT saves for a project are read, each unit with both texts."""
    export(memory, tmp_path / "memory.tmx", pairs=[("zh", "en")], profile="omegat")
    total, _, _ = translate(tmp_path, tmp_path / "memory.tmx", sample_text("zh"), "ZH-CN", "EN-US")
    saved = sorted((tmp_path / "project").glob("*.tmx"))
    assert [path.stem for path in saved] == ["project-level1", "project-level2", "project-omegat"]
    known = {(unit.texts.get("zh"), unit.texts.get("en")) for unit in memory.snapshot}
    for path in saved:
        problems: list[UnitProblem] = []
        units = list(unit_reader(path)(path, problems.append))
        assert problems == []
        assert 0.9 * total <= len(units) <= total
        assert {unit.languages for unit in units} == {("zh-CN", "en-US")}
        assert sum(tuple(unit.texts.values()) in known for unit in units) > 0.9 * len(units)
