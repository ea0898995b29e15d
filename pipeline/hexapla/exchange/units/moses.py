"""Units as the two files of Moses: a segment a line, the same line in both; OPUS names its files so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hexapla.exchange.output import open_output
from hexapla.exchange.unit_formats import Exported, ExportOptions, Finding
from hexapla.exchange.units.selecting import pair_of, selected, with_languages
from hexapla.exchange.xml_text import clean_text
from hexapla.memory.storage.units import Unit


def write_units(units: Iterable[Unit], path: Path, options: ExportOptions) -> Exported:
    """Write `NAME.SRC-TGT.SRC` and `NAME.SRC-TGT.TGT` for `NAME.moses`; see `hexapla.exchange.unit_formats.Writer`."""
    languages, units = with_languages(units, options)
    pair = pair_of(languages, path)
    stem = path.stem.removesuffix(f".{'-'.join(pair)}")
    files = tuple(path.with_name(f"{stem}.{'-'.join(pair)}.{language}") for language in pair)
    left_out: list[Finding] = []
    count = 0
    with open_output(files[0]) as source, open_output(files[1]) as target:
        for unit in selected(units, pair, path, left_out):
            texts = [clean_text(unit.texts[language]) for language in pair]
            if not all(texts):
                reason = "of a text nothing is left in one line without control characters"
                left_out.append(Finding(path, None, unit.id, reason))
                continue
            source.write(f"{texts[0]}\n".encode())
            target.write(f"{texts[1]}\n".encode())
            count += 1
    return Exported(count, tuple(left_out), files)
