"""Check that a changed byte in a memory is found, and never gives a wrong text."""

from __future__ import annotations

import json
import random
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from _shared import print_table

from hexapla.batch.ledger import Ledger, done_entry
from hexapla.errors import StoreError
from hexapla.inputs import Input
from hexapla.memory.export import export
from hexapla.memory.memory import Memory
from hexapla.memory.storage.folder import Folder
from hexapla.units import Unit
from hexapla_corpora.sample import sample_files

LOCKS = ("lock",)  # the only files that nothing depends on
LOOKED_UP = 5  # texts of the sample for each change
COLUMNS = ("right", "error", "wrong", "other error", "named by verify")
Texts = Mapping[str, Mapping[str, str]]
"""Texts by identifier of the unit and language."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a whole memory shows.

    Attributes:
        texts: texts of all units.
        queries: English texts to look up.
    """

    texts: Texts
    queries: tuple[str, ...]


def main() -> None:
    """Change bytes in each kind of file, and print how often the texts were right or an error was given."""
    options = _options()
    rows = []
    with TemporaryDirectory() as folder:
        whole = make_memory(Path(folder) / "whole", options.units)
        expected = expected_of(whole)
        for kind in sorted(files_by_kind(whole)):
            found = damage(whole, kind, expected, options.changes, options.seed)
            rows.append([kind, options.changes, *(found[name] for name in COLUMNS)])
    print_table(["file", "changes", *COLUMNS], rows)
    if any(row[4] or row[5] or row[6] < options.changes for row in rows):
        sys.exit("A changed byte gave a wrong text, gave an error that is not one line, or was not named.")


def _options() -> Namespace:
    arguments = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument(
        "--changes",
        type=int,
        default=100,
        metavar="N",
        help="changed bytes in each kind of file (default: 100)",
    )
    arguments.add_argument(
        "--units",
        type=int,
        default=2_500,
        metavar="N",
        help="units in two languages besides the sample; an index by meaning needs 2,000 (default: 2500)",
    )
    arguments.add_argument("--seed", type=int, default=0, help="seed of the random numbers (default: 0)")
    return arguments.parse_args()


def make_memory(path: Path, units: int) -> Path:
    """Make a memory of the sample and of numbered units, with a ledger."""
    memory = Memory.create(path)
    memory.add([Input(Path(file), language) for language, file in sample_files().items()])
    memory.add_units(
        Unit.of_texts(
            f"port-{k:05}", {"zh": f"第 {k} 号港口", "en": f"Port number {k}"}, document="ports", position=k
        )
        for k in range(units)
    )
    memory.refresh()
    ledger = Ledger.of(Folder.open(path))
    for number in range(3):
        ledger.append([done_entry(f"A/{number}", [], [])])
    return path


def expected_of(path: Path) -> Expected:
    """Read a whole memory."""
    texts = {unit.id: dict(unit.texts) for unit in Memory.open(path).snapshot}
    english = [each["en"] for each in texts.values() if len(each.get("en", "")) > 40]
    return Expected(texts, tuple(english[:: max(1, len(english) // LOOKED_UP)]))


def files_by_kind(path: Path) -> dict[str, list[Path]]:
    """Return the files of a memory, but the locks, by kind."""
    kinds: dict[str, list[Path]] = {}
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.name not in LOCKS and file.stat().st_size:
            kinds.setdefault(_kind(file.relative_to(path)), []).append(file)
    return kinds


def _kind(file: Path) -> str:
    """Return folder and name of a file, without what differs from one file to the next."""
    inside = "/_delta_log" if "_delta_log" in file.parts else ""
    name = (
        file.name if file.parts[0] == "derived" or file.name.startswith("_") else f"*{''.join(file.suffixes)}"
    )
    return f"{file.parts[0]}{inside}/{name}" if len(file.parts) > 1 else file.name


def damage(whole: Path, kind: str, expected: Expected, changes: int, seed: int) -> Counter[str]:
    """Change a byte in a file of one kind, many times, each in a copy of the memory.

    Args:
        whole: folder of the memory.
        kind: kind of the files, see `files_by_kind`.
        expected: what the memory shows.
        changes: number of changes.
        seed: seed of the random numbers.

    Returns:
        How often each of COLUMNS was the result.
    """
    chance, results = random.Random(f"{seed} {kind}"), Counter[str]()
    for _ in range(changes):
        file = chance.choice(files_by_kind(whole)[kind]).relative_to(whole)
        place = chance.randrange((whole / file).stat().st_size)
        change = file, place, 1 << chance.randrange(8)
        with damaged_copy(whole, *change) as path:
            results[outcome(path, expected)] += 1
        with damaged_copy(whole, *change) as path:
            results["named by verify"] += is_named(path, path / file)
    return results


@contextmanager
def damaged_copy(whole: Path, file: Path, place: int, bits: int) -> Iterator[Path]:
    """Copy a memory and change bits of a byte in the copy; yield its folder."""
    with TemporaryDirectory() as folder:
        path = Path(shutil.copytree(whole, Path(folder) / "memory"))
        data = bytearray((path / file).read_bytes())
        data[place] ^= bits
        (path / file).write_bytes(data)
        yield path


def outcome(path: Path, expected: Expected) -> str:
    """Look texts up and export all units; return one of COLUMNS."""
    try:
        shown = list(_shown(path, expected))
    except StoreError as error:
        return "other error" if "\n" in str(error) else "error"
    except Exception:
        return "other error"
    return "right" if all(expected.texts[id][tag] == text for id, tag, text in shown) else "wrong"


def _shown(path: Path, expected: Expected) -> Iterator[tuple[str, str, str]]:
    """Yield identifier, language and text of all units, by look-up, concordance and export."""
    memory = Memory.open(path)
    for query in expected.queries:
        (match, *_) = memory.lookup(query, source="en")
        yield match.unit.id, "en", match.source
    for hit in memory.concordance("port", language="en", limit=20):
        yield hit.unit.id, "en", hit.text
        yield from ((hit.unit.id, tag, text) for tag, text in hit.targets.items())
    export(memory, path.parent / "all.jsonl")
    lines = (path.parent / "all.jsonl").read_text(encoding="utf-8").splitlines()
    if len(lines) != len(expected.texts):
        yield next(iter(expected.texts)), "en", "units are missing"
    for unit in map(json.loads, lines):
        yield from ((unit["id"], tag, text) for tag, text in unit["texts"].items())


def is_named(path: Path, file: Path) -> bool:
    """Return whether verification, or the error that prevents it, names a file."""
    try:
        problems = Memory.open(path).verify()
    except StoreError as error:
        return file.name in str(error)
    return any(problem.path == file or file.name in problem.what for problem in problems)


if __name__ == "__main__":
    main()
