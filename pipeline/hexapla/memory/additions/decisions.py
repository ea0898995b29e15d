"""Decisions of people on units: what they change, in the units and in others of the same passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import polars as pl

from hexapla.errors import InputError
from hexapla.memory.additions.carried_edits import carried_edits
from hexapla.memory.additions.document_addition import stamped
from hexapla.memory.storage.log import Log
from hexapla.unit_records import RECORD
from hexapla.units import Change, Unit, tag_of, with_earlier_texts, with_text
from hexapla_corpora.languages import spaced

Decide = Callable[[Unit], Unit | None]
"""What becomes of a unit: the same object if nothing changes, None if it is deleted."""


def decided(log: Log, units: Iterable[Unit], decide: Decide, author: str | None) -> list[Change]:
    """Find what a decision changes.

    Args:
        log: log of the newest version.
        units: the units on which a person decides.
        decide: the decision.
        author: who decides.

    Returns:
        The units that change or are deleted, and other units of their passages that change with them.
    """
    pairs = [(unit, decide(unit)) for unit in units]
    changed = [(before, after) for before, after in pairs if after is not None and after is not before]
    authored = [replace(with_earlier_texts(after, before), author=author) for before, after in changed]
    edits = list(zip((before for before, _ in changed), stamped(authored), strict=True))
    changes = [Change(before, after) for before, after in (*edits, *carried_edits(edits, log))]
    return changes + [Change(unit, None) for unit, after in pairs if after is None]


def replacing(find: str, replacement: str, language: str, whole_words: bool) -> Callable[[Unit], Unit]:
    """Return the decision that replaces words in a unit.

    Args:
        find: the words, exactly as they are written.
        replacement: what is written in their place.
        language: tag of the texts.
        whole_words: whether to leave out words that are part of longer ones; languages without spaces between words
            have no such words.

    Returns:
        A function of a unit that returns it with the words replaced, or the same object if it does not have them.

    Raises:
        InputError: there are no words to find.
    """
    if not find.strip():
        raise InputError("there is nothing to find: give at least one character.")
    pattern = re.escape(find)
    if whole_words and spaced(language):
        pattern = rf"(?<!\w){pattern}(?!\w)"
    words = re.compile(pattern)

    def replaced(unit: Unit) -> Unit:
        tag = tag_of(unit, language)
        if tag is None or not words.search(unit.texts[tag]):
            return unit
        return with_text(unit, tag, words.sub(lambda _: replacement, unit.texts[tag]))

    return replaced


def removed_rows(log: Log, changes: Sequence[Change]) -> list[str]:
    """Return the identifiers of deleted units, and of the records of documents that lose all their units with them.

    Without its record, a document that is added again is a new one.

    Args:
        log: log of the newest version.
        changes: what a decision changes.

    Returns:
        Identifiers of rows of the log.
    """
    deleted = {change.id: change.before for change in changes if change.after is None and change.before}
    if not deleted:
        return []
    documents = {unit.document for unit in deleted.values()}
    rows = log.of_ids(log.ids_of_documents(documents))
    records = []
    for document in documents:
        mine = rows.filter(pl.col("document") == document)
        units = mine.filter(pl.col("level") != RECORD)["id"]
        if deleted.keys() >= set(units):
            records += mine.filter(pl.col("level") == RECORD)["id"].to_list()
    return [*deleted, *records]
