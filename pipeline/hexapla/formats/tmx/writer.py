"""Writer of TMX: any number of units, one after the other, as the profile of a tool requires."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from hexapla import __version__
from hexapla.errors import OutputError
from hexapla.formats.io.first_seen import FirstSeen
from hexapla.formats.protocols import UnitProblem, WriteOptions, Written
from hexapla.formats.tmx.elements import Header, open_tmx
from hexapla.formats.tmx.profiles import PROFILES, Profile
from hexapla.formats.tmx.serialiser import TextIn, UnitSerialiser, UnsupportedUnit, text_in
from hexapla.formats.unit_selection import pair_of
from hexapla.rows import Level
from hexapla.units import Unit

_NO_UNITS = Unit("", (), level=Level.SENTENCE.value)  # replaces the first unit of an empty file
_SOURCE = "en"  # source language of an empty file


@dataclass(frozen=True, slots=True)
class UnitInContext:
    """A unit with the texts around it.

    Attributes:
        unit: the unit.
        before: returns the text before it in a language, or None.
        after: returns the text after it in a language, or None.
    """

    unit: Unit
    before: TextIn
    after: TextIn


def write_units(units: Iterable[Unit], path: Path, options: WriteOptions) -> Written:
    """Write units; see `hexapla.formats.protocols.UnitWriter`."""
    profile = _profile(options.profile, path)
    if profile.bilingual:
        pair_of(options.languages, path)
    units = iter(units)
    first = next(units, None)
    source = next(iter((*options.languages, *(first or _NO_UNITS).languages)), _SOURCE)
    segtype = profile.segtype or (first or _NO_UNITS).level
    title = {"x-hexapla-memory": options.title}
    header = Header(__version__, segtype, source, options.created, title)
    every = _with_neighbours(chain([first] if first else [], units))
    return write_in_context(every, path, profile, header, options.languages)


def write_in_context(
    units: Iterable[UnitInContext], path: Path, profile: Profile, header: Header, languages: Sequence[str]
) -> Written:
    """Write units together with their contexts.

    Args:
        units: the units, in the order in which they are written.
        path: the output, .tmx or .tmx.gz.
        profile: profile of the tool that will read the file.
        header: the header; its source is a language tag, not yet a code of the tool.
        languages: tags to write; empty for all languages of a unit.

    Returns:
        What was written.

    Raises:
        OutputError: the output cannot be written.
    """
    left_out: list[UnitProblem] = []
    count = 0
    with (
        open_tmx(path, replace(header, source=profile.code(header.source))) as tmx,
        FirstSeen() as first_seen,
    ):
        serialiser = UnitSerialiser(profile, header.segtype, header.source, languages, first_seen)
        for each in units:
            written = False
            try:
                for element in serialiser.elements(each.unit, each.before, each.after):
                    tmx.write(element)
                    written = True
            except UnsupportedUnit as reason:
                left_out.append(UnitProblem(path, None, each.unit.id, str(reason)))
            count += written
    return Written(count, tuple(left_out))


def _profile(name: str, path: Path) -> Profile:
    if name not in PROFILES:
        raise OutputError(f"{path}: there is no profile {name!r}; choose one of {', '.join(PROFILES)}")
    return PROFILES[name]


def _with_neighbours(units: Iterable[Unit]) -> Iterator[UnitInContext]:
    """Yield each unit with its neighbours in the same document and level."""
    before: Unit | None = None
    unit: Unit | None = None
    for after in chain(units, [None]):
        if unit:
            following = after if after and _together(unit, after) else None
            yield UnitInContext(unit, partial(text_in, before), partial(text_in, following))
        before = unit if unit and after and _together(unit, after) else None
        unit = after


def _together(one: Unit, other: Unit) -> bool:
    return (one.document, one.level) == (other.document, other.level)
