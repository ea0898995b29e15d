"""The neighbourhoods of changed blocks, which are all that is aligned again in a later version of a document.

Passages that are unchanged in all languages and in the same order are anchors. The stretch between two anchors is
aligned again if a block of it changed, together with a passage on each side, since a missing passage may have been
merged into its neighbour.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from hexapla.memory.additions.document_record import RecordedVersion
from hexapla.units import Unit

REACH = 1  # passages aligned again on each side of a change
WHOLE = 0.5  # share of changed blocks above which the whole document is aligned again

Block = tuple[str, int]  # language tag and index
Window = Mapping[str, tuple[int, int]]  # blocks [start, end) of each language


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks that were aligned with each other, and the units made of them.

    Attributes:
        blocks: indices of the blocks in the new version of each language, ascending; removed blocks are left out.
        whole: whether all blocks are still there, and neighbours are still neighbours.
        units: units of all levels.
    """

    blocks: Mapping[str, tuple[int, ...]]
    whole: bool
    units: tuple[Unit, ...]

    @property
    def moved(self) -> bool:
        """Whether the passage is at another place in some language."""
        return any(unit.moved for unit in self.units)

    def positions(self, level: str) -> list[float]:
        """Return the positions of the units of a level."""
        return [unit.position for unit in self.units if unit.level == level]

    def located_blocks(self) -> Iterator[Block]:
        """Yield the blocks with their language tags."""
        for language, blocks in self.blocks.items():
            yield from ((language, block) for block in blocks)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A neighbourhood to align.

    Attributes:
        window: its blocks.
        before: unchanged passages before it, in order.
        after: unchanged passages after it, in order.
    """

    window: Window
    before: Sequence[Passage]
    after: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class RealignmentPlan:
    """What to align again, and which units that affects.

    Attributes:
        stretches: stretches to align, in order.
        replaced: units that new rows may continue.
        kept: units that stay as they are.
    """

    stretches: tuple[Stretch, ...]
    replaced: tuple[Unit, ...]
    kept: tuple[Unit, ...]


def unchanged_blocks(old: RecordedVersion, new: RecordedVersion) -> dict[int, int]:
    """Find the blocks that are the same in two versions.

    Args:
        old: the earlier version.
        new: the later version.

    Returns:
        Index in the new version by index in the old one, both ascending.
    """
    if old.bounds[-1] != len(old.sentences):
        return {}  # another release split it into sentences
    texts = [[block.text for block in version.document.blocks] for version in (old, new)]
    start = _common(*texts)
    end = _common(*([*reversed(each[start:])] for each in texts))
    middle = [each[start : len(each) - end] for each in texts]
    same = {i: i for i in range(start)}
    for block in SequenceMatcher(None, middle[0], middle[1], autojunk=False).get_matching_blocks():
        same |= {start + block.a + i: start + block.b + i for i in range(block.size)}
    return same | {len(texts[0]) - i: len(texts[1]) - i for i in range(end, 0, -1)}


def plan(
    units: Sequence[Unit],
    old: Mapping[str, RecordedVersion],
    new: Mapping[str, RecordedVersion],
    same: Mapping[str, Mapping[int, int]],
) -> RealignmentPlan | None:
    """Plan what to align again.

    Args:
        units: units of the document.
        old: earlier versions by language.
        new: later versions in the same languages.
        same: unchanged blocks of each language.

    Returns:
        The plan; None if so much changed that the whole document should be aligned again.
    """
    passages = list(_passages(units, old, same))
    level = min((unit.level for unit in units), default="")
    sizes = {language: len(version.document.blocks) for language, version in new.items()}
    touched = {
        (language, block)
        for language, size in sizes.items()
        for block in set(range(size)) - set(same[language].values())
    }
    dissolved: set[int] = set()
    while True:
        stays = [k for k, passage in enumerate(passages) if passage.whole and k not in dissolved]
        gone = [passage for k, passage in enumerate(passages) if k not in stays]
        changed = touched | {block for passage in gone for block in passage.located_blocks()}
        if len(changed) > WHOLE * sum(sizes.values()):
            return None
        anchors = _anchors([passages[k] for k in stays], level)
        stretches = list(_stretches(anchors, changed, sizes))
        inside = {block: k for k, stretch in enumerate(stretches) for block in _blocks(stretch.window)}
        places = {k: {inside.get(block) for block in passages[k].located_blocks()} for k in stays}
        split = {k for k, found in places.items() if len(found) > 1}
        if not split:
            absorbed = [passages[k] for k, found in places.items() if found != {None}]
            return _plan(stretches, [*gone, *absorbed], units)
        dissolved |= split


def _plan(
    stretches: Sequence[Stretch], passages: Iterable[Passage], units: Sequence[Unit]
) -> RealignmentPlan:
    replaced = {unit.id for passage in passages for unit in passage.units}
    return RealignmentPlan(
        tuple(stretches),
        tuple(unit for unit in units if unit.id in replaced),
        tuple(unit for unit in units if unit.id not in replaced),
    )


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the equal texts at the beginning."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _passages(
    units: Sequence[Unit], old: Mapping[str, RecordedVersion], same: Mapping[str, Mapping[int, int]]
) -> Iterator[Passage]:
    """Group units that share blocks; units without a place in the document are left out."""
    owner: dict[Block, int] = {}
    groups: dict[int, tuple[set[Block], list[Unit]]] = {}
    for number, unit in enumerate(units):
        blocks = set(_blocks_of(unit, old))
        joined = [groups.pop(k) for k in {owner[block] for block in blocks if block in owner}]
        if not blocks:
            continue
        group = blocks.union(*(other for other, _ in joined)), [*(u for _, us in joined for u in us), unit]
        groups[number] = group
        owner |= dict.fromkeys(group[0], number)
    for blocks, members in groups.values():
        by_language: defaultdict[str, list[int]] = defaultdict(list)
        for language, block in sorted(blocks):
            by_language[language].append(block)
        now = {tag: [same[tag].get(block) for block in each] for tag, each in by_language.items()}
        yield Passage(
            {tag: tuple(block for block in each if block is not None) for tag, each in now.items()},
            all(_follow(by_language[tag], each) for tag, each in now.items()),
            tuple(members),
        )


def _follow(before: Sequence[int], now: Sequence[int | None]) -> bool:
    """Return whether all blocks are there, and neighbours are still neighbours."""
    steps = zip(pairwise(before), pairwise(now), strict=True)
    return None not in now and all(
        (old[1] - old[0] == 1) <= ((new[1] or 0) - (new[0] or 0) == 1) for old, new in steps
    )


def _blocks_of(unit: Unit, old: Mapping[str, RecordedVersion]) -> Iterator[Block]:
    """Yield the blocks of the old version from which a unit was made."""
    for variant in unit.variants:
        if version := old.get(variant.language):
            blocks = version.blocks_of(unit.level, variant.segments)
            yield from ((variant.language, block) for block in blocks)


def _anchors(passages: Sequence[Passage], level: str) -> list[Passage]:
    """Return passages that are in the same order in all languages."""
    anchors: list[Passage] = []
    cursor: defaultdict[str, int] = defaultdict(int)
    placed = [(min(positions), k) for k, each in enumerate(passages) if (positions := each.positions(level))]
    for passage in (passages[k] for _, k in sorted(placed)):
        if not passage.moved and all(each[0] >= cursor[tag] for tag, each in passage.blocks.items()):
            anchors.append(passage)
            cursor |= {tag: each[-1] + 1 for tag, each in passage.blocks.items()}
    return anchors


def _stretches(
    anchors: Sequence[Passage], changed: set[Block], sizes: Mapping[str, int]
) -> Iterator[Stretch]:
    """Yield the neighbourhoods of the changed blocks; those that touch are merged."""
    lower, upper = _limits(anchors, sizes)
    starts = {tag: [limits[tag] for limits in lower] for tag in sizes}
    ends = {tag: [limits[tag] for limits in upper] for tag in sizes}
    dirty: set[int] = set()
    for tag, block in changed:
        dirty.update(range(bisect_right(ends[tag], block), bisect_right(starts[tag], block)))
    merged: list[tuple[int, int]] = []
    for gap in sorted(dirty):
        first, last = max(0, gap - REACH), min(len(anchors), gap + REACH)
        while merged and (
            first <= merged[-1][1] or any(lower[first][tag] < upper[merged[-1][1]][tag] for tag in sizes)
        ):
            first = merged.pop()[0]
        merged.append((first, last))
    for first, last in merged:
        window = {tag: (lower[first][tag], upper[last][tag]) for tag in sizes}
        yield Stretch(window, anchors[:first], anchors[last:])


def _limits(
    anchors: Sequence[Passage], sizes: Mapping[str, int]
) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """Return start and end, in each language, of the gap before each anchor and of the gap after the last one."""
    lower, upper = [dict.fromkeys(sizes, 0)], [dict(sizes)]
    for anchor in anchors:
        lower.append(lower[-1] | {tag: blocks[-1] + 1 for tag, blocks in anchor.blocks.items()})
    for anchor in reversed(anchors):
        upper.append(upper[-1] | {tag: blocks[0] for tag, blocks in anchor.blocks.items()})
    return lower, upper[::-1]


def _blocks(window: Window) -> Iterator[Block]:
    for language, (start, end) in window.items():
        yield from ((language, block) for block in range(start, end))
