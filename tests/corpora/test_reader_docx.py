"""Word files: the text as printed, with real footnotes, numbering, tables and tracked changes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.errors import UnreadableDocument
from hexapla_corpora.readers.docx import read_paragraphs
from support_office import write_docx
from support_wordml import paragraph, word_file, zip_file

PATH = Path("draft.docx")

RESOLUTIONS = {
    "en": ("The Assembly,", "Recalling the Lagoon Charter,¹ signed on 3 May 2024,", "¹ See resolution 91/7."),
    "zh": ("大会，", "回顾 2024 年 5 月 3 日签署的《泻湖宪章》，¹", "¹ 见第 91/7 号决议。"),
    "ru": ("Ассамблея,", "ссылаясь на Хартию лагун¹ от 3 мая 2024 года,", "¹ См. резолюцию 91/7."),
    "ar": ("إن الجمعية،", "إذ تشير إلى ميثاق البحيرات¹ الموقع في 3 أيار/مايو 2024،", "¹ انظر القرار 91/7."),
}


def texts(data: bytes) -> list[str]:
    return [item.text for item in read_paragraphs(data, PATH)]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def in_list(text: str, level: int = 0, number: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(depth: int, number_format: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, overrides: str = "") -> str:
    abstract = f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
    first = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    return f'{abstract}{first}<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num>'


@pytest.mark.parametrize("language", RESOLUTIONS)
def test_written_document_reads_back(language: str, tmp_path: Path) -> None:
    """A Word file derived from Markdown gives the same paragraphs, then its real footnotes."""
    opening, recital, note = RESOLUTIONS[language]
    path = tmp_path / "draft.docx"
    write_docx(path, f"A/91/L.5\n\n# Title\n\n{opening}\n\n{recital}\n\n1. **Done**;\n\n{note}\n", language)
    found = read_paragraphs(path.read_bytes(), path)
    assert [item.text for item in found] == ["A/91/L.5", "Title", opening, recital, "1. Done;", note]
    assert (found[1].kind, found[1].level) == (BlockKind.HEADING, 1)
    assert found[-1].kind is BlockKind.FOOTNOTE


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            run("kept ")
            + "<w:ins>"
            + run("new")
            + "</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>",
            "kept new",
        ),
        ("<w:moveFrom>" + run("gone") + "</w:moveFrom><w:moveTo>" + run("here") + "</w:moveTo>", "here"),
        ("<w:hyperlink>" + run("A/91/L.5") + "</w:hyperlink>", "A/91/L.5"),
        ("<w:smartTag>" + run("Lagoon") + "</w:smartTag>", "Lagoon"),
        ("<w:sdt><w:sdtContent>" + run("content") + "</w:sdtContent></w:sdt>", "content"),
        ('<w:fldSimple w:instr="DATE">' + run("3 May") + "</w:fldSimple>", "3 May"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
            + run("code")
            + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("result")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "result",
        ),
        (run("seen") + run("hidden", "<w:vanish/>") + run(" too", '<w:vanish w:val="0"/>'), "seen too"),
        ("<w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r>", "one two three"),
        ("<w:r><w:t>决</w:t><w:br/><w:t>定</w:t></w:r>", "决定"),
        (
            "<w:r><w:t>South</w:t><w:noBreakHyphen/><w:t>South soft</w:t><w:softHyphen/><w:t>ly</w:t></w:r>",
            "South\u2011South softly",
        ),
        (
            '<w:r><w:sym w:font="Symbol" w:char="F0B1"/>'
            '<w:t>5 </w:t><w:sym w:font="Symbol" w:char="F06D"/></w:r>',
            "±5 μ",
        ),
        (
            run("area of 5 m") + run("2", '<w:vertAlign w:val="superscript"/>') + run(" or more"),
            "area of 5 m² or more",
        ),
        (run("le 1") + run("er", '<w:vertAlign w:val="superscript"/>') + run(" mai"), "le 1er mai"),
    ],
)
def test_run_content(content: str, expected: str) -> None:
    """Changes are accepted, codes and hidden text are left out, and breaks and signs appear as printed."""
    assert texts(word_file(f"<w:p>{content}</w:p>")) == [expected]


def test_deleted_paragraph_mark_joins() -> None:
    """A paragraph whose mark was deleted is continued by the next."""
    mark = "<w:rPr><w:del/></w:rPr>"
    assert texts(word_file(paragraph("first ", mark) + paragraph("second") + paragraph("third"))) == [
        "first second",
        "third",
    ]


def test_text_box_is_read_once() -> None:
    """A text box is read once, after its paragraph, although the file also has a fallback for old programs."""
    box = f"<w:txbxContent>{paragraph('boxed')}</w:txbxContent>"
    alternatives = (
        f"<mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert texts(word_file(f"<w:p>{run('before')}<w:r>{alternatives}</w:r></w:p>")) == ["before", "boxed"]


def test_notes_are_counted_in_reading_order() -> None:
    """Footnotes are numbered by their references, without notes that have custom marks or are deleted."""
    body = (
        "<w:p><w:r><w:t>Sponsors:</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="4" w:customMarkFollows="1"/><w:t>*</w:t></w:r></w:p>'
        '<w:p><w:del><w:r><w:footnoteReference w:id="5"/></w:r></w:del><w:r><w:t>Charter,</w:t>'
        '<w:footnoteReference w:id="3"/></w:r>'
        '<w:r><w:t> and Plan</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    )
    notes = '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>' + "".join(
        f'<w:footnote w:id="{number}">{paragraph(text)}</w:footnote>'
        for number, text in ((2, " The Plan."), (3, " The Charter."), (4, "* The list."), (5, " Deleted."))
    )
    assert texts(word_file(body, footnotes=notes)) == [
        "Sponsors:*",
        "Charter,¹ and Plan²",
        "* The list.",
        "¹ The Charter.",
        "² The Plan.",
    ]


def test_a_note_may_refer_to_another_note() -> None:
    """A note to which only another note refers is read too, after it."""
    body = '<w:p><w:r><w:t>Charter</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    inner = '<w:p><w:r><w:t>The Charter.</w:t><w:endnoteReference w:id="3"/></w:r></w:p>'
    footnotes = f'<w:footnote w:id="2">{inner}</w:footnote>'
    endnotes = f'<w:endnote w:id="3">{paragraph("As amended.")}</w:endnote>'
    found = texts(word_file(body, footnotes=footnotes, endnotes=endnotes))
    assert found == ["Charter¹", "¹ The Charter.ⁱ", "ⁱ As amended."]


def test_a_field_that_never_ends_hides_nothing() -> None:
    """In a damaged file, the text after the beginning of a field that never ends is read."""
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    body = f"<w:p>{run('Before')}{begin}{run(' after')}</w:p>{paragraph('Next.')}"
    assert texts(word_file(body)) == ["Before after", "Next."]


@pytest.mark.parametrize("note", [" The list.", "* The list.", "** The list.", "* * The list."])
def test_a_typed_mark_in_a_note_is_kept_once(note: str) -> None:
    """A note with a custom mark begins with it once, whether typed in the note, added by a program, or both."""
    body = (
        "<w:p><w:r><w:t>Sponsors:</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="4" w:customMarkFollows="1"/><w:t>*</w:t></w:r></w:p>'
    )
    notes = f'<w:footnote w:id="4">{paragraph(note)}</w:footnote>'

    assert texts(word_file(body, footnotes=notes)) == ["Sponsors:*", "* The list."]


@pytest.mark.parametrize(
    ("number_format", "text", "expected"),
    [
        ("decimal", "%1.", ["1.", "2.", "3."]),
        ("lowerLetter", "(%1)", ["(a)", "(b)", "(c)"]),
        ("upperRoman", "%1.", ["I.", "II.", "III."]),
        ("lowerRoman", "(%1)", ["(i)", "(ii)", "(iii)"]),
        ("chineseCountingThousand", "%1、", ["一、", "二、", "三、"]),
        ("ideographTraditional", "%1.", ["甲.", "乙.", "丙."]),
        ("arabicAbjad", "(%1)", ["(أ)", "(ب)", "(ج)"]),
        ("russianLower", "%1)", ["а)", "б)", "в)"]),
        ("decimalZero", "%1", ["01", "02", "03"]),
        ("bullet", "\uf0b7", [None, None, None]),
    ],
)
def test_number_formats(number_format: str, text: str, expected: list[str | None]) -> None:
    """Automatic numbers have the format of their list and are not part of the text."""
    data = word_file("".join(map(in_list, "xyz")), numbering=numbering(level(0, number_format, text)))
    found = read_paragraphs(data, PATH)
    assert [item.number for item in found] == expected
    assert [item.text for item in found] == ["x", "y", "z"]


@pytest.mark.parametrize(("depth", "start"), [(9, 1), (-1, 1), (0, 10_000)])
def test_levels_and_numbers_out_of_range(depth: int, start: int) -> None:
    """A level beyond the nine of Word, or a number too large for its format, leaves the text unchanged."""
    own = level(depth, "chineseCounting", "%1.").replace('w:val="1"', f'w:val="{start}"', 1)
    (found,) = read_paragraphs(word_file(in_list("x", depth), numbering=numbering(own)), PATH)
    assert (found.text, found.number) == ("x", "10000." if start > 1 else None)


def test_nested_numbering_restarts() -> None:
    """An inner level restarts after an outer one; %1.%2 prints both; an empty numbered paragraph counts."""
    levels = level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>")
    body = in_list("a") + in_list("b", 1) + in_list("", 1) + in_list("c", 1) + in_list("d") + in_list("e", 1)
    found = read_paragraphs(word_file(body, numbering=numbering(*levels)), PATH)
    assert [item.number for item in found] == ["I.", "1.1", "1.3", "II.", "2.1"]
    assert [(item.kind, item.level) for item in found[:2]] == [(None, 1), (BlockKind.LIST_ITEM, 2)]


def test_start_override_restarts_shared_counter() -> None:
    """Two lists with one abstract list share a counter until one overrides its start."""
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    body = in_list("a") + in_list("b") + in_list("c", number=2) + in_list("d", number=2)
    shared = word_file(body, numbering=numbering(level(0, "decimal", "%1.")))
    restarted = word_file(body, numbering=numbering(level(0, "decimal", "%1."), overrides=start))
    assert [item.number for item in read_paragraphs(shared, PATH)] == ["1.", "2.", "3.", "4."]
    assert [item.number for item in read_paragraphs(restarted, PATH)] == ["1.", "2.", "1.", "2."]


def test_styles_give_headings_and_numbers() -> None:
    """Localised styles are recognised by name and base style; a style may number its paragraphs."""
    styles = (
        '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Eigene"><w:name w:val="Own"/>'
        '<w:basedOn w:val="berschrift1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="UN"><w:name w:val="_ H_2/3"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Op"><w:name w:val="Op"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = "".join(paragraph(name, f'<w:pStyle w:val="{name}"/>') for name in ("Titel", "Eigene", "UN", "Op"))
    data = word_file(body, styles=styles, numbering=numbering(level(0, "decimal", "%1.")))
    found = read_paragraphs(data, PATH)
    assert [(item.kind, item.level) for item in found] == [
        (BlockKind.TITLE, 0),
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 4),
        (None, 1),
    ]
    assert found[3].number == "1."


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def test_tables_in_reading_order() -> None:
    """Cells are read row by row, merged ones once, with their paragraphs joined; nested tables are read in place."""
    nested = f"<w:tbl><w:tr>{cell(paragraph('n1'))}{cell(paragraph('n2'))}</w:tr></w:tbl>"
    rows = (
        cell(paragraph("a") + paragraph("b"), '<w:vMerge w:val="restart"/>') + cell(paragraph("c") + nested),
        cell(paragraph("a again"), "<w:vMerge/>") + cell(paragraph("d")),
    )
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(paragraph('gone'))}</w:tr>"
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + deleted + "</w:tbl>"
    found = read_paragraphs(word_file(paragraph("before") + table + paragraph("after")), PATH)
    assert [item.text for item in found] == ["before", "a b", "c", "n1", "n2", "d", "after"]
    assert {item.kind for item in found[1:-1]} == {BlockKind.TABLE_CELL}


def test_frame_of_one_cell_is_not_a_table() -> None:
    """A table with one cell is only a frame around paragraphs."""
    table = f"<w:tbl><w:tr>{cell(paragraph('a') + paragraph('b'))}</w:tr></w:tbl>"
    assert read_paragraphs(word_file(table), PATH)[0].kind is None


def test_symbol_of_header_is_read_once() -> None:
    """A document symbol that occurs only in the header becomes a masthead paragraph; the rest is left out."""
    section = '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>'
    header = paragraph("Coasts") + paragraph("A/91/L.5")
    found = read_paragraphs(word_file(paragraph("Text") + section, header1=header), PATH)
    assert [(item.text, item.kind) for item in found] == [("A/91/L.5", BlockKind.MASTHEAD), ("Text", None)]
    assert texts(word_file(paragraph("United Nations A/91/L.5") + section, header1=header)) == [
        "United Nations A/91/L.5"
    ]


def test_strict_open_xml_is_read() -> None:
    """The strict format, which has other namespaces, is read too."""
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    root = f'<w:document xmlns:w="{strict}"><w:body>{paragraph("Strict")}</w:body></w:document>'
    assert texts(zip_file({"word/document.xml": root})) == ["Strict"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (word_file(paragraph("text" * 500))[:400], "truncated or damaged"),
        (b"PK\x03\x04 no zip", "truncated or damaged"),
        (zip_file({"other.txt": "x"}), "without a Word document"),
        (zip_file({"word/document.xml": "<w:document"}), "damaged XML"),
        (zip_file({"word/document.xml": "a" * 30_000_000}), "zip bomb"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "97-2003"),
    ],
)
def test_bad_files(data: bytes, words: str) -> None:
    """A damaged, encrypted, old or oversized file is refused with a message that names it."""
    with pytest.raises(UnreadableDocument, match=words) as caught:
        read_paragraphs(data, PATH)
    assert str(caught.value).startswith("draft.docx: ")


def test_damaged_lzma() -> None:
    """Damage in a part with LZMA compression, which zip allows, is reported like any other."""
    name = "word/document.xml"
    data = bytearray(zip_file({name: "<w:document/>" * 50}, zipfile.ZIP_LZMA))
    start = 30 + len(name) + 9  # after the local header and the LZMA properties
    data[start : start + 20] = b"\xff" * 20
    with pytest.raises(
        UnreadableDocument, match=r"draft\.docx: .* truncated or damaged \(Corrupt input data\)"
    ):
        read_paragraphs(bytes(data), PATH)


def test_entities_are_not_expanded() -> None:
    """An external entity declared in a part is not read."""
    root = (
        '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>safe&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    assert texts(zip_file({"word/document.xml": root})) == ["safe"]


def test_paragraphs_have_their_origin() -> None:
    """A paragraph's origin counts all paragraphs of the file, including empty ones."""
    found: list[Paragraph] = read_paragraphs(word_file(paragraph("a") + "<w:p/>" + paragraph("b")), PATH)
    assert [item.origin.paragraph for item in found] == [1, 3]
