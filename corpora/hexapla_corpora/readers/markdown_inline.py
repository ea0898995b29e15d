"""The plain text of Markdown's inline markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import defs
from markdown_it.token import Token

from hexapla_corpora.readers.typography import superscript, superscript_mark

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)[^<>]*>")
_KNOWN_TAGS = frozenset(defs.tags) | {"main", "picture", "slot", "template"}
# Superscripts as converters and pandoc write them: $^{1}$, ^1^, and [^1] without a note.
_RAISED = re.compile(r"\$\s*\{?\}?\^\s*\{?\s*(\d{1,3}|\*{1,3})\s*\}?\s*\$|\^(\d{1,3}|\*{1,3})\^")
# CommonMark does not close bold behind a Chinese bracket or quote with a letter next to it (spec 0.31,
# section 6.2).
_LEFT_BOLD = re.compile(r"\*\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*\*")


def plain_lines(children: Sequence[Token]) -> list[str]:
    """Write an inline token as lines of plain text, without markup, link targets and pictures.

    Args:
        children: its tokens.

    Returns:
        The lines that are not blank, as they were broken in the source; superscripts in superscript
        characters.
    """
    parts: list[str] = []
    marks: list[bool] = []  # for each open *, whether it marks the word before it
    raised: list[int] = []  # where an open <sup> begins in the parts
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
    """Print [^label]: a figure or sign as it stands, for a word the number of the note's first mention.

    Args:
        label: what stands behind the circumflex.
        identifier: place of the note among those mentioned, from 0; -1 if it is not mentioned.

    Returns:
        The mark in superscript characters; "" for a word that is not mentioned.
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
    """Write <br> as a line break, other tags and comments as nothing, <text> that is no tag as text."""
    tag = _TAG.fullmatch(source)
    if tag is None:
        return ""
    if tag[2].lower() == "br":
        return "\n"
    return "" if tag[2].lower() in _KNOWN_TAGS else source


def escape_unknown_tags(source: str) -> str:
    """Escape <text> that is no tag of HTML in an HTML block."""

    def escape(match: re.Match[str]) -> str:
        known = match[2].lower() in _KNOWN_TAGS
        return match[0] if known else match[0].replace("<", "&lt;").replace(">", "&gt;")

    if "-->" not in source:
        source = source.replace("<!--", "")  # a comment that never ends would swallow the document
    return _TAG.sub(escape, source)
