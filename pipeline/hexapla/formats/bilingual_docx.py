"""A bilingual Word table for reviewers: each sentence of a document next to its best match in a memory.

Standard: WordprocessingML, ECMA-376 part 1, limited to what every word processor reads.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from hexapla.compare.comparable import as_seen
from hexapla.formats.html.view import direction
from hexapla.formats.io.output import open_output
from hexapla.formats.io.xml_text import legal_text
from hexapla.formats.xliff.document import block_label
from hexapla.formats.xliff.file import Filled
from hexapla.matches import Match
from hexapla.pretranslation import Pretranslation, SegmentMatches
from hexapla.units import Status
from hexapla_corpora.document import Block

Span = tuple[int, int]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DATE = (1980, 1, 1, 0, 0, 0)  # so that the same table gives the same bytes
_WIDTHS = (740, 5300, 5300, 1360, 2698)  # twentieths of a point; A4 landscape, with margins of 12.7 mm
_SHADES = {"101": "A9D18E", "100": "C5E0B3", "95-99": "E2EFD9", "85-94": "FFF2CC", "75-84": "FBE4D5"}
_HEADING = "D9E2F3"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "word/styles.xml": (
        f"<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Arial"/>'
        '<w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:before="40" w:after="40"/></w:pPr></w:pPrDefault></w:docDefaults></w:styles>'
    ),
}


def write_table(pretranslation: Pretranslation, path: Path) -> Filled:
    """Write the table: number, source, target, match, and a column for comments.

    Text that the match lacks is marked in the source; text that was substituted is marked in the target.

    Args:
        pretranslation: the document and its matches.
        path: the output.

    Returns:
        The number of segments that have a translation, and of those that have a match to start from.

    Raises:
        OutputError: the file cannot be written.
    """
    parts = _PARTS | {"word/document.xml": _document(pretranslation)}
    with open_output(path) as stream, zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            part = zipfile.ZipInfo(name, _DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, _DECLARATION + content)
    segments = pretranslation.segments
    filled = sum(segment.translation is not None for segment in segments)
    offered = sum(bool(segment.matches) and segment.translation is None for segment in segments)
    return Filled(len(segments), 0, filled, offered, sum(segment.ambiguous for segment in segments))


def _document(pretranslation: Pretranslation) -> str:
    settings, document = pretranslation.settings, pretranslation.document
    name = document.path.name if document.path else "document"
    heading = _paragraph([_run(f"{name}: {document.language} → {settings.target}", "<w:b/>")])
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A6A6A6"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f"<w:document {_W}><w:body>{heading}<w:tbl><w:tblPr>"
        f'<w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{_rows(pretranslation)}</w:tbl>{_paragraph([])}<w:sectPr>"
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="720" w:right="720" w:bottom="720" '
        'w:left="720" w:header="360" w:footer="360" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _rows(pretranslation: Pretranslation) -> str:
    titles = ("No.", pretranslation.document.language, pretranslation.settings.target, "Match", "Comment")
    heads = (
        _cell([_run(title, "<w:b/>")], width, _HEADING) for title, width in zip(titles, _WIDTHS, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(heads)}</w:tr>"]
    pairs = zip(pretranslation.sentences, pretranslation.segments, strict=True)
    for number, (sentence, segment) in enumerate(pairs, 1):
        cells = _cells(pretranslation, number, pretranslation.block(sentence), segment)
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
    return "".join(rows)


def _cells(
    pretranslation: Pretranslation, number: int, block: Block, segment: SegmentMatches
) -> Iterable[str]:
    """Yield the cells of a segment."""
    match = segment.translation or next(iter(segment.matches), None)
    source, target = pretranslation.document.language, pretranslation.settings.target
    shade = _SHADES.get(match.band, "") if match else ""
    lacking = match.differences.query if match and segment.text == as_seen(segment.text) else ()
    yield _cell([_run(str(number))], _WIDTHS[0])
    yield _cell(_runs(segment.text, lacking, source), _WIDTHS[1], language=source)
    yield _cell(_target(match, target), _WIDTHS[2], shade, target)
    yield _cell([_run(_score(match))], _WIDTHS[3], shade)
    yield _cell([_run(_comment(match, block))], _WIDTHS[4])


def _target(match: Match | None, language: str) -> list[str]:
    """Return the translation, with substitutions marked."""
    if match is None:
        return []
    substituted = [(each.start, each.end) for each in next(iter(match.targets.values())).substitutions]
    return _runs(match.target, substituted, language)


def _score(match: Match | None) -> str:
    return f"{match.percentage}% {match.kind.value}" if match else "no match"


def _comment(match: Match | None, block: Block) -> str:
    """Describe the segment: what it is, what has to be inserted by hand, and where the match comes from."""
    parts = [block_label(block)]
    if match:
        missing = next(iter(match.targets.values())).missing
        parts.append(f"to be inserted: {', '.join(missing)}" if missing else "")
        doubt = f", probability {match.unit.probability:.2f}" if match.unit.status is Status.ALIGNED else ""
        parts.append(f"{match.unit.document} ({match.unit.status.value}{doubt})".strip())
    return "; ".join(filter(None, parts))


def _runs(text: str, marked: Sequence[Span], language: str) -> list[str]:
    """Return a text as runs, with some spans marked."""
    properties = (
        f"<w:lang w:val={quoteattr(language)} w:eastAsia={quoteattr(language)} w:bidi={quoteattr(language)}/>"
    )
    if direction(language) == "rtl":
        properties = f"<w:rtl/>{properties}"
    runs, done = [], 0
    for start, end in marked:
        runs += [_run(text[done:start], properties), _run(text[start:end], _marking(properties))]
        done = end
    return [*runs, _run(text[done:], properties)]


def _marking(properties: str) -> str:
    """Return the properties of a marked run, in the order that the standard requires."""
    return f'<w:b/><w:bCs/><w:color w:val="C00000"/>{properties}'


def _run(text: str, properties: str = "") -> str:
    if not text:
        return ""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(legal_text(text))}</w:t></w:r>'


def _paragraph(runs: Iterable[str], language: str = "") -> str:
    bidi = "<w:pPr><w:bidi/></w:pPr>" if language and direction(language) == "rtl" else ""
    return f"<w:p>{bidi}{''.join(runs)}</w:p>"


def _cell(runs: Iterable[str], width: int, shade: str = "", language: str = "") -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{_paragraph(runs, language)}</w:tc>'
    )
