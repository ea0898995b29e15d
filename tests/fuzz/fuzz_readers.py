"""Read randomly changed files for a given time, and print the failures of the readers.

    python tests/fuzz/fuzz_readers.py --minutes 20
    python tests/fuzz/fuzz_readers.py --format .xlsx --minutes 5 --seed 7
    python tests/fuzz/fuzz_readers.py --format .xlsx --seed 7 --only 1234     # one input again, with its traceback

An input may be refused with InputError, or give units and problems; it must not raise anything else, end the process,
take longer than SECONDS or more memory than MEMORY, or give units that no memory can hold. Inputs are in a temporary
folder; those that failed are kept there, and their paths are printed.
"""

from __future__ import annotations

import argparse
import faulthandler
import multiprocessing
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hexapla.errors import InputError
from hexapla.formats.protocols import UnitProblem
from hexapla.formats.registry import unit_reader
from hexapla.review.workbook import is_review, read_review
from hexapla.unit_table import frame_of
from hexapla.units import Unit
from support_mutations import mutations_of
from support_seeds import READ, seed_units, write_seeds

SECONDS = 20
MEMORY = 4 * 2**30
_DONE = 0  # sent by a worker when it starts no further input


def main() -> None:
    """Fuzz the readers and exit with 1 if one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--format", choices=READ, action="append", help="all formats that can be read if left out"
    )
    parser.add_argument("--minutes", type=float, default=20, help="for all formats together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="number of the only input to read, in this process")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hexapla-fuzz-"))
    suffixes = given.format or READ
    if given.only is not None:
        inputs = _Inputs(suffixes[0], given.seed, folder)
        _say(inputs.read(inputs.write(given.only)))
        return
    failed = sum(_fuzz(suffix, given.seed, given.minutes / len(suffixes), folder) for suffix in suffixes)
    _say(f"{failed} kinds of failures; their inputs are in {folder}")
    sys.exit(1 if failed else 0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class _Inputs:
    """The inputs of a format; number and seed determine the bytes of an input.

    Args:
        suffix: suffix of the format.
        seed: seed of the random generator.
        folder: folder for files.
    """

    def __init__(self, suffix: str, seed: int, folder: Path) -> None:
        self._suffix, self._seed = suffix, seed
        self._folder = folder / f"{suffix.strip('.')}-{seed}"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._seeds = [path.read_bytes() for path in write_seeds(suffix, self._folder)]

    def write(self, number: int) -> Path:
        """Write an input."""
        chance = Random(f"{self._suffix} {self._seed} {number}")
        data = chance.choice(self._seeds)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            data = chance.choice(mutations_of(self._suffix))(data, chance) if data else data
        path = self._folder / f"input{self._suffix}"
        path.write_bytes(data)
        return path

    def read(self, path: Path) -> str:
        """Read an input, and return the outcome in a word or two."""
        units: list[Unit] = []
        problems: list[UnitProblem] = []
        try:
            if is_review(path):
                known = {unit.id: unit for unit in seed_units()}
                units += read_review(
                    path, lambda ids: [known[id] for id in ids if id in known], problems.append
                )
            for unit in unit_reader(path)(path, problems.append):
                units.append(unit)
        except InputError as error:
            assert str(path) in str(error), f"the message does not name the file: {error}"
            return "refused"
        finally:
            frame_of(units)  # must not fail, whatever was read
        assert all(problem.path == path for problem in problems)
        return "with problems" if problems else "read"


def _work(
    suffix: str, seed: int, folder: Path, current: object, first: int, until: float, reports: object
) -> None:
    """Read inputs in a separate process, and report each failure."""
    faulthandler.enable()
    warnings.simplefilter("error")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    inputs = _Inputs(suffix, seed, folder)
    counts: Counter[str] = Counter()
    number = first
    while time.monotonic() < until:
        current[0], current[1] = number, time.monotonic()  # type: ignore[index]
        path = inputs.write(number)
        try:
            counts[inputs.read(path)] += 1
        except BaseException as error:  # a panic of polars is not an Exception
            reports.put((number, f"{type(error).__name__}: {str(error)[:300]}", _place(error)))  # type: ignore[attr-defined]
        number += 1
    reports.put((_DONE, dict(counts), str(number - first)))  # type: ignore[attr-defined]
    current[1] = 0  # type: ignore[index]


def _place(error: BaseException) -> str:
    """Return the line of hexapla that failed."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/hexapla/" in frame.filename]
    frame = (frames or traceback.extract_tb(error.__traceback__))[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _fuzz(suffix: str, seed: int, minutes: float, folder: Path) -> int:
    """Fuzz a reader; if a worker dies or hangs, report it, and start another one after that input."""
    context = multiprocessing.get_context("spawn")  # threads of polars do not outlive a fork
    until, first = time.monotonic() + minutes * 60, 1
    failures: dict[str, str] = {}
    counts: Counter[str] = Counter()
    while time.monotonic() < until:
        current, reports = context.Array("d", [first, time.monotonic()]), context.Queue()
        worker = context.Process(target=_work, args=(suffix, seed, folder, current, first, until, reports))
        worker.start()
        stopped = _watch(worker, current)
        while not reports.empty():
            number, what, place = reports.get()
            if number == _DONE:
                counts.update(what)
            else:
                failures.setdefault(place, f"input {number}: {what}")
        worker.join()
        if stopped:
            number = int(current[0])
            failures.setdefault(stopped, f"input {number}: {stopped}")
            first = number + 1
    _print(suffix, seed, counts, failures, folder)
    return len(failures)


def _watch(worker: object, current: object) -> str | None:
    """Wait for a worker, and say how it ended if not normally."""
    while worker.is_alive():  # type: ignore[attr-defined]
        worker.join(0.5)  # type: ignore[attr-defined]
        if current[1] and time.monotonic() - current[1] > SECONDS:  # type: ignore[index]
            worker.kill()  # type: ignore[attr-defined]
            return f"took longer than {SECONDS} seconds"
        if not current[1]:  # type: ignore[index]
            return None
    code = worker.exitcode  # type: ignore[attr-defined]
    return f"ended the process with {code}" if code else None


def _print(suffix: str, seed: int, counts: Counter[str], failures: dict[str, str], folder: Path) -> None:
    total = ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items()))
    _say(f"{suffix}: {sum(counts.values()):,} inputs ({total}), {len(failures)} kinds of failures")
    for place, what in failures.items():
        kept = folder / f"failed-{place.replace(':', '-')}{suffix}".replace(" ", "-")
        number = int(what.split(":")[0].removeprefix("input "))
        kept.write_bytes(_Inputs(suffix, seed, folder).write(number).read_bytes())
        _say(f"  {place}: {what}\n    {kept}")


if __name__ == "__main__":
    main()
