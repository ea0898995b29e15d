"""XLIFF files to be filled, and matches to fill them with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from hexapla.compare.highlights import Differences
from hexapla.compare.placeables import Repaired
from hexapla.formats.xliff.file import XliffFile, read_xliff
from hexapla.matches import Match, MatchKind, penalty_of
from hexapla.pretranslation import Pretranslation, PretranslationSettings, SegmentMatches
from hexapla.units import Status, Unit
from hexapla_corpora.document import Block, BlockKind, Document
from hexapla_corpora.sentences import split_document

FIRST = """<?xml version="1.0" encoding="UTF-8"?>
<!-- kept -->
<?tool setting?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:own="urn:own">
<file original="tides.docx" source-language="en" target-language="fr" datatype="x-docx" own:mark="yes"><header>
<note>kept</note></header><body>
<trans-unit id="u1" own:lock="no"><source>The port is <g id="7" ctype="bold">open</g>.<x id="8"/></source>
<note>kept too</note><own:more>kept as well</own:more></trans-unit>
<trans-unit id="u2"><source>The tide rises.</source><target state="translated">La marée monte.</target></trans-unit>
<trans-unit id="u3" translate="no"><source>TIDE-3</source></trans-unit>
<group translate="no"><trans-unit id="u4"><source>TIDE-4</source></trans-unit></group>
<trans-unit id="u5"><source>One wave. Two waves.</source><seg-source><mrk mtype="seg" mid="0">One wave.</mrk> <mrk
 mtype="seg" mid="1">Two waves.</mrk></seg-source></trans-unit>
<trans-unit id="u6"><source>The wind falls.</source><target state="new">The wind falls.</target></trans-unit>
</body></file></xliff>
"""
SECOND = """<?xml version="1.0" encoding="UTF-8"?>
<!-- kept -->
<xliff version="2.0" srcLang="en" trgLang="fr" xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:own="urn:own">
<file id="f1"><unit id="u1" own:mark="yes"><notes><note>kept</note></notes>
<originalData><data id="d1">&lt;b&gt;</data><data id="d2">&lt;/b&gt;</data><data id="d3">&lt;br/&gt;</data></originalData>
<segment><source>The port is <pc id="7" dataRefStart="d1" dataRefEnd="d2">open</pc>.<ph id="8" dataRef="d3"/></source></segment>
<ignorable><source> </source></ignorable>
<segment id="s1" state="translated"><source>The tide rises.</source><target>La marée monte.</target></segment></unit>
<unit id="u3" translate="no"><segment><source>TIDE-3</source></segment></unit>
<unit id="u6"><segment subState="own:draft"><source>The <mrk id="m1" type="term">wind</mrk> falls.</source></segment></unit>
</file></xliff>
"""


def xliff_file(folder: Path, content: str | bytes) -> XliffFile:
    """Write an XLIFF file and read it."""
    path = folder / "in.xlf"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_xliff(path)


def match_of(
    source: str,
    target: str,
    percentage: int = 100,
    kind: MatchKind = MatchKind.EXACT,
    *,
    missing: Sequence[str] = (),
    status: Status = Status.ALIGNED,
    **attributes: object,
) -> Match:
    """Return a match from English to French."""
    given = {"document": "A/1", "probability": 0.9, "status": status, **attributes}
    unit = Unit.of_texts("0" * 16, {"en": source, "fr": target}, **given)
    targets = {"fr": Repaired(target, (), tuple(missing))}
    penalty = penalty_of(unit.status, unit.probability)
    return Match(unit, kind, percentage, None, "en", source, targets, Differences((), ()), penalty)


def segment_with(text: str, *matches: Match) -> SegmentMatches:
    """Return a segment whose best match, if exact, is its translation."""
    best = matches[0] if matches else None
    exact = best is not None and (best.percentage or 0) >= 100
    return SegmentMatches(text, matches, best if exact else None, best)


def pretranslation_of(texts: Iterable[str], *matches: Match) -> Pretranslation:
    """Return a document of paragraphs whose first sentence has some matches."""
    blocks = tuple(Block(BlockKind.OPERATIVE, text, number=str(place)) for place, text in enumerate(texts, 1))
    document = Document("en", blocks, path=Path("tides.docx"))
    sentences = split_document(document)
    found = [segment_with(each.text, *(() if place else matches)) for place, each in enumerate(sentences)]
    return Pretranslation(document, sentences, tuple(found), PretranslationSettings("en", "fr"))
