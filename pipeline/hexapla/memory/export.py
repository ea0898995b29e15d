"""The export of units to files, in the order of their documents."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import permutations
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.formats.io.output import check_output, output_suffix
from hexapla.formats.protocols import WriteOptions, Written
from hexapla.formats.registry import UNIT_SUFFIXES, unit_writer
from hexapla.formats.unit_selection import pair_among
from hexapla.memory.index.snapshot import Fragment, Snapshot, order_of
from hexapla.memory.readable_memory import ReadableMemory
from hexapla.memory.selection import Selection
from hexapla.progress import Progress, quiet
from hexapla.units import Unit

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
    progress: Progress = quiet,
) -> dict[Path, Written]:
    """Write units of a memory to a file, or to one for each pair of languages.

    Args:
        memory: the version that it shows is written; the same version gives the same bytes.
        path: the output, whose suffix determines the format; `{pair}` in its name is replaced by the languages of the
            file.
        pairs: source and target of each file; none for one file of all languages.
        selection: which units.
        profile: tool that a TMX file is for.
        progress: progress callback.

    Returns:
        What was done, by output.

    Raises:
        OutputError: an output cannot be written.
        MissingLanguage: the memory has no text in a language of a pair or of a condition.
    """
    selection.check(memory.snapshot.languages)
    outputs = _outputs(memory.snapshot, path, pairs)
    for output in outputs:
        check_output(output, UNIT_SUFFIXES)
    created = next((each.time for each in memory.history() if each.version == memory.version), None)
    title = f"{memory.path.name} version {memory.version}"
    done = {}
    for output, languages in outputs.items():
        units = _with_progress(
            _selected(memory.snapshot, selection), len(memory), partial(progress, output.name)
        )
        done[output] = unit_writer(path)(units, output, WriteOptions(languages, profile, title, created))
    return done


def every_pair(memory: ReadableMemory) -> list[Pair]:
    """Return every two languages of a memory, in both directions."""
    return list(permutations(_languages(memory.snapshot), 2))


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
    """Return a pair by the tags that the memory uses."""
    meant = pair_among(pair, snapshot.languages)
    source, target = (snapshot.known_language(tag) for tag in meant)
    if source == target:
        raise OutputError(f"pair {'-'.join(pair)}: both languages are {source}: choose two different ones")
    return source, target


def _languages(snapshot: Snapshot) -> Sequence[str]:
    """Languages of a snapshot, those of its first unit first, which has them in the order in which they were given."""
    first = next(_in_order(snapshot), None)
    return list(dict.fromkeys((*(first.languages if first else ()), *snapshot.languages)))


def _selected(snapshot: Snapshot, selection: Selection) -> Iterator[Unit]:
    return (unit for unit in _in_order(snapshot) if selection.holds(unit))


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
