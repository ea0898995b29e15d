"""Builds small Word files from WordprocessingML and small PDF files from content streams."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_file(body: str, **parts: str) -> bytes:
    """Build a .docx from the XML of its body and of other parts by name (styles, footnotes, header1 ...)."""
    roots = {"document": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"}
    for name, content in parts.items():
        tag = "hdr" if name.startswith("header") else name
        roots[name] = f"<w:{tag} {NAMESPACES}>{content}</w:{tag}>"
    relations = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in parts
    )
    files = {f"word/{name}.xml": root for name, root in roots.items()}
    files["_rels/.rels"] = _relations(
        f'<Relationship Id="main" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    )
    files["word/_rels/document.xml.rels"] = _relations(relations)
    return zip_file(files)


def zip_file(files: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Build a zip file with texts by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _relations(content: str) -> str:
    return f'<Relationships xmlns="{RELATIONS}">{content}</Relationships>'


def paragraph(text: str, properties: str = "") -> str:
    """Write a w:p of one run."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def pdf_file(pages: Sequence[str]) -> bytes:
    """Build a PDF with the content stream of each page, 612 by 792 points, its font /F being Helvetica."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 612 792]>>")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    for number, content in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/Contents {5 + 2 * number} 0 R/Resources<</Font<</F 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
    data, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>"
    return f"{data}{end}\nstartxref\n{len(data)}\n%%EOF".encode("cp1252")


def lines_of_text(lines: Sequence[tuple[float, float, str]], size: float = 10) -> str:
    """Write a content stream with texts, each at its x and y in points."""
    shown = "".join(f"1 0 0 1 {x} {y} Tm({text}) Tj " for x, y, text in lines)
    return f"BT /F {size} Tf {shown}ET"
