"""The head of a document: masthead, title, and the line that opens a resolution's preamble."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hexapla_corpora.document import BlockKind, Paragraph
from hexapla_corpora.lines import ends_clause, ends_sentence, final_character, starts_lowercase, width
from hexapla_corpora.printed_numbers import NumberStyle, parse_number
from hexapla_corpora.symbols import SYMBOL, find_symbol

_COMMAS = set(",，،")
_ENACTING_WIDTH = 90
_SHORT_LINE = 160
_HEAD_LINES = 30

# Bodies that adopt resolutions; a short line that names one and ends with a comma opens a preamble.
_BODIES = re.compile(
    r"assembly|council|conference|commission|committee|board|meeting of|states parties|contracting parties"
    r"|assemblée|conseil|conférence|comité|états parties|parties contractantes"
    r"|asamblea|consejo|conferencia|comisión|junta|estados partes|partes contratantes"
    r"|ассамблея|совет|конференция|комиссия|комитет|правление"
    r"|государства\W{1,3}участник|договаривающиеся стороны"
    r"|الجمعية|مجلس|المؤتمر|مؤتمر|اللجنة|لجنة|الهيئة|الدول الأطراف|الأطراف المتعاقدة"
    r"|大会|理事会|理事會|大會|会议|會議|委员会|委員會|缔约|締約",
    re.IGNORECASE,
)
_LINE_OF_HEAD = re.compile(
    r"^(?:"
    r"united nations|nations unies|naciones unidas|организация объединенных наций|объединенные нации"
    r"|الأمم المتحدة|联合国|聯合國"
    r"|general assembly|assemblée générale|asamblea general|генеральная ассамблея|الجمعية العامة|大会"
    r"|(?:the )?security council|conseil de sécurité|consejo de seguridad|совет безопасности"
    r"|مجلس الأمن|安全理事会"
    r"|(?:economic and social|human rights) council"
    r"|conseil (?:économique et social|des droits de l.homme)"
    r"|consejo (?:económico y social|de derechos humanos)"
    r"|экономический и социальный совет|совет по правам человека"
    r"|المجلس الاقتصادي والاجتماعي|مجلس حقوق الإنسان|经济及社会理事会|人权理事会"
    r"|(?:general|limited|restricted|générale?|limitée|limitada|reservada|общее|ограниченное)"
    r"|(?:عام|محدود|普遍|有限|限制)"
    r")[*¹]?$"
    r"|^(?:distr|original|origin|оригинал|الأصل|توزيع|原文|分发|分發)\b"
    r"|^(?:agenda items?|items? \d|points? \d|tema \d|temas \d|пункты? \d)"
    r"|^(?:البند|البنود|议程项目|議程項目|临时议程|臨時議程|项目 ?\d)"
    r"|^[-\w\s’']{4,60}(?:\bsession|\bmeeting|\bséance|período de sesiones|\bсессия|\bзаседание)[*¹]?$"
    r"|^(?:الدورة|الجلسة)\s|^第?[\w\s]{1,12}(?:届|屆)(?:会议|會議|会期)"
    r"|^第?[\w\s]{1,12}次(?:会议|全体会议)$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)\d{1,2}(?:er|º)?(?: de)? [^\W\d][\w/\u0600-\u06ff]{2,24}(?: de)? (?:1[89]|20)\d\d(?!\d)"
    r"|(?:1[89]|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
)
_PREAMBLE = re.compile(
    r"\s*(?:preamble|préambule|preámbulo|преамбула|(?:ال)?ديباجة|序言|前言)[\s*]*$", re.IGNORECASE
)
_ANNEX = re.compile(
    r"\s*(?:annexe?|anexo|приложение|المرفق|مرفق|附件|附录|附錄"
    r"|appendi(?:x|ce)|apéndice|добавление|التذييل)[\s*¹²³]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a document.

    Attributes:
        masthead: indices of the masthead lines.
        title: index of the title; None if there is none.
    """

    masthead: frozenset[int] = frozenset()
    title: int | None = None

    @property
    def lines(self) -> frozenset[int]:
        """The indices of masthead and title."""
        return self.masthead if self.title is None else self.masthead | {self.title}


def enacting_lines(paragraphs: Sequence[Paragraph]) -> list[int]:
    """Return the indices of the lines that open a preamble ("The General Assembly,"), one for each resolution.

    Args:
        paragraphs: the body, in reading order.

    Returns:
        The indices in ascending order; empty if the document contains no resolution.
    """
    return [index for index in range(len(paragraphs)) if _opens_preamble(paragraphs, index)]


def _opens_preamble(paragraphs: Sequence[Paragraph], index: int) -> bool:
    text = paragraphs[index].text
    if final_character(text) not in _COMMAS or width(text) > _ENACTING_WIDTH or parse_number(text):
        return False
    if index + 1 >= len(paragraphs) or len(text.split(",")) > 2 or starts_lowercase(text):
        return False
    # Inside a preamble the previous line ends like a clause; before a preamble it is a title.
    if index and final_character(paragraphs[index - 1].text) in _COMMAS | set(";；؛"):
        return False
    following = paragraphs[index + 1 : index + 4]
    clauses = sum(final_character(paragraph.text) in _COMMAS for paragraph in following)
    if clauses >= 2:
        return True
    return bool(_BODIES.search(text)) and (clauses >= 1 or _begins_clauses(following[0].text))


def _begins_clauses(text: str) -> bool:
    number = parse_number(text)
    return not ends_sentence(text) or (number is not None and number.ordinal == 1)


def find_head(paragraphs: Sequence[Paragraph], enacting: Sequence[int]) -> Head:
    """Find the masthead and title.

    Args:
        paragraphs: the body, in reading order.
        enacting: the result of enacting_lines for it.

    Returns:
        The head; empty if the document has neither.
    """
    titles = [index for index, paragraph in enumerate(paragraphs) if paragraph.kind is BlockKind.TITLE]
    if titles:
        return Head(frozenset(_masthead_before(paragraphs, titles[0], bool(enacting))), titles[0])
    lines = _head_lines(paragraphs)
    if enacting and enacting[0] <= lines:
        title = _title_before(paragraphs, enacting[0])
        preambles = {index for index in range(enacting[0]) if _PREAMBLE.match(paragraphs[index].text)}
        return Head(frozenset(range(enacting[0])) - {title} - preambles, title)
    end = max((index + 1 for index in range(lines) if _belongs_to_head(paragraphs[index].text)), default=0)
    title = _first_title(paragraphs, end, lines)
    return Head(frozenset(range(end)), title)


def _masthead_before(paragraphs: Sequence[Paragraph], title: int, resolution: bool) -> list[int]:
    if title > _HEAD_LINES:
        return []
    return [
        index
        for index in range(title)
        if paragraphs[index].kind in (None, BlockKind.PLAIN, BlockKind.MASTHEAD)
        and (resolution or not ends_sentence(paragraphs[index].text))
    ]


def _head_lines(paragraphs: Sequence[Paragraph]) -> int:
    """Count the short lines before the first paragraph of running text."""
    for index, paragraph in enumerate(paragraphs[: _HEAD_LINES + 1]):
        text = paragraph.text
        bracketed = text.lstrip()[:1] in "[(［（"
        running = ends_clause(text) and not bracketed and final_character(text) not in {":", "："}
        if width(text) > 2 * _SHORT_LINE or (running and not _belongs_to_head(text)):
            return index
    return min(len(paragraphs), _HEAD_LINES)


def _title_before(paragraphs: Sequence[Paragraph], enacting: int) -> int | None:
    """Return the index of the last line before a preamble outside the masthead, or else simply of the last."""
    for index in range(enacting - 1, max(enacting - 4, -1), -1):
        text = paragraphs[index].text
        # "Adopted by the Security Council at its 12th meeting, on 3 March 2031" comes after the title.
        adopted = _DATE.search(text) and any(map(str.isdecimal, _DATE.sub("", text)))
        if not (_belongs_to_head(text) or adopted or _PREAMBLE.match(text) or text.lstrip()[:1] in "[(［（"):
            return index
    return enacting - 1 if enacting else None


def _first_title(paragraphs: Sequence[Paragraph], start: int, lines: int) -> int | None:
    if start >= lines or lines >= len(paragraphs):
        return None
    paragraph = paragraphs[start]
    if paragraph.kind is BlockKind.HEADING:
        single = sum(p.kind is BlockKind.HEADING and p.level == 1 for p in paragraphs) == 1
        return start if start > 0 or (paragraph.level == 1 and single) else None
    number = parse_number(paragraph.text)
    titled = paragraph.kind is None and not number and width(paragraph.text) <= _SHORT_LINE
    return (
        start if titled and not ends_clause(paragraph.text) and not starts_lowercase(paragraph.text) else None
    )


def _belongs_to_head(text: str) -> bool:
    line = text.strip()
    if width(line) > _SHORT_LINE or parse_number(line):
        return False
    rest = _DATE.sub("", SYMBOL.sub("", line)).strip(" *()[]")
    return bool(_LINE_OF_HEAD.search(line)) or not any(letter.isalnum() for letter in rest)


def is_annex(text: str) -> bool:
    """Whether a line is the heading of an annex, numbered or not."""
    number = parse_number(text)
    return bool(_ANNEX.match(text)) or (
        number is not None and number.style is NumberStyle.ANNEX and not ends_clause(text)
    )


def own_symbol(paragraphs: Sequence[Paragraph], furniture: Sequence[str]) -> str | None:
    """Return the symbol in the masthead or page headers, which is the document's own; symbols in the text are cited.

    Args:
        paragraphs: the lines of the masthead.
        furniture: the texts removed as page furniture.

    Returns:
        The symbol, or None.
    """
    lines = [paragraph.text for paragraph in paragraphs if width(paragraph.text) <= _SHORT_LINE]
    return next((symbol for line in [*lines, *furniture] if (symbol := find_symbol(line))), None)
