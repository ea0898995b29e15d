"""Measure how many pairs of documents are refused: pairs that are versions of each other, and pairs that are not."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

from _development import Version
from _passages import Text, Unit, damaged, document_of, several_folders, version_of
from _shared import print_table

from hexapla.alignment.align import align_documents
from hexapla.errors import NotParallel
from hexapla_models.encoder import Encoder
from hexapla_models.registry import load_encoder

PAIRS = 200
SHORTEST = 5  # units in a document
TRUE = (
    "as it is",
    "5% dropped, 8% merged",
    "half missing",
    "annex in one",
    "5 to 10 passages",
    "sections swapped",
)
FALSE = ("other passages of the text", "another text")

Passages = Sequence[tuple[int, Unit]]
Pair = tuple[tuple[str, Version], tuple[str, Version]]


def main() -> None:
    """Make pairs of documents from the texts of --data and print how many are refused."""
    texts, pairs = several_folders(__doc__, PAIRS)
    encoder = load_encoder()
    table = []
    # the seeds keep the figures comparable with earlier ones
    for group, seed, names in (("versions", "versions", TRUE), ("not versions", "no versions", FALSE)):
        refused: Counter[str] = Counter()
        tried: Counter[str] = Counter()
        numbers = random.Random(seed)
        for _ in range(pairs):
            name, pair = _pair(names, texts, numbers)
            tried[name] += 1
            refused[name] += _refused(encoder, pair)
        table += [(group, name, tried[name], refused[name]) for name in names]
        table.append((group, "all", tried.total(), refused.total()))
    print_table(("pairs", "how made", "tried", "refused"), table)


def _refused(encoder: Encoder, pair: Pair) -> bool:
    try:
        align_documents([document_of(version, tag) for tag, version in pair], encoder, segmented=True)
    except NotParallel:
        return True
    return False


def _pair(names: Sequence[str], texts: Sequence[Text], numbers: random.Random) -> tuple[str, Pair]:
    """Make a pair of documents of at least 5 segments, in one of the ways named."""
    while True:
        name = numbers.choice(names)
        text = _choose(texts, numbers)
        other = _choose(texts, numbers) if name == "another text" else text
        sources = numbers.sample(text.languages, 2)
        tags = sources[0], numbers.choice(other.languages) if other is not text else sources[1]
        if tags[0].split("-")[0] == tags[1].split("-")[0] or (other is text) == (name == "another text"):
            continue
        one, two = _passages(name, text, other, numbers)
        pair = (tags[0], version_of(one, tags[0])), (tags[1], version_of(two, tags[1]))
        if name == "5% dropped, 8% merged":
            pair = (
                (tags[0], damaged(pair[0][1], tags[0], numbers)),
                (tags[1], damaged(pair[1][1], tags[1], numbers)),
            )
        if min(len(version) for _, version in pair) >= SHORTEST:
            return name, pair


def _choose(texts: Sequence[Text], numbers: random.Random) -> Text:
    """Choose a folder, then one of its texts, so that a novel in many chapters does not prevail."""
    folder = numbers.choice(sorted({text.name.split("/")[0] for text in texts}))
    return numbers.choice([text for text in texts if text.name.split("/")[0] == folder])


def _size(limit: int, numbers: random.Random) -> int:
    """Choose a number of units up to a limit, with short documents as likely as long ones."""
    return min(limit, round(SHORTEST * math.pow(limit / SHORTEST, numbers.random())))


def _passages(name: str, text: Text, other: Text, numbers: random.Random) -> tuple[Passages, Passages]:
    """Choose the passages of two documents."""
    units = list(enumerate(text.units))
    if name == "other passages of the text":
        sizes = [_size(len(units) // 2, numbers) for _ in range(2)]
        start = numbers.randrange(len(units) - sum(sizes) + 1)
        again = numbers.randrange(start + sizes[0], len(units) - sizes[1] + 1)
        return units[start : start + sizes[0]], units[again : again + sizes[1]]
    size = numbers.randint(5, 10) if name == "5 to 10 passages" else _size(len(units), numbers)
    start = numbers.randrange(len(units) - size + 1)
    one = units[start : start + size]
    if name == "another text":
        others = list(enumerate(other.units))
        size = _size(len(others), numbers)
        start = numbers.randrange(len(others) - size + 1)
        return one, others[start : start + size]
    if name == "half missing":
        half = len(one) // 2
        return one, numbers.choice((one[:half], one[half:]))
    if name == "annex in one":
        return one, one + (units[:start] + units[start + size :])[: size // 2]
    if name == "sections swapped":
        cut = numbers.randint(1, len(one) - 1)
        return one, one[cut:] + one[:cut]
    return one, one


if __name__ == "__main__":
    main()
