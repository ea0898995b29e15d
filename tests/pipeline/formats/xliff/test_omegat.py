"""OmegaT opens the XLIFF files, shows their segments, and keeps the translations in them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from hexapla.formats.xliff.document import write_document
from hexapla.formats.xliff.names import XliffVersion
from support_xliff import match_of, pretranslation_of

JAR = Path("/usr/share/omegat/OmegaT.jar")
TEXTS = ["The port is open. The tide rises & falls.", "The wind falls."]
NAMES = {"x": "urn:oasis:names:tc:xliff:document:1.2"}

pytestmark = [
    pytest.mark.omegat,
    pytest.mark.skipif(
        not JAR.exists() or shutil.which("java") is None, reason="OmegaT or Java is not installed"
    ),
]


def omegat(folder: Path, *options: str) -> Path:
    """Run OmegaT on a project with draft.xlf as its source, from English to French."""
    project = folder / "project"
    for name in ("source", "target", "tm/auto", "glossary", "dictionary", "omegat"):
        (project / name).mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "draft.xlf", project / "source")
    kinds = ("source_dir", "target_dir", "tm_dir", "glossary_dir", "glossary_file", "dictionary_dir")
    places = "".join(f"<{kind}>__DEFAULT__</{kind}>" for kind in kinds)
    (project / "omegat.project").write_text(
        f'<omegat><project version="1.0">{places}<source_lang>EN-US</source_lang><target_lang>FR-FR</target_lang>'
        "<sentence_seg>true</sentence_seg></project></omegat>",
        "utf-8",
    )
    command = [
        "java",
        "-XX:TieredStopAtLevel=1",  # for a program that runs a second
        "-XX:+UseSerialGC",
        "-Xmx256m",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        "-jar",
        str(JAR),
        str(project),
    ]
    subprocess.run(
        [*command, *options, f"--config-dir={folder / 'config'}", "--disable-project-locking", "--quiet"],
        capture_output=True,
        timeout=600,
        check=True,
    )
    return project


def draft(folder: Path) -> None:
    """Write a document of three sentences, the first of which is translated."""
    match = match_of("The port is open.", "Le port est ouvert.")
    write_document(pretranslation_of(TEXTS, match), folder / "draft.xlf", XliffVersion.V1_2)


def test_omegat_shows_every_segment(tmp_path: Path) -> None:
    """Each segment is shown: as its translation if it has one, otherwise as its source."""
    draft(tmp_path)
    options = (f"--pseudotranslatetmx={tmp_path / 'all.tmx'}", "--pseudotranslatetype=equal")
    omegat(tmp_path, "--mode=console-createpseudotranslatetmx", *options)
    shown = {
        seg.text
        for seg in etree.parse(str(tmp_path / "all.tmx"), etree.XMLParser(load_dtd=False)).iter("seg")
    }
    assert shown == {"Le port est ouvert.", "The tide rises & falls.", "The wind falls."}


def test_omegat_writes_targets(tmp_path: Path) -> None:
    """The translation in the file is kept, and one from OmegaT's memory replaces a copy of the source."""
    draft(tmp_path)
    memory = tmp_path / "project/tm/auto/memory.tmx"
    memory.parent.mkdir(parents=True)
    memory.write_text(
        '<tmx version="1.4"><header creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" adminlang="en" '
        'srclang="en-US" datatype="plaintext"/><body><tu><tuv xml:lang="en-US"><seg>The wind falls.</seg></tuv>'
        '<tuv xml:lang="fr-FR"><seg>Le vent tombe.</seg></tuv></tu></body></tmx>',
        "utf-8",
    )
    project = omegat(tmp_path, "--mode=console-translate")
    units = etree.parse(str(project / "target/draft.xlf")).findall(".//x:trans-unit", NAMES)
    assert [
        (unit.findtext("x:source", namespaces=NAMES), unit.findtext("x:target", namespaces=NAMES))
        for unit in units
    ] == [
        ("The port is open.", "Le port est ouvert."),
        ("The tide rises & falls.", "The tide rises & falls."),
        ("The wind falls.", "Le vent tombe."),
    ]
    assert units[0].findtext("x:alt-trans/x:target", namespaces=NAMES) == "Le port est ouvert."
