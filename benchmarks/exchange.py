"""Measure the writing and reading of TMX, compared with bare lxml loops over the same elements."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from time import process_time

from _measure import in_fresh_process, peak_memory
from _passages import read_texts
from _shared import parser, print_table
from lxml import etree

from hexapla.formats.protocols import WriteOptions
from hexapla.formats.registry import unit_reader, unit_writer
from hexapla.formats.tmx.elements import DOCTYPE, XML_LANG
from hexapla.text import joiner
from hexapla.units import Unit, Variant

DOCUMENT = 500  # units in a document
BATCH = 1000  # units made at a time, while the clock is stopped
MADE = datetime(2026, 1, 1, tzinfo=UTC)
TOOLKIT = "Translate Toolkit, two languages"


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a step.

    Attributes:
        seconds: processor seconds, without making the units.
        memory: peak memory of its process in MiB.
    """

    seconds: float
    memory: float


def main() -> None:
    """Write and read units in several ways and print a table for each."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        path = Path(scratch, "units.tmx")
        for title, steps in (("written", WRITERS), ("read", READERS)):
            present = [name for name in steps if name != TOOLKIT or find_spec("translate")]
            runs = [
                {name: in_fresh_process(steps[name], options.data, options.units, path) for name in present}
                for _ in range(options.runs)
            ]
            costs = {name: _least([run[name] for run in runs]) if name in present else None for name in steps}
            _print(f"{options.units:,} units {title}", costs)


def _options() -> Namespace:
    arguments = parser(__doc__)
    arguments.add_argument(
        "--units", type=int, metavar="N", default=100_000, help="number of units (default: 100000)"
    )
    arguments.add_argument(
        "--runs",
        type=int,
        metavar="N",
        default=3,
        help="number of runs, of which the fastest counts (default: 3)",
    )
    arguments.add_argument("--scratch", metavar="DIR", help="folder with room for the files")
    return arguments.parse_args()


def _least(costs: Sequence[Cost]) -> Cost:
    """Combine runs: the time least disturbed by other programs, and the largest memory."""
    return Cost(min(cost.seconds for cost in costs), max(cost.memory for cost in costs))


def _print(title: str, costs: dict[str, Cost | None]) -> None:
    bare = next(cost for name, cost in costs.items() if cost and name.startswith("lxml"))
    rows = [
        [name, f"{cost.seconds:.1f}", f"{cost.seconds / bare.seconds:.2f}", f"{cost.memory:,.0f}"]
        if cost
        else [name, "not installed", "", ""]
        for name, cost in costs.items()
    ]
    print_table([title, "s", "times the bare loop", "peak MiB"], rows)


class Units:
    """Units made from parallel texts, with the time spent on making them.

    Args:
        folder: folder of the texts; the passages present in all languages are repeated, each with a number before it.
        number: number of units.

    Attributes:
        seconds: processor seconds spent on making units.
    """

    seconds: float

    def __init__(self, folder: Path, number: int) -> None:
        self.seconds = 0.0
        texts = [
            {tag: joiner(tag).join(segments) for tag, segments in unit.items()}
            for text in read_texts(folder)
            for unit in text.units
            if len(unit) == len(text.languages)
        ]
        self._numbered = islice(enumerate(cycle(texts)), number)

    def __iter__(self) -> Iterator[Unit]:
        """Make the units, in batches."""
        while True:
            start = process_time()
            batch = [_unit(number, texts) for number, texts in islice(self._numbered, BATCH)]
            self.seconds += process_time() - start
            if not batch:
                return
            yield from batch


def _unit(number: int, texts: dict[str, str]) -> Unit:
    """Make a unit as in a memory."""
    position, document = float(number % DOCUMENT), number // DOCUMENT
    variants = tuple(
        Variant(tag, f"{number}. {text}", None, (position,), position, f"{document:016x}")
        for tag, text in texts.items()
    )
    return Unit(
        f"{number:016x}",
        variants,
        f"document {document}",
        position=position,
        probability=0.9375,
        created=MADE,
        changed=MADE,
    )


def write(folder: Path, number: int, path: Path) -> Cost:
    """Write units with Hexapla."""
    return _timed(folder, number, lambda units: unit_writer(path)(units, path, WriteOptions(created=MADE)))


def write_bare(folder: Path, number: int, path: Path) -> Cost:
    """Write the same elements with a loop around lxml's incremental writer."""
    return _timed(folder, number, lambda units: _write_elements(units, path.with_suffix(".bare")))


def write_texts(folder: Path, number: int, path: Path) -> Cost:
    """Write only units, languages and texts with such a loop."""
    return _timed(
        folder, number, lambda units: _write_elements(units, path.with_suffix(".bare"), props=False)
    )


def write_toolkit(folder: Path, number: int, path: Path) -> Cost:
    """Write two of the languages with the Translate Toolkit."""
    from translate.storage.tmx import tmxfile

    def step(units: Iterable[Unit]) -> None:
        store = tmxfile(sourcelanguage="en", targetlanguage="zh")
        for unit in units:
            store.addtranslation(unit.texts["en"], "en", unit.texts["zh"], "zh")
        store.savefile(str(path.with_suffix(".toolkit")))

    return _timed(folder, number, step)


def _timed(folder: Path, number: int, step: Callable[[Iterable[Unit]], object]) -> Cost:
    units = Units(folder, number)
    start = process_time()
    step(units)
    return Cost(process_time() - start - units.seconds, peak_memory())


def _write_elements(units: Iterable[Unit], path: Path, *, props: bool = True) -> None:
    with path.open("wb") as stream, etree.xmlfile(stream, encoding="utf-8") as xml:
        xml.write_declaration()
        xml.write_doctype(DOCTYPE)
        with xml.element("tmx", version="1.4"), xml.element("body"):
            before = ""
            for unit in units:
                tu = etree.Element("tu", tuid=unit.id)
                if props:
                    _write_props(tu, unit)
                for variant in unit.variants:
                    tuv = etree.SubElement(tu, "tuv", {XML_LANG: variant.language})
                    if props:
                        _write_props_of_variant(tuv, variant, before)
                    etree.SubElement(tuv, "seg").text = variant.text
                before = unit.variants[0].text
                xml.write(tu)


def _write_props(tu: etree._Element, unit: Unit) -> None:
    for name, date in (("creationdate", unit.created), ("changedate", unit.changed)):
        assert date
        tu.set(name, f"{date:%Y%m%dT%H%M%SZ}")
    values = (unit.document, unit.kind, unit.position, unit.probability, unit.status)
    for value in values:
        etree.SubElement(tu, "prop", type="x").text = str(value)


def _write_props_of_variant(tuv: etree._Element, variant: Variant, before: str) -> None:
    context = (before, before) if variant.language == "zh" else ()
    for value in (*variant.segments, variant.block, variant.file, *context):
        etree.SubElement(tuv, "prop", type="x").text = str(value)


def read(folder: Path, number: int, path: Path) -> Cost:
    """Read units with Hexapla."""
    return _measured(lambda: sum(1 for _ in unit_reader(path)(path, print)))


def read_bare(folder: Path, number: int, path: Path) -> Cost:
    """Read all attributes, properties and texts with a loop around lxml's incremental parser."""
    return _measured(lambda: _read_elements(path))


def read_only_texts(folder: Path, number: int, path: Path) -> Cost:
    """Read only units, languages and texts with such a loop."""
    return _measured(lambda: _read_elements(path, props=False))


def read_toolkit(folder: Path, number: int, path: Path) -> Cost:
    """Read units with the Translate Toolkit."""
    from translate.storage.tmx import tmxfile

    return _measured(lambda: [(unit.source, unit.target) for unit in tmxfile.parsefile(str(path)).units])


def _measured(step: Callable[[], object]) -> Cost:
    start = process_time()
    step()
    return Cost(process_time() - start, peak_memory())


def _read_elements(path: Path, *, props: bool = True) -> None:
    for _, tu in etree.iterparse(path, tag="tu"):
        unit: list[object] = [dict(tu.attrib)] if props else []
        for child in tu:
            if child.tag == "tuv":
                unit.append((child.get(XML_LANG), child.findtext("seg")))
            if props:
                unit += [
                    (prop.get("type"), prop.text) for prop in ([child] if child.tag == "prop" else child)
                ]
        tu.clear()
        while tu.getprevious() is not None:
            del tu.getparent()[0]


WRITERS = {
    "Hexapla": write,
    "lxml, the same elements": write_bare,
    "lxml, texts only": write_texts,
    TOOLKIT: write_toolkit,
}
READERS = {
    "Hexapla": read,
    "lxml, the same elements": read_bare,
    "lxml, texts only": read_only_texts,
    TOOLKIT: read_toolkit,
}

if __name__ == "__main__":
    main()
