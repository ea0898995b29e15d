"""The command line: each command parses its words, calls one function of the library, and prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from hexapla import __version__
from hexapla.cli.console import debug_option
from hexapla.cli.lazy_group import Lazy, LazyGroup

_SECTIONS: Mapping[str, Mapping[str, Lazy]] = {
    "Commands": {
        "align": Lazy("hexapla.cli.align", "Align the language versions of a document."),
        "demo": Lazy("hexapla.cli.align", "Align the bundled draft resolution in six languages."),
        "validate": Lazy("hexapla.cli.align", "Check a TMX file."),
    },
    "Commands on a memory": {
        "add": Lazy("hexapla.cli.edit", "Align files and add them to a memory."),
        "batch": Lazy("hexapla.cli.batch", "Align many documents and add them to a memory."),
        "lookup": Lazy("hexapla.cli.search", "Look up a text."),
        "concordance": Lazy("hexapla.cli.search", "Find words, with their translations."),
        "import": Lazy("hexapla.cli.import_", "Import units and corrections from files.", "import_"),
        "export": Lazy("hexapla.cli.export", "Write units to a file, for a CAT tool or a program."),
        "pretranslate": Lazy("hexapla.cli.pretranslate", "Fill a draft with the matches of a memory."),
        "analyse": Lazy("hexapla.cli.pretranslate", "Count how much of a text is in a memory."),
        "edit": Lazy("hexapla.cli.edit", "Correct a text of a unit."),
        "replace": Lazy("hexapla.cli.edit", "Replace words in many units."),
        "approve": Lazy("hexapla.cli.review", "Approve units."),
        "reject": Lazy("hexapla.cli.review", "Reject units."),
        "delete": Lazy("hexapla.cli.review", "Delete units."),
        "dedupe": Lazy("hexapla.cli.clean", "Remove duplicate units."),
        "filter": Lazy("hexapla.cli.clean", "Remove faulty texts and units."),
        "info": Lazy("hexapla.cli.maintain", "Show what a memory holds."),
        "history": Lazy("hexapla.cli.maintain", "List the versions of a memory."),
        "diff": Lazy("hexapla.cli.maintain", "Show how two memory versions differ."),
        "restore": Lazy("hexapla.cli.maintain", "Restore an older memory version."),
        "verify": Lazy("hexapla.cli.maintain", "Check a memory for damage."),
        "compact": Lazy("hexapla.cli.maintain", "Free the space of old memory versions."),
        "reindex": Lazy("hexapla.cli.maintain", "Rebuild the indexes, or change the encoder."),
    },
    "Commands on encoders": {
        "models": Lazy("hexapla.cli.models", "List encoders, and which of them are on this machine."),
        "calibrate": Lazy(
            "hexapla.cli.models", "Fit the probabilities of an encoder on texts with gold beads."
        ),
    },
}
_PROGRAM = """Turn the language versions of a document into a translation memory.

\b
Example:
  hexapla align zh=doc.zh.docx en=doc.en.docx fr=doc.fr.pdf -o doc.tmx
"""


class _Hexapla(LazyGroup):
    sections: ClassVar[Mapping[str, Mapping[str, Lazy]]] = _SECTIONS


@click.group(
    cls=_Hexapla,
    help=_PROGRAM,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="hexapla")
@debug_option
def main() -> None:
    """Turn the language versions of a document into a translation memory."""
