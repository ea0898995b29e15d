"""Rows out: TMX, JSON lines, beads and the page, and the TMX validator.

An output's suffix tells its format. A new format is a module with a writer and a line in FORMATS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from hexapla.errors import OutputError
from hexapla.exchange.output import check_output, output_suffix
from hexapla.rows import Alignment


@dataclass(frozen=True, slots=True)
class Options:
    """What an output format may be told.

    Attributes:
        pair: tags of the source and the target of a bilingual memory; None for all languages. Each means the
            document of that tag, or else the only one in that language: zh may mean zh-CN.
        minimum_probability: rows below it, in 0..1, stay out of a memory.
    """

    pair: tuple[str, str] | None = None
    minimum_probability: float = 0.0

    def pair_among(self, languages: Sequence[str]) -> tuple[str, str] | None:
        """The pair under the tags that the documents have; a tag that means none of them stays as it is."""
        return self.pair and (_meant(self.pair[0], languages), _meant(self.pair[1], languages))


Writer = Callable[[Alignment, Path, Options], int]


def _write_tmx(alignment: Alignment, path: Path, options: Options) -> int:
    from hexapla.exchange.tmx import write_tmx

    pair = options.pair_among(alignment.languages)
    return write_tmx(alignment, path, pair=pair, minimum_probability=options.minimum_probability)


def _write_jsonl(alignment: Alignment, path: Path, options: Options) -> int:
    from hexapla.exchange.jsonl import write_jsonl

    return write_jsonl(alignment, path)


def _write_beads(alignment: Alignment, path: Path, options: Options) -> int:
    from hexapla.exchange.beads import write_beads

    return write_beads(alignment, path)


def _write_page(alignment: Alignment, path: Path, options: Options) -> int:
    from hexapla.exchange.page import write_page

    write_page(alignment, path)
    return len(alignment.rows)


FORMATS: dict[str, Writer] = {
    ".tmx": _write_tmx,
    ".tmx.gz": _write_tmx,
    ".jsonl": _write_jsonl,
    ".html": _write_page,
    ".beads": _write_beads,
}


def check_outputs(outputs: Sequence[Path], inputs: Sequence[Path] = ()) -> None:
    """Refuse outputs that cannot be written, before any work is done for them.

    Args:
        outputs: the files; their suffixes tell the formats.
        inputs: files that must not be overwritten.

    Raises:
        OutputError: an output is named twice or is an input; other reasons come from check_output.
    """
    for output in outputs:
        check_output(output, FORMATS)
        if any(_same_file(output, path) for path in inputs):
            raise OutputError(f"{output}: this is an input and would be lost; give the output another name")
    for first, second in combinations(outputs, 2):
        if _same_file(first, second):
            raise OutputError(f"{second}: this output is named twice; give each one a file of its own")


def _same_file(a: Path, b: Path) -> bool:
    return a.resolve() == b.resolve() or (a.exists() and b.exists() and a.samefile(b))


def _meant(tag: str, languages: Sequence[str]) -> str:
    """The language that a tag of the user means."""
    from hexapla_corpora.languages import same_language

    spelled = [language for language in languages if language.lower() == tag.lower()]
    alike = spelled or [language for language in languages if same_language(language, tag)]
    return alike[0] if len(alike) == 1 else tag


def check_languages(languages: tuple[str, ...], outputs: Sequence[Path], options: Options) -> None:
    """Refuse outputs that cannot hold the languages, before anything is aligned for them.

    Args:
        languages: tags of the documents.
        outputs: the files.
        options: may name a pair of languages.
    """
    from hexapla.exchange.beads import check_languages as check_bead_languages
    from hexapla.exchange.tmx import check_pair

    for output in outputs:
        suffix = output_suffix(output, FORMATS)
        if suffix == ".beads":
            check_bead_languages(languages, output)
        elif FORMATS[suffix] is _write_tmx and (pair := options.pair_among(languages)):
            check_pair(pair, languages, output)


def write_output(alignment: Alignment, path: Path, options: Options) -> int:
    """Write an alignment in the format that the suffix tells.

    Args:
        alignment: the rows.
        path: the file.
        options: what the format may be told.

    Returns:
        Units, rows or beads written.
    """
    return FORMATS[output_suffix(path, FORMATS)](alignment, path, options)
