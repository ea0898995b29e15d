"""Check that what people decided survives when a document is added again after changes."""

from __future__ import annotations

import random
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from _shared import print_table

from hexapla.inputs import Input
from hexapla.memory.memory import Memory
from hexapla.review.corrections import merged_into, with_segments
from hexapla.review.split_rows import split_unit, with_spans
from hexapla.text import joiner
from hexapla.units import Status, Unit, merge_target, with_text
from hexapla_corpora.document import Document
from hexapla_corpora.read import read_document
from hexapla_corpora.sample import sample_files
from hexapla_corpora.sentences import split_document

SHORTEST = 20  # characters of a text that is split
Texts = dict[str, list[str]]
COLUMNS = ("decided", "unchanged", "kept", "lost", "doubled", "reopened")


def main() -> None:
    """Decide, change and add again with each seed, and print how many decisions were kept, lost or doubled."""
    arguments = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--seeds", type=int, default=10, help="number of seeds (default: 10)")
    arguments.add_argument("--decisions", type=int, default=200, help="decisions of each seed (default: 200)")
    arguments.add_argument("--changes", type=int, default=20, help="changes of the document (default: 20)")
    options = arguments.parse_args()
    rows = []
    for seed in range(options.seeds):
        counts = measure(seed, options.decisions, options.changes)
        rows.append([str(seed), *(str(counts[name]) for name in COLUMNS)])
    print_table(
        ["seed", "decided units", "passage unchanged", "kept", "lost", "doubled", "to be reviewed again"],
        rows,
    )


def measure(seed: int, decisions: int, changes: int) -> Counter[str]:
    """Decide on units of the sample, change the sample, add it again, and count what became of the decisions.

    Args:
        seed: seed of the decisions and changes.
        decisions: number of decisions.
        changes: number of changed, inserted and removed paragraphs.

    Returns:
        Counts by the names in COLUMNS.
    """
    drawn = random.Random(seed)
    with TemporaryDirectory() as name:
        folder, texts = Path(name), _sample()
        memory = Memory.create(folder / "memory")
        inputs = _written(folder, texts)
        memory.add(inputs)
        blocks = _Blocks([read_document(each.path, each.language) for each in inputs])
        decided = {id for _ in range(decisions) for id in _decide(memory, drawn)}
        before = {unit.id: unit for unit in memory.snapshot}
        later, left = _changed(texts, drawn, changes)
        added = memory.add(_written(folder, later))
        after = {unit.id: unit for unit in memory.snapshot}
    unchanged = [before[id] for id in decided if blocks.are_whole(_passage(before[id], before), left)]
    kept = sum(_same(unit, after.get(unit.id)) for unit in unchanged)
    doubled = _doubled(after)
    return Counter(
        decided=len(decided),
        unchanged=len(unchanged),
        kept=kept,
        lost=len(unchanged) - kept,
        doubled=len(doubled),
        reopened=len(added.reopened),
    )


def _sample() -> Texts:
    """Return the blocks of the bundled sample by language."""
    documents = {tag: read_document(path, tag) for tag, path in sample_files().items()}
    return {tag: [block.text for block in document.blocks] for tag, document in documents.items()}


def _written(folder: Path, texts: Mapping[str, Sequence[str]]) -> list[Input]:
    inputs = []
    for tag, blocks in texts.items():
        path = folder / f"sample.{tag}.txt"
        path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
        inputs.append(Input(path, tag))
    return inputs


class _Blocks:
    """The blocks of units, in the first version of the document."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._of_sentences = {
            document.language: [sentence.block for sentence in split_document(document)]
            for document in documents
        }

    def are_whole(self, unit: Unit, left: Mapping[str, Sequence[int]]) -> bool:
        """Return whether the blocks of a unit are unchanged and still follow each other."""
        for variant in unit.variants:
            of_sentences = self._of_sentences[variant.language]
            wanted = sorted(
                {int(k) if unit.level == "paragraph" else of_sentences[int(k)] for k in variant.segments}
            )
            now = left[variant.language]
            start = now.index(wanted[0]) if wanted[0] in now else 0
            if now[start : start + len(wanted)] != wanted:
                return False
        return True


def _passage(unit: Unit, units: Mapping[str, Unit]) -> Unit:
    """Return the unit that has the whole passage of a decision: that into which it was merged, or itself."""
    while (target := merge_target(unit)) and target in units:
        unit = units[target]
    return unit


def _decide(memory: Memory, drawn: random.Random) -> list[str]:
    """Make a decision on a random unit; return the identifiers of the units that it is about."""
    unit = drawn.choice([unit for unit in memory.snapshot if unit.status is not Status.REJECTED])
    kind = drawn.choice(("edit", "approve", "reject", "merge", "split"))
    if kind == "merge":
        return _merge(memory, unit)
    if kind == "split":
        return _split(memory, unit)
    if kind == "edit":
        tag = drawn.choice(unit.languages)
        memory.edit(unit.id, tag, f"{unit.texts[tag]} [{drawn.randrange(1000)}]")
    else:
        memory.review(unit.id, Status.APPROVED if kind == "approve" else Status.REJECTED)
    return [unit.id]


def _merge(memory: Memory, unit: Unit) -> list[str]:
    """Merge a unit with the one that follows it, as a reviewed workbook does."""
    other = memory.snapshot.neighbours(unit)[1]
    if other is None or other.status is Status.REJECTED or other.languages != unit.languages:
        return []
    whole = unit
    for tag in unit.languages:
        whole = with_text(whole, tag, joiner(tag).join((unit.texts[tag], other.texts[tag])))
    memory.import_units([with_segments(whole, [unit, other]), merged_into(other, unit.id)], whole=True)
    return [unit.id, other.id]


def _split(memory: Memory, unit: Unit) -> list[str]:
    """Split a unit in the middle of each text, as a reviewed workbook does."""
    if any(len(text) < SHORTEST for text in unit.texts.values()):
        return []
    halves = {tag: (text[: len(text) // 2], text[len(text) // 2 :]) for tag, text in unit.texts.items()}
    parts: list[dict[str, str]] = [{tag: each[k] for tag, each in halves.items()} for k in (0, 1)]
    first = unit
    for tag, text in parts[0].items():
        first = with_text(first, tag, text)
    second = split_unit(unit, parts[1], unit.languages, 1)
    memory.import_units([with_spans(first, unit, parts, 0), with_spans(second, unit, parts, 1)], whole=True)
    return [unit.id, second.id]


def _changed(texts: Texts, drawn: random.Random, count: int) -> tuple[Texts, dict[str, list[int]]]:
    """Change, insert and remove paragraphs.

    Args:
        texts: blocks by language.
        drawn: source of the changes.
        count: number of changes, each in one language or in all.

    Returns:
        The texts; and the number that each block had before by language, -1 for a changed or new one.
    """
    later = {tag: [(k, text) for k, text in enumerate(blocks)] for tag, blocks in texts.items()}
    for number in range(count):
        tags = drawn.choice([list(texts), [drawn.choice(list(texts))]])
        place = drawn.randrange(8, min(map(len, texts.values())) - 4)
        kind = drawn.choice(("change", "insert", "remove"))
        for tag in tags:
            _, text = later[tag][min(place, len(later[tag]) - 1)]
            if kind == "change":
                later[tag][place] = (-1, f"{100 + number} {text}")
            elif kind == "insert":
                later[tag].insert(place, (-1, f"{100 + number} {texts[tag][place]}"))
            else:
                later[tag].pop(place)
    left = {tag: [k for k, _ in blocks] for tag, blocks in later.items()}
    return {tag: [text for _, text in blocks] for tag, blocks in later.items()}, left


def _same(before: Unit, after: Unit | None) -> bool:
    return after is not None and (after.texts, after.status) == (before.texts, before.status)


def _doubled(after: Mapping[str, Unit]) -> set[str]:
    """Return the unconfirmed units that share segments with a confirmed one."""
    confirmed = {
        (unit.level, variant.language, k)
        for unit in after.values()
        if unit.status in (Status.EDITED, Status.APPROVED)
        for variant in unit.variants
        for k in variant.segments
    }
    return {
        unit.id
        for unit in after.values()
        if unit.status is Status.ALIGNED
        for variant in unit.variants
        for k in variant.segments
        if (unit.level, variant.language, k) in confirmed
    }


if __name__ == "__main__":
    main()
