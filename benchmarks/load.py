"""Check that threads get the answers of one version while other processes write to the memory, and time them."""

from __future__ import annotations

import hashlib
import random
import sys
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic, perf_counter, sleep
from typing import Protocol

import numpy as np

from hexapla.memory.export import export
from hexapla.memory.memory import Memory
from hexapla.units import Unit

THREADS = 8
LOOKUP, CONCORDANCE, EXPORT = KINDS = ("look-up", "concordance", "export")
SHARES = (70, 28, 2)  # of the kinds among the questions, in percent
QUESTIONS = 20  # different texts to look up
BATCH = 5  # units that are added in one commit
PAUSE = 0.2  # seconds between two commits of a writer
REFRESH = 1.0  # seconds between two refreshes
VERSIONS = 3  # versions that readers see at least, however slow the machine is
SUBJECTS = {
    "pilot": "pilote",
    "captain": "capitaine",
    "inspector": "inspecteur",
    "keeper": "gardien",
    "diver": "plongeur",
}
ACTIONS = {
    "checks": "vérifie",
    "repairs": "répare",
    "paints": "peint",
    "measures": "mesure",
    "opens": "ouvre",
    "closes": "ferme",
}
OBJECTS = {
    "the northern lock": "l'écluse du nord",
    "the tide gauge": "le marégraphe",
    "the outer buoy": "la bouée extérieure",
    "the old crane": "la vieille grue",
    "the harbour light": "le feu du port",
    "the fuel store": "le dépôt de carburant",
    "the ferry ramp": "la rampe du bac",
}
CONTEXT = get_context("forkserver")
Question = tuple[str, str]  # kind and text
Writer = Callable[[Memory, int], object]


class Stop(Protocol):
    """An event of threads or of processes."""

    def is_set(self) -> bool:
        """Return whether it has happened."""
        ...


def main() -> None:
    """Read without and with writers, compare each answer with that of its version, and print a table."""
    from _shared import print_table  # here, because the processes that write also import this file

    options = _options()
    with TemporaryDirectory() as name:
        folder = Path(name)
        memory = Memory.create(folder / "memory")
        memory.add_units([unit_of(number) for number in range(options.units)])
        memory.refresh()
        alone, beside = Readers(memory, folder), Readers(memory, folder)
        alone.read(options.seconds)
        with writers(memory.path):
            beside.read(options.seconds, versions=VERSIONS)
        wrong = {kind: alone.wrong(kind) + beside.wrong(kind) for kind in KINDS}
    rows = [
        [kind, alone.p95(kind), beside.p95(kind), beside.count(kind), beside.versions, wrong[kind]]
        for kind in KINDS
    ]
    print_table(
        ["question", "p95 without writers, ms", "p95 with writers, ms", "answers", "versions", "wrong"], rows
    )


def _options() -> Namespace:
    arguments = ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--seconds", type=float, default=300, help="time of reading without, then with writers (default: 300)"
    )
    arguments.add_argument(
        "--units", type=int, default=1_000, help="units at the start, 20 or more (default: 1000)"
    )
    return arguments.parse_args()


def unit_of(number: int) -> Unit:
    """Make a unit in English and French, whose texts differ from those of all other units."""
    place, rest = number, []
    for words in (SUBJECTS, ACTIONS, OBJECTS):
        place, chosen = divmod(place, len(words))
        rest.append(list(words.items())[chosen])
    (subject, sujet), (action, verbe), (thing, objet) = rest
    texts = {
        "en": f"On day {number} the {subject} {action} {thing}.",
        "fr": f"Le jour {number}, le {sujet} {verbe} {objet}.",
    }
    return Unit.of_texts(f"unit-{number:06d}", texts, document=f"LOG/{number // 100}", position=number)


class Readers:
    """Threads that read one memory while it is refreshed, and their answers.

    Args:
        memory: the memory.
        folder: folder for exported files.
    """

    def __init__(self, memory: Memory, folder: Path) -> None:
        self._memory, self._folder = memory, folder
        self._seconds: dict[str, list[float]] = defaultdict(list)
        self._answers: dict[int, dict[Question, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._wrong: dict[str, int] | None = None

    def read(self, seconds: float, versions: int = 1) -> None:
        """Read in all threads.

        Args:
            seconds: time of reading.
            versions: versions that must have been read before it ends.
        """
        stop, deadline = Event(), monotonic() + seconds
        with ThreadPoolExecutor(THREADS) as threads:
            done = [threads.submit(self._ask, random.Random(seed), stop) for seed in range(THREADS)]
            try:
                while monotonic() < deadline or self.versions < versions:
                    sleep(REFRESH)
                    self._memory.refresh()
                    if any(each.done() for each in done):
                        break  # with an error
            finally:
                stop.set()
            for each in done:
                each.result()

    def _ask(self, drawn: random.Random, stop: Stop) -> None:
        file = self._folder / f"{drawn.random()}.tmx"
        while True:
            (kind,) = drawn.choices(KINDS, SHARES)
            question = kind, question_of(kind, drawn.randrange(QUESTIONS))
            view = self._memory.view()
            start = perf_counter()
            answer = answer_of(view, question, file)
            self._seconds[kind].append(perf_counter() - start)
            self._answers[view.version][question].add(answer)
            if stop.is_set():
                return

    @property
    def versions(self) -> int:
        """Number of versions that were read."""
        return len(self._answers)

    def count(self, kind: str) -> int:
        """Return the number of answers to questions of a kind."""
        return len(self._seconds[kind])

    def p95(self, kind: str) -> str:
        """Return the 95th percentile of the time of an answer, in ms."""
        return f"{1000 * np.percentile(self._seconds[kind] or [0.0], 95):.0f}"

    def wrong(self, kind: str) -> int:
        """Return how many questions of a kind got another answer than from the version opened by its number."""
        if self._wrong is None:
            self._wrong = dict.fromkeys(KINDS, 0)
            for version, answers in self._answers.items():
                oracle = Memory.open(self._memory.path, at=version)
                for question, given in answers.items():
                    self._wrong[question[0]] += given != {
                        answer_of(oracle, question, self._folder / "oracle.tmx")
                    }
        return self._wrong[kind]


def question_of(kind: str, number: int) -> str:
    """Return the text of a question: a text like that of a unit, words, or nothing for an export."""
    if kind == LOOKUP:
        return unit_of(number).texts["en"].replace("day", "the day")
    return list(OBJECTS)[number % len(OBJECTS)] if kind == CONCORDANCE else ""


def answer_of(memory: Memory, question: Question, file: Path) -> str:
    """Answer a question.

    Args:
        memory: the memory to ask.
        question: kind and text.
        file: where to write an export.

    Returns:
        What tells the answer from others; of an export, a hash of its bytes.
    """
    kind, text = question
    if kind == LOOKUP:
        matches = memory.lookup(text, source="en", target="fr")
        return repr([(match.unit.id, str(match.kind), match.percentage, match.target) for match in matches])
    if kind == CONCORDANCE:
        hits = memory.concordance(text, language="en", target="fr")
        return repr([(hit.unit.id, hit.spans, hit.targets, hit.previous, hit.following) for hit in hits])
    export(memory, file)
    return hashlib.sha256(file.read_bytes()).hexdigest()


@contextmanager
def writers(path: Path) -> Iterator[None]:
    """Let a process add units and another one edit them; both have committed when the block begins.

    Args:
        path: path of the memory.

    Yields:
        None: while they write.
    """
    stop = CONTEXT.Event()
    begun = [CONTEXT.Event(), CONTEXT.Event()]
    processes = [
        CONTEXT.Process(target=write, args=(path, writer, event, stop))
        for writer, event in zip((add, edit), begun, strict=True)
    ]
    for process in processes:
        process.start()
    try:
        while not all(event.wait(0.1) for event in begun) and all(each.is_alive() for each in processes):
            pass
        yield
    finally:
        stop.set()
        for process in processes:
            process.join()
    if any(process.exitcode for process in processes):
        sys.exit("A process that writes ended with an error, which it printed.")


def write(path: Path, writer: Writer, begun: Event, stop: Stop) -> None:
    """Commit until told to stop.

    Args:
        path: path of the memory.
        writer: function that makes a commit; it gets the memory and the number of the commit.
        begun: set after the first commit.
        stop: when to stop.
    """
    memory = Memory.open(path)
    first = len(memory)
    for number in count(first):
        writer(memory, number)
        begun.set()
        if stop.is_set():
            return
        sleep(PAUSE)


def add(memory: Memory, number: int) -> None:
    """Add units that are not in the memory."""
    memory.add_units([unit_of(BATCH * number + place) for place in range(BATCH)])


def edit(memory: Memory, number: int) -> None:
    """Edit a unit that is asked for."""
    unit = unit_of(number % QUESTIONS)
    memory.edit(unit.id, "fr", f"{unit.texts['fr']} ({number})")


if __name__ == "__main__":
    main()
