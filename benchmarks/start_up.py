"""Measure the processor time of short commands: import, help, and an exact look-up in a small and a large memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from _revisions import add_against, environment, revisions
from _shared import print_table

from hexapla.memory.memory import Memory
from hexapla.units import Unit

BATCH = 10_000  # units added at once
SMALL = 500  # units


def main() -> None:
    """Run each command several times, the revisions in turn, and print the medians."""
    arguments = ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    arguments.add_argument(
        "--units", type=int, default=100_000, help="units of the large memory (default: 100000)"
    )
    arguments.add_argument(
        "--runs", type=int, default=9, help="runs of each command; medians are taken (default: 9)"
    )
    add_against(arguments)
    options = arguments.parse_args()
    with TemporaryDirectory() as folder, revisions(options.against) as measured:
        commands = {
            "import hexapla": ("-c", "import hexapla"),
            "hexapla --help": ("-m", "hexapla", "--help"),
            f"exact look-up, {SMALL:,} units": _lookup(Path(folder) / "small", SMALL),
            f"exact look-up, {options.units:,} units": _lookup(Path(folder) / "large", options.units),
        }
        rows = [(name, *_compared(command, measured, options.runs)) for name, command in commands.items()]
    print_table(("processor seconds", *measured, *(["ratio"] if options.against else [])), rows)


def _lookup(folder: Path, units: int) -> tuple[str, ...]:
    """Make a memory and return the arguments of an exact look-up in it."""
    memory = Memory.create(folder)
    made = _units(units)
    numbers = np.random.default_rng(1)
    while batch := list(islice(made, BATCH)):
        vectors = numbers.standard_normal((len(batch), memory.info().dimension), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        memory.add_units(batch, {"en": vectors, "fr": vectors})
    text = _text(units // 2)
    arguments = ("-m", "hexapla", "lookup", str(memory.path), text, "--from", "en", "--to", "fr")
    subprocess.run((sys.executable, *arguments), check=True, stdout=subprocess.DEVNULL)
    return arguments


def _units(count: int) -> Iterator[Unit]:
    for number in range(count):
        texts = {"en": _text(number), "fr": f"Le marégraphe {number} est tombé en panne."}
        yield Unit.of_texts(f"unit-{number}", texts, document=f"D/{number // 100}", position=number % 100)


def _text(number: int) -> str:
    return f"Tide gauge {number} failed after {number % 97} days, in the {number % 31} months of the survey."


def _compared(command: Sequence[str], measured: dict[str, Path], runs: int) -> list[float]:
    """Median processor seconds of a command at each revision, and the ratio of the current one to the older one."""
    seconds: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(runs):
        for name, folder in measured.items():
            seconds[name].append(_processor_seconds(command, environment(folder)))
    medians = [median(seconds[name]) for name in measured]
    ratios = (
        [median(now / old for old, now in zip(*seconds.values(), strict=True))] if len(measured) > 1 else []
    )
    return medians + ratios


def _processor_seconds(command: Sequence[str], variables: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run((sys.executable, *command), env=variables, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
