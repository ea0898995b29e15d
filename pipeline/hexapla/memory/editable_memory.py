"""The editing part of a translation memory: what a person decides on units, and the right to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from hexapla.errors import EditConflict
from hexapla.memory.readable_memory import ReadableMemory
from hexapla.memory.selection import Selection, conditional
from hexapla.rows import Level
from hexapla.unit_records import shown
from hexapla.units import Change, Status, Unit, account, tag_of, with_status, with_text
from hexapla_corpora.languages import normalise_tag

if TYPE_CHECKING:
    from hexapla.memory.storage.log import Log

_NAMED_UNITS = 20  # units of a decision that the history names


class EditableMemory(ReadableMemory):
    """A memory whose units people correct, review and delete."""

    def edit(
        self,
        unit: str,
        language: str,
        text: str,
        *,
        seen: int | None = None,
        everywhere: bool = False,
        author: str | None = None,
    ) -> Unit:
        """Correct a text, or add one in a further language.

        A sentence and the paragraph that holds it are one text: the new wording is put into the other one too.

        Args:
            unit: identifier of the unit, or at least 6 of its first characters.
            language: tag of the language.
            text: the right text.
            seen: number of the memory version that the person saw, to refuse the edit if the text was changed since.
            everywhere: whether to correct all other units that have the same text, and one of its translations.
            author: who corrects it; the name of the account if None.

        Returns:
            The unit as it is now.

        Raises:
            InputError: the text is empty.
            UnknownUnit: there is no such unit, or several; nothing was changed.
            EditConflict: the text was changed since `seen`; nothing was changed.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.edit("0123456789abcdef", "fr", "Décide de rester saisi de la question.")
        """
        tag = normalise_tag(language)
        chosen: list[Unit] = []

        def choose(log: Log) -> list[Unit]:
            chosen.append(log.unit(unit))
            own = tag_of(chosen[0], tag) or tag
            if seen is not None:
                self._check_unchanged(chosen[0], own, seen)
            same = self.identical_pairs(chosen[0].id, tag) if everywhere else []
            now = log.units_named([each.id for each in same])
            return [*chosen, *(each for each in now if each.texts.get(own) == chosen[0].texts.get(own))]

        changes = self._decide(choose, partial(with_text, language=tag, text=text), "edit", author)
        return next((each.after for each in changes if each.id == chosen[0].id and each.after), chosen[0])

    def edit_many(self, edits: Iterable[tuple[str, str, str]], *, author: str | None = None) -> list[Unit]:
        """Correct the texts of many units in one version: all of them, or none; see `edit`.

        Args:
            edits: identifier of the unit, tag of the language and right text of each correction.
            author: who corrects them; the name of the account if None.

        Returns:
            The units as they are now, each once.

        Raises:
            InputError: a text is empty; the message names the unit.
            UnknownUnit: there is no such unit, or several.
            UnwritableMemory: the folder is read-only or the disk is full.

        Example:
            memory.edit_many([("0123456789abcdef", "fr", "Décide"), ("fedcba9876543210", "fr", "Prie")])
        """
        wanted = [(id, normalise_tag(language), text) for id, language, text in edits]
        units: dict[str, Unit] = {}
        texts: dict[str, dict[str, str]] = {}

        def choose(log: Log) -> Iterable[Unit]:
            found = log.units_named([id for id, _, _ in wanted])
            for unit, (_, tag, text) in zip(found, wanted, strict=True):
                units[unit.id] = unit
                texts.setdefault(unit.id, {})[tag] = text
            return units.values()

        def correct(unit: Unit) -> Unit:
            return reduce(lambda each, item: with_text(each, *item), texts[unit.id].items(), unit)

        changes = self._decide(choose, correct, "edit", author)
        now = {each.id: each.after for each in changes if each.after}
        return [now.get(id, unit) for id, unit in units.items()]

    def identical_pairs(self, unit: str, language: str) -> list[Unit]:
        """Find the units elsewhere that have the text of a unit in a language, and one of its translations.

        Args:
            unit: identifier of the unit, or at least 6 of its first characters.
            language: tag of the language.

        Returns:
            The other units; none if the unit has no text in the language. Rejected ones are left out.

        Raises:
            UnknownUnit: there is no such unit, or several.

        Example:
            len(memory.identical_pairs("0123456789abcdef", "fr"))
        """
        from hexapla.memory.search.indexed_fragment import identical_pairs

        found = self.unit(unit)
        tag = tag_of(found, normalise_tag(language))
        return list(identical_pairs(self.snapshot, found, tag)) if tag else []

    def review(
        self,
        units: str | Sequence[str],
        status: Status,
        *,
        selection: Selection | None = None,
        dry_run: bool = False,
        author: str | None = None,
    ) -> list[Unit]:
        """Approve or reject units, in one version; see `edit`.

        Args:
            units: identifiers of one or several units, or at least 6 of their first characters.
            status: approved or rejected.
            selection: further units.
            dry_run: change nothing.
            author: who decides; the name of the account if None.

        Returns:
            The units as they are then.

        Example:
            memory.review("0123456789abcdef", hexapla.Status.APPROVED)
        """
        chosen: list[Unit] = []

        def choose(log: Log) -> list[Unit]:
            chosen.extend(self._chosen(log, units, selection))
            return chosen

        decide = partial(with_status, status=Status(status))
        changes = self._decide(choose, decide, "review", author, dry_run=dry_run)
        after = {change.id: change.after for change in changes if change.after}
        return [after.get(unit.id, unit) for unit in chosen]

    def delete(
        self,
        units: str | Sequence[str] = (),
        *,
        where: Sequence[str] = (),
        dry_run: bool = False,
        author: str | None = None,
    ) -> list[Change]:
        """Delete units, in one version.

        A deleted unit can come back with its file or with a changed version of its document; a rejected one cannot.

        Args:
            units: identifiers, or at least 6 of their first characters.
            where: conditions that must all hold for further units, such as "document=A/79/L.92".
            dry_run: change nothing.
            author: who deletes them; the name of the account if None.

        Returns:
            The deleted units, as changes without a unit after.

        Raises:
            UnknownUnit: an identifier fits no unit, or several; nothing was changed.
            InvalidCondition: a condition cannot be read.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.delete(where=["document=draft"], dry_run=True)
        """
        selection = conditional(where)
        return self._decide(
            lambda log: self._chosen(log, units, selection),
            lambda unit: None,
            "delete",
            author,
            dry_run=dry_run,
        )

    def replace(
        self,
        find: str,
        replacement: str,
        *,
        language: str,
        whole_words: bool = False,
        where: Sequence[str] = (),
        dry_run: bool = False,
        author: str | None = None,
    ) -> list[Change]:
        """Replace words in the texts of a language, in one version.

        Args:
            find: the words, exactly as they are written.
            replacement: what is written in their place.
            language: tag of the language; units in its regional varieties are not changed.
            whole_words: whether to leave out words that are part of longer ones.
            where: conditions that must all hold for the units.
            dry_run: change nothing.
            author: who changes them; the name of the account if None.

        Returns:
            The changed units, before and after.

        Raises:
            InputError: there are no words to find, or a text would become empty; nothing was changed.
            InvalidCondition: a condition cannot be read.
            UnwritableMemory: the folder is read-only or the disk is full; nothing was committed.

        Example:
            memory.replace("marégraphe", "marémètre", language="fr", dry_run=True)
        """
        from hexapla.memory.additions.decisions import replacing

        selection = Selection.of(where, frozenset(Level))
        return self._decide(
            lambda log: self._chosen(log, (), selection),
            replacing(find, replacement, normalise_tag(language), whole_words),
            "replace",
            author,
            dry_run=dry_run,
        )

    def _decide(
        self,
        choose: Callable[[Log], Iterable[Unit]],
        decide: Callable[[Unit], Unit | None],
        operation: str,
        author: str | None,
        *,
        dry_run: bool = False,
    ) -> list[Change]:
        """Make a decision on units, and commit what it changes in one version."""
        from hexapla.memory.additions.decisions import decided, removed_rows
        from hexapla.memory.additions.document_addition import keep_texts
        from hexapla.unit_table import frame_of

        author = author or account()
        if dry_run:
            return decided(self._log, choose(self._log), decide, author)
        with self._writing() as log:
            changes = decided(log, choose(log), decide, author)
            if changes:
                changed = [change.after for change in changes if change.after]
                keep_texts(self._folder, changed)
                info = self._info(operation, _counts(changes), **_named(changes)) | {"author": author}
                self._folder.commit(log.state, frame_of(changed), removed_rows(log, changes), info)
        return changes

    def _chosen(self, log: Log, ids: str | Sequence[str], selection: Selection | None) -> list[Unit]:
        """Return units by their identifiers, and those of a selection, each once."""
        named = dict.fromkeys([ids] if isinstance(ids, str) else ids)
        units = {unit.id: unit for unit in log.units_named(list(named))}
        if selection is not None:
            units |= {unit.id: unit for unit in selection.units(log)}
        return list(units.values())

    def _check_unchanged(self, unit: Unit, language: str, seen: int) -> None:
        """Refuse an edit of a text that was changed since the version that the person saw."""
        from hexapla.memory.storage.log import Log

        before = Log(self._folder.units.state(seen)).unit(unit.id).texts.get(language)
        now = unit.texts.get(language)
        if before != now:
            raise EditConflict(
                f"unit {unit.id}: the text in {language} was {shown(before)} in version {seen}, and is {shown(now)} "
                f"now, by {unit.author or 'an unknown author'}; nothing was changed: edit the text as it is now."
            )

    @contextmanager
    def _writing(self) -> Iterator[Log]:
        """Lock the memory, give its newest log, and show what was written afterwards."""
        self._check_newest()
        with self._folder.writing():
            from hexapla.memory.storage.log import Log

            yield Log(self._folder.units.state())
        self._show(self._folder, self._folder.units.state())

    @staticmethod
    def _info(
        operation: str, counts: Mapping[str, int] | None = None, **parameters: object
    ) -> dict[str, Any]:
        """Describe a commit for the history."""
        return {"operation": operation, "author": account(), "counts": counts or {}, "parameters": parameters}


def _counts(changes: Sequence[Change]) -> dict[str, int]:
    removed = sum(change.after is None for change in changes)
    return {"updated": len(changes) - removed} | ({"removed": removed} if removed else {})


def _named(changes: Sequence[Change]) -> dict[str, Any]:
    """Name the units of a decision for the history, unless there are many."""
    ids = [change.id for change in changes]
    if len(ids) == 1:
        return {"unit": ids[0]}
    return {"units": ids} if len(ids) <= _NAMED_UNITS else {}
