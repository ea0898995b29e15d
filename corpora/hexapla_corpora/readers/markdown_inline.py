"""The plain text of Markdown's inline markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import defs
from markdown_it.token import Token

from hexapla_corpora.readers.typography import superscript, superscript_mark

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)[^<>]*>")
_KNOWN_TAGS = frozenset(defs.tags) | {"main", "picture", "slot", "template"}
# Superscripts as written by converters and pandoc: $^{1}$ and ^1^.
_RAISED = re.compile(r"\$\s*\{?\}?\^\s*\{?\s*(\d{1,3}|\*{1,3})\s*\}?\s*\$|\^(\d{1,3}|\*{1,3})\^")
# CommonMark does not close bold between a Chinese bracket or quote and a letter (spec 0.31, section 6.2).
_LEFT_BOLD = re.compile(r"\*\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*\*")


def plain_lines(children: Sequence[Token]) -> list[str]:
    """Convert an inline token to lines of plain text, without markup, link targets and pictures.

    Args:
        children: its tokens.

    Returns:
        The non-blank lines, with the line breaks of the source and superscripts in superscript characters.
    """
    parts: list[str] = []
    marks: list[bool] = []  # for each open *, whether it is a footnote mark of the word before it
    raised: list[int] = []  # for each open <sup>, where it begins in the parts
    for token in children:
        if token.type == "html_inline" and (tag := _TAG.fullmatch(token.content)) and tag[2].lower() == "sup":
            if not tag[1]:
                raised.append(len(parts))
            elif raised:
                begin = raised.pop()
                parts[begin:] = [superscript("".join(parts[begin:]))]
        elif token.type == "em_open":
            marks.append(token.markup == "*" and "".join(parts)[-1:].isalnum())
            parts.append("*" if marks[-1] else "")
        elif token.type == "em_close":
            parts.append("*" if marks.pop() else "")
        else:
            parts.append(_plain(token))
    text = _LEFT_BOLD.sub(r"\1", "".join(parts))
    text = _RAISED.sub(lambda match: superscript_mark(match[1] or match[2]), text)
    return [line for line in text.split("\n") if line.strip()]


def note_mark(label: str, identifier: int) -> str:
    """Return the printed mark of [^label]: a figure or sign as it is; for a word, the position of its first reference.

    Args:
        label: the text after the circumflex.
        identifier: position of the note among those referred to, from 0; -1 if there is no reference to it.

    Returns:
        The mark in superscript characters; "" for a word without a reference.
    """
    if re.fullmatch(r"\d{1,3}|\*{1,4}|[a-z]|[†‡]", label):
        return superscript_mark(label)
    return superscript_mark(str(identifier + 1)) if identifier >= 0 else ""


def _plain(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "footnote_ref":
        return note_mark(token.meta["label"], token.meta["id"])
    if token.type == "html_inline":
        return _plain_tag(token.content)
    return ""


def _plain_tag(source: str) -> str:
    """Return a line break for <br>, "" for other tags and comments, and <text> that is not a tag as text."""
    tag = _TAG.fullmatch(source)
    if tag is None:
        return ""
    if tag[2].lower() == "br":
        return "\n"
    return "" if tag[2].lower() in _KNOWN_TAGS else source


def escape_unknown_tags(source: str) -> str:
    """Escape any <text> in an HTML block that is not an HTML tag."""

    def escape(match: re.Match[str]) -> str:
        known = match[2].lower() in _KNOWN_TAGS
        return match[0] if known else match[0].replace("<", "&lt;").replace(">", "&gt;")

    if "-->" not in source:
        source = source.replace("<!--", "")  # an unclosed comment would swallow the document
    return _TAG.sub(escape, source)
