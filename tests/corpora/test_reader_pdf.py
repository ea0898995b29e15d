"""PDF files: paragraphs in reading order, without page furniture, in six languages."""

from __future__ import annotations

import base64
import difflib
from pathlib import Path

import pytest

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.errors import EmptyDocument, UnreadableDocument
from hexapla_corpora.read import read_document
from hexapla_corpora.readers.pdf import read_paragraphs
from hexapla_corpora.sample import sample_files
from support_office import convert_to_pdf, write_docx
from support_wordml import lines_of_text, pdf_file

PATH = Path("draft.pdf")
# One page with a sentence, encrypted; the user password is "u".
ENCRYPTED = base64.b64decode("""
JVBERi0xLjUKJenr8b8KMSAwIG9iago8PAovQ291bnQgMQovS2lkcyBbMyAwIFJdCi9NZWRpYUJveCBbMCAwIDU5NS4yOCA4NDEu
ODldCi9UeXBlIC9QYWdlcwo+PgplbmRvYmoKMiAwIG9iago8PAovT3BlbkFjdGlvbiBbMyAwIFIgL0ZpdEggbnVsbF0KL1BhZ2VM
YXlvdXQgL09uZUNvbHVtbgovUGFnZXMgMSAwIFIKL1R5cGUgL0NhdGFsb2cKPj4KZW5kb2JqCjMgMCBvYmoKPDwKL0NvbnRlbnRz
IDQgMCBSCi9Hcm91cCA8PC9UeXBlIC9Hcm91cCAvUyAvVHJhbnNwYXJlbmN5IC9DUyAvRGV2aWNlUkdCPj4KL1BhcmVudCAxIDAg
UgovUmVzb3VyY2VzIDYgMCBSCi9UeXBlIC9QYWdlCj4+CmVuZG9iago0IDAgb2JqCjw8Ci9GaWx0ZXIgL0ZsYXRlRGVjb2RlCi9M
ZW5ndGggODUKPj4Kc3RyZWFtCum8aDK/o0KLRQ42EbujkPe2JZStSo2QPZTcQZNAZH2+c81vChBCUveQ6bUXhQ8zOSdjBJg5UcW/
IXuIJmbEg4MwlZFPv56Rs5787EJODqgrTQEjxM8KZW5kc3RyZWFtCmVuZG9iago1IDAgb2JqCjw8Ci9CYXNlRm9udCAvSGVsdmV0
aWNhCi9FbmNvZGluZyAvV2luQW5zaUVuY29kaW5nCi9TdWJ0eXBlIC9UeXBlMQovVHlwZSAvRm9udAo+PgplbmRvYmoKNiAwIG9i
ago8PAovRm9udCA8PC9GMSA1IDAgUj4+Ci9Qcm9jU2V0IFsvUERGIC9UZXh0IC9JbWFnZUIgL0ltYWdlQyAvSW1hZ2VJXQo+Pgpl
bmRvYmoKNyAwIG9iago8PAovQ3JlYXRpb25EYXRlIDxDQUU1Q0M1MkRCMDE0OTVDOTg4RDBGQzBGMzcxMEY2RTlGPgo+PgplbmRv
YmoKOCAwIG9iago8PAovRW5jcnlwdE1ldGFkYXRhIGZhbHNlCi9GaWx0ZXIgL1N0YW5kYXJkCi9MZW5ndGggMTI4Ci9PIDwyQTJG
MEExOTkwMTkyQzYwMTE0NzMwQkRDRDM5RjM3ODI4QTUzQzg5QTM0MERENDczQzg1Mjk5REM1MjU4RTFDPgovUCAtNAovUiAzCi9T
dG1GIC9TdGRDRgovU3RyRiAvU3RkQ0YKL1UgPDg4ODU5MjA5QzA2NzI4REQ3MTRFRjQ5NDVFMDkyQTZDQTAzQURDNTc4RTEyQTI5
QzE1NEVCQUMyQTFGMzJCNjQ+Ci9WIDIKPj4KZW5kb2JqCnhyZWYKMCA5CjAwMDAwMDAwMDAgNjU1MzUgZiAKMDAwMDAwMDAxNSAw
MDAwMCBuIAowMDAwMDAwMTAyIDAwMDAwIG4gCjAwMDAwMDAyMDUgMDAwMDAgbiAKMDAwMDAwMDM0MSAwMDAwMCBuIAowMDAwMDAw
NDk3IDAwMDAwIG4gCjAwMDAwMDA1OTQgMDAwMDAgbiAKMDAwMDAwMDY4MSAwMDAwMCBuIAowMDAwMDAwNzUzIDAwMDAwIG4gCnRy
YWlsZXIKPDwKL1NpemUgOQovUm9vdCAyIDAgUgovSW5mbyA3IDAgUgovRW5jcnlwdCA4IDAgUgovSUQgWzw4NkZBNDc3ODVCMDE1
MDhGRjBDQ0JDRjY2RUUwRjE0NT48ODZGQTQ3Nzg1QjAxNTA4RkYwQ0NCQ0Y2NkVFMEYxNDU+XQo+PgpzdGFydHhyZWYKMTAwOQol
JUVPRgo=
""")


def read(*pages: str) -> list[Paragraph]:
    return read_paragraphs(pdf_file(pages), PATH)


def texts(*pages: str) -> list[str]:
    return [item.text for item in read(*pages)]


def column(
    lines: list[str], x: float = 72, top: float = 700, pitch: float = 12
) -> list[tuple[float, float, str]]:
    return [(x, top - pitch * number, line) for number, line in enumerate(lines)]


FILLED = [
    "The islands of the lagoon lie so low that a surge of two metres floods every",
    "street, and their people",
]
OTHER = [
    "Warnings that come in the language of the place are heeded sooner than those",
    "that have to be translated.",
]


@pytest.mark.libreoffice
@pytest.mark.parametrize("language", ["zh", "en", "fr", "es", "ru", "ar"])
def test_sample_reads_as_from_markdown(
    language: str, sample_docx: dict[str, Path], sample_pdf: dict[str, Path]
) -> None:
    """At least 98% of the sample's blocks are the same when read from Word or PDF as from Markdown."""
    expected = [block.text for block in read_document(sample_files()[language], language).blocks]
    for path in (sample_docx[language], sample_pdf[language]):
        found = [block.text for block in read_document(path, language).blocks]
        pairs = difflib.SequenceMatcher(None, expected, found, autojunk=False)
        assert sum(block.size for block in pairs.get_matching_blocks()) >= 0.98 * max(
            len(expected), len(found)
        )


ARABIC = (
    "إذ تشير إلى قرارها 57/32 المؤرخ 19 تشرين الثاني/نوفمبر 2002 "
    "(بعد أن عُقد الاجتماع في عام 2020)، وإلى ”الشبكة“،",
    "1 - تقرر إنشاء الشبكة الأولى للفترة 2015-2030 بتكلفة قدرها 11\u00a0565\u00a0500 دولار؛",
    "انظر FCCC/CP/2015/10/Add.1، المقرر 1/م أ-21، وكذلك Treaty Series, vol. 996.",
    "(أ) ما هي المدة المحددة للإبلاغ؟ لا شيء؛",
)


@pytest.mark.libreoffice
def test_arabic_reads_in_logical_order(tmp_path: Path) -> None:
    """Arabic ligatures, vowels, figures, brackets and Latin words are in reading order."""
    word = tmp_path / "draft.docx"
    write_docx(word, "\n\n".join(ARABIC), "ar")
    path = convert_to_pdf(word, tmp_path)
    assert tuple(item.text for item in read_paragraphs(path.read_bytes(), path)) == ARABIC


def test_paragraphs_by_unfilled_lines() -> None:
    """A line with room for the next word ends its paragraph, even without a gap after it."""
    assert texts(lines_of_text(column(FILLED + OTHER))) == [" ".join(FILLED), " ".join(OTHER)]


def test_paragraphs_by_gaps_and_indents() -> None:
    """A gap wider than the line distance or a first-line indent begins a paragraph."""
    full = [FILLED[0], OTHER[0]]
    gap = column(full) + column(full[::-1], top=670)
    assert texts(lines_of_text(gap)) == [" ".join(full), " ".join(full[::-1])]
    indented = [(72, 700, full[0]), (72, 688, full[1]), (92, 676, full[0][4:]), (72, 664, full[1])]
    assert texts(lines_of_text(indented)) == [" ".join(full), f"{full[0][4:]} {full[1]}"]


def test_superscript_digits_become_marks() -> None:
    """Small raised digits become superscript characters in place."""
    raised = "/F 6 Tf 4 Ts (12) Tj 0 Ts"
    content = f"BT /F 10 Tf 1 0 0 1 72 700 Tm (the Charter,) Tj {raised} /F 10 Tf ( signed in May) Tj ET"
    assert texts(content) == ["the Charter,¹² signed in May"]


def test_footnotes_below_a_rule() -> None:
    """Smaller text below a short rule comes after the body, with its marks as superscript characters."""
    body = lines_of_text(column([FILLED[0], FILLED[1]]))
    notes = lines_of_text([(72, 100, "1 See the Lagoon"), (72, 90, "Charter."), (72, 78, "2 Ibid.")], 8)
    found = read(f"{body} 72 112 144 0.5 re f {notes}")
    assert [item.text for item in found] == [" ".join(FILLED), "¹ See the Lagoon Charter.", "² Ibid."]
    assert [item.kind for item in found] == [None, BlockKind.FOOTNOTE, BlockKind.FOOTNOTE]


def test_footnote_continues_on_next_page() -> None:
    """A footnote is joined with its continuation below the rule of the next page."""
    pages = [
        f"{lines_of_text(column(FILLED))} 72 112 144 0.5 re f {lines_of_text([(72, 100, text)], 8)}"
        for text in ("1 See the Lagoon", "Charter, annex.")
    ]
    assert texts(*pages)[-1] == "¹ See the Lagoon Charter, annex."


def furnished(page: int, lines: list[str]) -> str:
    furniture = [(72, 760, "A/91/L.5"), (72, 40, "91-00123"), (500, 40, f"{page}/3")]
    return lines_of_text(furniture + column(lines))


def test_page_furniture_is_removed() -> None:
    """Headers, job numbers and page numbers are removed; repeated text stays, and so does the symbol, once."""
    found = read(*(furnished(page, OTHER) for page in (1, 2, 3)))
    assert [item.text for item in found] == ["A/91/L.5", *[" ".join(OTHER)] * 3]
    assert found[0].kind is BlockKind.MASTHEAD
    assert [item.origin.page for item in found[1:]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("last", "first", "ends_page", "joined"),
    [
        (FILLED[0], FILLED[1], False, True),
        (FILLED[0][:-5] + "yet more,", "Noting more", True, False),
        (FILLED[0][:-5] + "yet more,", "2. Notes more", False, False),
        ("A short last line.", "Another paragraph", False, False),
    ],
)
def test_page_ends(last: str, first: str, ends_page: bool, joined: bool) -> None:
    """A clearly cut paragraph is joined, a complete one is not, and a doubtful one is marked."""
    pages = furnished(1, [FILLED[0], OTHER[0], last]), furnished(2, [first, "", *OTHER])
    _, before, *after = read(*pages)
    assert before.text.endswith(f"{last} {first}" if joined else last)
    assert before.ends_page is ends_page
    assert after[-1].text == " ".join(OTHER)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["the Inter-", "Parliamentary Union met the Inter-Parliamentary Union"],
            "the Inter-Parliamentary Union met",
        ),
        (["the develop-", "ment of coasts is development"], "the development of coasts"),
        (["a low-", "lying coast is a low-lying coast"], "a low-lying coast is"),
        (["the years 2015-", "2030 and after, and then the years"], "the years 2015-2030 and"),
    ],
)
def test_hyphens_at_line_ends(lines: list[str], expected: str) -> None:
    """A hyphen that divides a word is removed, one in a compound stays; other words of the document decide."""
    wide = [f"{lines[0]:>70}".strip().rjust(1), lines[1]]
    padded = [f"It was said that in the course of this very long and filled line {wide[0]}", lines[1]]
    assert expected in texts(lines_of_text(column(padded)))[0]


def test_columns_are_read_one_after_the_other() -> None:
    """In two columns, the left column is read first."""
    left = [f"left column line number {number} of the text" for number in range(10, 22)]
    right = [f"right column line number {number} of text" for number in range(10, 22)]
    joined = " ".join(texts(lines_of_text(column(left) + column(right, x=330))))
    assert joined == " ".join(left + right)


def test_ruled_table_is_read_by_cells() -> None:
    """Ruled cells are read row by row; lines in a cell are joined, and a merged cell is read once."""
    rules = "72 700 m 372 700 l 72 660 m 372 660 l 72 640 m 372 640 l "
    rules += "72 700 m 72 640 l 372 700 m 372 640 l 222 700 m 222 660 l S"
    words = [(76, 688, "Phase of"), (76, 676, "the work"), (226, 688, "Cost"), (76, 648, "Merged over both")]
    found = read(f"{rules} {lines_of_text([(72, 720, 'Before it'), *words, (72, 620, 'After it')])}")
    assert [item.text for item in found] == [
        "Before it",
        "Phase of the work",
        "Cost",
        "Merged over both",
        "After it",
    ]
    assert [item.kind for item in found[1:4]] == [BlockKind.TABLE_CELL] * 3


def test_turned_text_is_ignored() -> None:
    """Text turned against the main text is left out."""
    stamp = "BT /F 10 Tf 0 1 -1 0 30 300 Tm (PRINTED) Tj ET"
    assert texts(f"{lines_of_text(column(OTHER))} {stamp}") == [" ".join(OTHER)]


def test_turned_page_is_read_upright() -> None:
    """A page whose whole text is turned is turned back."""
    lines = "".join(f"0 1 -1 0 {100 + 12 * number} 72 Tm ({line}) Tj " for number, line in enumerate(OTHER))
    assert texts(f"BT /F 10 Tf {lines} ET") == [" ".join(OTHER)]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (ENCRYPTED, UnreadableDocument, "encrypted with a password"),
        (pdf_file(["0 0 100 100 re f"]), EmptyDocument, "optical character recognition"),
        (pdf_file([lines_of_text([(500, 40, "1")]), lines_of_text([(500, 40, "2")])]), EmptyDocument, "scan"),
        (b"%PDF-1.7 and nothing else", UnreadableDocument, "truncated or damaged"),
        (b"", UnreadableDocument, "truncated or damaged"),
    ],
)
def test_bad_files(data: bytes, error: type[Exception], words: str) -> None:
    """An encrypted, scanned or damaged file is refused with a message that names it and says what to do."""
    with pytest.raises(error, match=words) as caught:
        read_paragraphs(data, PATH)
    assert str(caught.value).startswith("draft.pdf: ")
