"""The export of units to files, in the order of their documents."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

from hexapla.errors import OutputError
from hexapla.formats.io.output import check_output, output_suffix
from hexapla.formats.protocols import WriteOptions, Written
from hexapla.formats.registry import UNIT_SUFFIXES, unit_writer
from hexapla.formats.unit_selection import pair_among
from hexapla.memory.index.snapshot import Fragment, Snapshot, order_of
from hexapla.memory.readable_memory import ReadableMemory, answered
from hexapla.memory.selection import Selection
from hexapla.memory.view import View
from hexapla.progress import Progress, quiet
from hexapla.rows import Level
from hexapla.units import Unit
from hexapla_corpora.languages import nearest_first, same_language

PAIR = "{pair}"
"""The part of an output's name that is replaced by its pair of languages."""
_REPORT_EVERY = 1000  # units between two calls of the progress callback

Pair = tuple[str, str]


def export(
    memory: ReadableMemory,
    path: Path,
    *,
    pairs: Sequence[Pair] = (),
    selection: Selection = Selection(),
    profile: str = "generic",
    once: bool = False,
    progress: Progress = quiet,
) -> dict[Path, Written]:
    """Write units of a memory to a file, or to one for each pair of languages.

    Args:
        memory: the version that it shows is written; the same version gives the same bytes.
        path: the output, whose suffix determines the format; `{pair}` in its name is replaced by the languages of the
            file.
        pairs: source and target of each file; none for one file of all languages. Of each unit the nearest varieties of
            the two languages are written, under the tags of the pair.
        selection: which units.
        profile: tool that a TMX file is for.
        once: whether to leave out paragraphs that are there as sentences.
        progress: progress callback.

    Returns:
        What was done, by output.

    Raises:
        OutputError: an output cannot be written.
        MissingLanguage: the memory has no text in a language of a pair or of a condition.
    """
    memory = memory.view()
    selection.check(memory.snapshot.languages)
    outputs = answered(memory, lambda view: _outputs(view.snapshot(), path, pairs))
    for output in outputs:
        check_output(output, UNIT_SUFFIXES)
    created = next((each.time for each in memory.history() if each.version == memory.version), None)
    title = f"{memory.path.name} version {memory.version}"
    done = {}
    for output, languages in outputs.items():
        options = WriteOptions(languages, profile, title, created)
        pair = (languages[0], languages[1]) if pairs else None
        done[output] = answered(
            memory,
            partial(
                _written,
                output=output,
                options=options,
                pair=pair,
                selection=selection,
                once=once,
                progress=progress,
            ),
        )
    return done


def _written(
    view: View,
    output: Path,
    options: WriteOptions,
    pair: Pair | None,
    selection: Selection,
    once: bool,
    progress: Progress,
) -> Written:
    """Write the units of a version to an output."""
    snapshot = view.snapshot()
    chosen = _once(snapshot, selection) if once else _selected(snapshot, selection)
    units = _with_progress(chosen, len(snapshot), partial(progress, output.name))
    varieties: Counter[tuple[str, str]] = Counter()
    if pair:
        units = _in_pair(units, pair, varieties)
    written = unit_writer(output)(units, output, options)
    return replace(written, varieties=varieties)


def every_pair(memory: ReadableMemory) -> list[Pair]:
    """Return every two languages of a memory, in both directions."""
    return list(permutations(answered(memory, lambda view: _languages(view.snapshot())), 2))


def _outputs(snapshot: Snapshot, path: Path, pairs: Sequence[Pair]) -> dict[Path, Sequence[str]]:
    """Languages by output."""
    if not pairs and PAIR in path.name:
        raise OutputError(
            f"{path}: {PAIR} is replaced by two languages, but none are given: name a pair, or all pairs"
        )
    if not pairs:
        return {path: _languages(snapshot)}
    if len(pairs) > 1 and PAIR not in path.name:
        suffix = output_suffix(path, UNIT_SUFFIXES)
        raise OutputError(
            f"{path}: {len(pairs)} pairs need one file each: put {PAIR} in the name, as in memory.{PAIR}{suffix}"
        )
    return {path.with_name(path.name.replace(PAIR, "-".join(pair))): _known(snapshot, pair) for pair in pairs}


def _known(snapshot: Snapshot, pair: Pair) -> Pair:
    """Return a pair by the tags that the memory uses; a tag of which it has other varieties only stays as it is."""
    known = {tag.lower(): tag for tag in snapshot.languages}
    meant = [known.get(tag.lower(), tag) for tag in pair_among(pair, snapshot.languages)]
    for tag in meant:
        if not any(same_language(tag, each) for each in snapshot.languages):
            snapshot.known_language(tag)
    source, target = meant
    if source == target:
        raise OutputError(f"pair {'-'.join(pair)}: both languages are {source}: choose two different ones")
    return source, target


def _in_pair(units: Iterable[Unit], pair: Pair, varieties: Counter[tuple[str, str]]) -> Iterator[Unit]:
    """Yield the units that have both languages of a pair, under its tags; other tags that they had are counted."""
    chosen: dict[tuple[str, ...], Mapping[str, str]] = {}
    for unit in units:
        if unit.languages not in chosen:
            chosen[unit.languages] = _nearest(unit.languages, pair)
        tags = chosen[unit.languages]
        if len(tags) == len(pair):
            varieties.update((tag, name) for tag, name in tags.items() if tag != name)
            yield unit if tags.keys() == set(tags.values()) else replace(unit, **_renamed(unit, tags))


def _nearest(languages: Sequence[str], pair: Pair) -> Mapping[str, str]:
    """Return which languages of a unit are written, and the tag of the pair under which each of them is."""
    found = {tag: tag for tag in pair if tag in languages}
    for wanted in pair:
        varieties = [tag for tag in languages if tag not in pair and same_language(tag, wanted)]
        if wanted not in found.values() and varieties:
            found[nearest_first(varieties, wanted)[0]] = wanted
    return found


def _renamed(unit: Unit, tags: Mapping[str, str]) -> dict[str, Any]:
    """Return the variants and properties of a unit in some of its languages, under other tags."""
    variants = tuple(
        replace(each, language=tags[each.language]) for each in unit.variants if each.language in tags
    )
    kept = unit.properties.get("tuv", {})
    tuvs = {tags[tag]: value for tag, value in kept.items() if tag in tags}
    return {"variants": variants, "properties": {**unit.properties, "tuv": tuvs} if kept else unit.properties}


def _languages(snapshot: Snapshot) -> Sequence[str]:
    """Languages of a snapshot, those of its first unit first, which has them in the order in which they were given."""
    first = next(_in_order(snapshot), None)
    return list(dict.fromkeys((*(first.languages if first else ()), *snapshot.languages)))


def _selected(snapshot: Snapshot, selection: Selection) -> Iterator[Unit]:
    return (unit for unit in _in_order(snapshot) if selection.holds(unit))


def _once(snapshot: Snapshot, selection: Selection) -> Iterator[Unit]:
    """Yield the selected units without the paragraphs that are there as sentences."""
    sentences = (unit for unit in _selected(snapshot, selection) if unit.level == Level.SENTENCE)
    blocks = {
        (unit.document, variant.language, variant.block)
        for unit in sentences
        for variant in unit.variants
        if variant.block is not None
    }
    for unit in _selected(snapshot, selection):
        places = ((v.language, k) for v in unit.variants for k in v.segments)
        if unit.level != Level.PARAGRAPH or not any((unit.document, *place) in blocks for place in places):
            yield unit


def _in_order(snapshot: Snapshot) -> Iterator[Unit]:
    """The units by document, level and position, read when they are needed."""
    return heapq.merge(*map(_units, snapshot.fragments), key=order_of)


def _units(fragment: Fragment) -> Iterator[Unit]:
    return (fragment.unit(int(row)) for row in fragment.rows())


def _with_progress(units: Iterator[Unit], total: int, progress: partial[None]) -> Iterator[Unit]:
    """Yield the same units, and call the progress callback while they are read."""
    for count, unit in enumerate(units):
        if count % _REPORT_EVERY == 0:
            progress(count, total)
        yield unit
