"""Derives Word and PDF files from Markdown: real footnotes, tables, headers, right-to-left paragraphs."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONTS = {"zh": ("eastAsia", "Noto Serif CJK SC"), "ar": ("cs", "Noto Naskh Arabic")}
LOCALES = {"zh": "zh-CN", "en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA"}
_MASTHEAD = 8
NOTE = re.compile(r"(?P<mark>[⁰¹²³⁴-⁹]+|\\?\*) +(?P<text>\S.*)")
SYMBOL = re.compile(r"\b[AES]/(?:[\w.]+/)*[\w.]*\d(?: \(\d{4}\))?")
NUMBER = re.compile(r"(\(?[\w]{1,4}[.)]|\d+ -) (?=\S)")
ENDS = re.compile(r"[.;:!?,。；：！？，؛،؟|]\W*$|^#.*$")
HAN = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
INLINE = re.compile(
    r"\\(?P<literal>[*_#|\\])"
    r"|\*\*(?P<bold>[^*]+)\*\*"
    r"|(?<![*\w])\*(?P<italic>[^*\s](?:[^*]*[^*\s])?)\*(?!\*)"
    r"|\[(?P<link>[^\]]*)\]\([^)]*\)"
    r"|(?P<mark>[⁰¹²³⁴-⁹]+|\*)"
)


@dataclass
class Manuscript:
    """The parts of a Word file that is being written.

    Attributes:
        document: the python-docx document.
        language: two-letter language code.
        notes: text of each footnote by its mark.
        placed: marks of the footnotes whose reference has been written, in order; their XML ids count from 1.

    """

    document: Any
    language: str
    notes: dict[str, str]
    placed: list[str] = field(default_factory=list)

    @property
    def right_to_left(self) -> bool:
        """Return whether the language is written from right to left."""
        return self.language == "ar"


def write_docx(path: Path, markdown: str, language: str) -> None:
    """Write a realistic Word file with the headings, paragraphs, tables and footnotes of a Markdown text.

    Args:
        path: the .docx file to write.
        markdown: blocks separated by empty lines; a block "¹ text" or "* text" is the footnote of that mark.
        language: two-letter code, for fonts and direction.

    """
    blocks = [block.strip() for block in re.split(r"\n\s*\n", markdown.lstrip("\ufeff")) if block.strip()]
    notes = dict(_notes(blocks))
    blocks = _joined_over_notes(blocks)
    manuscript = Manuscript(docx.Document(), language, notes)
    _set_up(manuscript, SYMBOL.search("\n".join(blocks[:_MASTHEAD])))
    for block in blocks:
        _add_block(manuscript, block)
    _add_notes_part(manuscript)
    manuscript.document.save(str(path))


def convert_to_pdf(source: Path, folder: Path) -> Path:
    """Convert a Word file to PDF with LibreOffice; return the path of the PDF in the folder."""
    (path,) = convert_all_to_pdf([source], folder)
    return path


def convert_all_to_pdf(sources: Sequence[Path], folder: Path) -> list[Path]:
    """Convert Word files to PDF with one start of LibreOffice; return the paths of the PDFs in the folder."""
    with tempfile.TemporaryDirectory() as profile:
        options = [f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf"]
        command = ["soffice", *options, "--outdir", str(folder), *map(str, sources)]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    return [folder / f"{source.stem}.pdf" for source in sources]


def _one_line(block: str) -> str:
    return " ".join(line.strip() for line in block.splitlines())


def _notes(blocks: list[str]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if match := NOTE.fullmatch(_one_line(block)):
            yield match["mark"].lstrip("\\"), match["text"]


def _joined_over_notes(blocks: list[str]) -> list[str]:
    """Return the blocks that are not footnotes; a paragraph that footnotes cut in two is joined again."""
    joined: list[str] = []
    after_note = False
    for block in blocks:
        is_note = NOTE.fullmatch(_one_line(block)) is not None
        if after_note and not is_note and joined and not ENDS.search(joined[-1]):
            space = "" if HAN.match(joined[-1][-1]) else " "
            joined[-1] += space + block
        elif not is_note:
            joined.append(block)
        after_note = is_note
    return joined


def _set_up(manuscript: Manuscript, symbol: re.Match[str] | None) -> None:
    section = manuscript.document.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)
    section.left_margin = section.right_margin = Cm(3.1)
    section.top_margin = section.bottom_margin = Cm(2.8)
    section.different_first_page_header_footer = True
    manuscript.document.settings.odd_and_even_pages_header_footer = True
    name = symbol.group() if symbol else ""
    for header in (section.header, section.even_page_header):
        header.paragraphs[0].text = name
    for footer in (section.footer, section.even_page_footer, section.first_page_footer):
        _add_page_numbers(footer.paragraphs[0])
    _set_fonts(manuscript)


def _set_fonts(manuscript: Manuscript) -> None:
    for name, size in (("Normal", 10), ("Heading 1", 14), ("Heading 2", 12), ("Heading 3", 11)):
        style = manuscript.document.styles[name]
        style.font.name, style.font.size = "Liberation Serif", Pt(size)
        fonts = style.element.rPr.rFonts
        for attribute in list(fonts.attrib):
            if attribute.endswith("Theme"):
                del fonts.attrib[attribute]
        script, font = FONTS.get(manuscript.language, ("cs", "Liberation Serif"))
        fonts.set(qn(f"w:{script}"), font)
        style.element.rPr.append(_element("w:szCs", val=str(2 * size)))
        locale = LOCALES[manuscript.language]
        style.element.rPr.append(_element("w:lang", val=locale, bidi=locale, eastAsia=locale))


def _element(tag: str, **attributes: str) -> Any:  # noqa: ANN401 - python-docx and lxml-stubs disagree
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _add_page_numbers(paragraph: Paragraph) -> None:
    paragraph.add_run("25-01234\t\t")
    for position, instruction in enumerate(("PAGE", "NUMPAGES")):
        if position:
            paragraph.add_run("/")
        field_element = _element("w:fldSimple", instr=instruction)
        paragraph._p.append(field_element)


def _add_block(manuscript: Manuscript, block: str) -> None:
    if block.startswith("|"):
        _add_table(manuscript, block)
    elif match := re.fullmatch(r"(#{1,6}) +(.*?)(?: +#+)?", _one_line(block)):
        style = f"Heading {min(len(match[1]), 3)}"
        _fill(manuscript, manuscript.document.add_paragraph(style=style), match[2])
    else:
        _add_paragraphs(manuscript, block)


def _add_paragraphs(manuscript: Manuscript, block: str) -> None:
    items = re.split(r"\n(?=\s*(?:[-+*] |\(\w{1,4}\) |\d+\. ))", block)
    for item in items:
        text = _one_line(item)
        bullet = re.match(r"[-+] ", text)
        paragraph = manuscript.document.add_paragraph(style="List Bullet" if bullet else None)
        text = text[2:] if bullet else text
        numbered = NUMBER.match(text)
        if numbered:
            paragraph.paragraph_format.first_line_indent = Cm(1)
            text = numbered[1] + "\t" + text[numbered.end() :]
            nested = text.startswith(("(", "（", "㈠", "㈡"))
            paragraph.paragraph_format.left_indent = Cm(1 if nested else 0)
            paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(3.2 if nested else 2.2))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.space_after = Pt(6)
        _fill(manuscript, paragraph, text)


def _add_table(manuscript: Manuscript, block: str) -> None:
    lines = [line.strip().strip("|") for line in block.splitlines()]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines]
    rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    table = manuscript.document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
    if manuscript.right_to_left:
        table._tbl.tblPr.append(_element("w:bidiVisual"))
    for row, cells in zip(table.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text in zip(row.cells, cells, strict=False):
            _fill(manuscript, cell.paragraphs[0], text)
    manuscript.document.add_paragraph()


def _fill(manuscript: Manuscript, paragraph: Paragraph, text: str) -> None:
    """Write runs for the Markdown inside a paragraph, and references for footnote marks."""
    if manuscript.right_to_left:
        paragraph._p.get_or_add_pPr().append(_element("w:bidi"))
    add = partial(_add_run, manuscript, paragraph)
    position = 0
    for match in INLINE.finditer(text):
        add(text[position : match.start()])
        position = match.end()
        if match["mark"]:
            _add_mark(manuscript, paragraph, match["mark"])
        elif match["bold"]:
            add(match["bold"], "bold")
        elif match["italic"]:
            add(match["italic"], "italic")
        else:
            add(match["literal"] or match["link"])
    add(text[position:])


def _add_run(manuscript: Manuscript, paragraph: Paragraph, text: str, emphasis: str = "") -> Run:
    run = paragraph.add_run(text)
    if emphasis:
        setattr(run.font, emphasis, True)
    if manuscript.right_to_left:
        run.font.rtl = True
        run.font.cs_bold = emphasis == "bold"
    return run


def _add_mark(manuscript: Manuscript, paragraph: Paragraph, mark: str) -> None:
    run = _add_run(manuscript, paragraph, "")
    run.font.superscript = mark != "*" or mark in manuscript.notes
    if mark not in manuscript.notes or mark in manuscript.placed:
        run.text = mark.translate(
            {ord(up): down for down, up in zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)}
        )
        return
    manuscript.placed.append(mark)
    reference = _element("w:footnoteReference", id=str(len(manuscript.placed)))
    run._r.append(reference)
    if mark == "*":
        reference.set(qn("w:customMarkFollows"), "1")
        text = OxmlElement("w:t")
        text.text = mark
        run._r.append(text)


def _add_notes_part(manuscript: Manuscript) -> None:
    if not manuscript.placed:
        return
    separators = (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
        "</w:footnote>"
    )
    notes = "".join(_note_xml(manuscript, number, mark) for number, mark in enumerate(manuscript.placed, 1))
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>{separators}{notes}</w:footnotes>'
    )
    owner = manuscript.document.part
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), owner.package)
    owner.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _note_xml(manuscript: Manuscript, number: int, mark: str) -> str:
    direction = "<w:bidi/>" if manuscript.right_to_left else ""
    properties = '<w:sz w:val="17"/><w:szCs w:val="17"/>' + ("<w:rtl/>" if manuscript.right_to_left else "")
    sign = "<w:t>*</w:t>" if mark == "*" else "<w:footnoteRef/>"
    text = escape(_plain(manuscript.notes[mark]))
    return (
        f'<w:footnote w:id="{number}"><w:p><w:pPr>{direction}</w:pPr>'
        f'<w:r><w:rPr>{properties}<w:vertAlign w:val="superscript"/></w:rPr>{sign}</w:r>'
        f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
    )


def _plain(text: str) -> str:
    keep: Callable[[re.Match[str]], str] = lambda match: next(filter(None, match.groups()))  # noqa: E731
    return INLINE.sub(keep, text)
