"""Units out as TMX, as the profile of a tool wants them; one after the other, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from hexapla import __version__
from hexapla.errors import OutputError
from hexapla.exchange.earlier import Earlier
from hexapla.exchange.profiles import PROFILES, Profile
from hexapla.exchange.tmx_elements import Header, open_tmx
from hexapla.exchange.unit_formats import Exported, ExportOptions, Finding
from hexapla.exchange.units.selecting import pair_of
from hexapla.exchange.units.tmx_shaping import NotTaken, Shaping
from hexapla.memory.storage.units import Unit
from hexapla.rows import Level

_NO_UNITS = Unit("", (), level=Level.SENTENCE.value)  # stands for the first one of a file without any
_SOURCE = "en"  # of such a file


def write_units(units: Iterable[Unit], path: Path, options: ExportOptions) -> Exported:
    """Write units; see `hexapla.exchange.unit_formats.Writer`."""
    profile = _profile(options.profile, path)
    if profile.bilingual:
        pair_of(options.languages, path)
    units = iter(units)
    first = next(units, None)
    source = next(iter((*options.languages, *(first or _NO_UNITS).languages)), _SOURCE)
    segtype = profile.segtype or (first or _NO_UNITS).level
    title = {"x-hexapla-memory": options.title}
    header = Header(__version__, segtype, profile.code(source), options.created, title)
    left_out: list[Finding] = []
    count = 0
    with open_tmx(path, header) as tmx, Earlier() as earlier:
        shaping = Shaping(profile, segtype, source, options.languages, earlier)
        for before, unit, behind in _with_neighbours(chain([first] if first else [], units)):
            written = False
            try:
                for element in shaping.elements(unit, before, behind):
                    tmx.write(element)
                    written = True
            except NotTaken as reason:
                left_out.append(Finding(path, None, unit.id, str(reason)))
            count += written
    return Exported(count, tuple(left_out))


def _profile(name: str, path: Path) -> Profile:
    if name not in PROFILES:
        raise OutputError(f"{path}: there is no profile {name!r}; choose one of {', '.join(PROFILES)}")
    return PROFILES[name]


def _with_neighbours(units: Iterable[Unit]) -> Iterator[tuple[Unit | None, Unit, Unit | None]]:
    """Each unit between those before and behind it in its document and level."""
    before: Unit | None = None
    unit: Unit | None = None
    for behind in chain(units, [None]):
        if unit:
            yield before, unit, behind if behind and _together(unit, behind) else None
        before = unit if unit and behind and _together(unit, behind) else None
        unit = behind


def _together(one: Unit, other: Unit) -> bool:
    return (one.document, one.level) == (other.document, other.level)
