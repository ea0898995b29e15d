"""Commands on encoders: models and calibrate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hexapla import __version__
from hexapla.cli.console import Console, debug_option
from hexapla.cli.options import PAIR, json_option, plural, quiet_option

if TYPE_CHECKING:
    from hexapla.alignment.encoder_calibration import FittedCalibration
    from hexapla_models.encoder import Encoder
    from hexapla_models.inventory import ListedModel

_MODELS = """List the encoders that are known by name, and which of them can be used on this machine.

The network is not used. Besides these names, --model takes the id of a model on the Hugging Face hub, as in
ORGANISATION/NAME or ORGANISATION/NAME@REVISION, a folder, and the address of an embedding server.

\b
Example:
  hexapla models
"""
_CALIBRATE = """Fit the probabilities of an encoder on texts with correct beads, and store the result.

GOLD is a file of beads, one per line, such as [0]:[0, 1], named NAME.SRC-TGT or NAME.SRCTGT. The texts are in the same
folder, as NAME.SRC and NAME.TGT, one segment per line. From then on the fitted probabilities are used for that encoder,
on this machine and for this account.

\b
Example:
  hexapla calibrate --model embedded gold/001.zh-en gold/002.zh-en
"""


@click.command(help=_MODELS)
@json_option
@debug_option
def models(as_json: bool) -> None:
    """List encoders, and which of them are on this machine."""
    from hexapla_models.inventory import list_models

    listed = list_models()
    if as_json:
        click.echo(json.dumps({"hexapla": __version__, "models": [_record(each) for each in listed]}))
        return
    from hexapla.cli.printer import Printer
    from hexapla_models.model_loader import INSTALL

    header = ["name", "dimension", "tokens", "languages", "licence", "runs", "calibrated", "weights"]
    Printer().table([header, *map(_row, listed)], right=(1, 2, 3))
    if not all(each.installed for each in listed):
        click.echo(f"\nAll but the first need sentence-transformers: {INSTALL}")


@click.command(help=_CALIBRATE)
@click.option("--model", metavar="NAME", required=True, help="Encoder; see `hexapla models`.")
@click.argument("gold", metavar="GOLD...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--pair",
    metavar="SRC-TGT",
    type=PAIR,
    help="Suffixes of the texts, source first; needed if GOLD ends otherwise.",
)
@quiet_option
@json_option
@debug_option
def calibrate(
    model: str, gold: tuple[Path, ...], pair: tuple[str, str] | None, quiet: bool, as_json: bool
) -> None:
    """Fit the probabilities of an encoder on texts with gold beads."""
    from hexapla.alignment.encoder_calibration import fit_on
    from hexapla.alignment.gold import read_gold_pair
    from hexapla_models.registry import load_encoder

    pairs = [read_gold_pair(path, pair) for path in gold]
    with Console(quiet=quiet or as_json) as console:
        encoder = load_encoder(model, progress=console.progress)
        fitted = fit_on(pairs, encoder, console.progress)
    path = _store(encoder, fitted, gold)
    if as_json:
        click.echo(json.dumps(_fitted_record(encoder, fitted, path)))
    elif not quiet:
        _say(encoder, fitted, path)


def _row(listed: ListedModel) -> list[str]:
    model = listed.model
    if model.custom_code:
        weights = "refused: runs code of its own"
    elif listed.installed:
        weights = listed.place.value
    else:
        weights = f"{listed.place}, without the package"
    return [
        model.name,
        str(model.dimension),
        str(model.tokens or "any"),
        str(model.languages_known),
        model.licence,
        "composed" if model.composes else "encoded",
        listed.calibrated.value,
        weights,
    ]


def _record(listed: ListedModel) -> dict[str, Any]:
    model = listed.model
    return {
        "name": model.name,
        "hub": model.hub,
        "dimension": model.dimension,
        "tokens": model.tokens,
        "languages": sorted(model.languages) or None,
        "languages_known": model.languages_known,
        "licence": model.licence,
        "pooling": model.pooling.value,
        "composes": model.composes,
        "prompt": model.prompt,
        "refused": model.custom_code,
        "installed": listed.installed,
        "weights": listed.place.value,
        "calibrated": listed.calibrated.value,
    }


def _store(encoder: Encoder, fitted: FittedCalibration, gold: Sequence[Path]) -> Path:
    from hexapla_models.calibrations import store_calibration

    numbers = {"aligned": fitted.calibration.aligned, "alone": fitted.calibration.alone}
    return store_calibration(
        encoder.hash,
        numbers,
        model=encoder.name,
        rows=fitted.rows + fitted.alone,
        gold=[path.name for path in gold],
        fitted=datetime.now(UTC).isoformat(timespec="seconds"),
        hexapla=__version__,
    )


def _say(encoder: Encoder, fitted: FittedCalibration, path: Path) -> None:
    click.echo(
        f"{encoder.name} ({encoder.hash}): {plural(fitted.rows, 'row')} in two languages and {fitted.alone:,} in one "
        f"were judged, {fitted.right:.1%} right"
    )
    how = "each text by a fit on the others" if fitted.crossed else "on the same text, which flatters"
    click.echo(f"calibration error {fitted.before:.3f} before, {fitted.after:.3f} now ({how})")
    click.echo(f"kept in {path}")


def _fitted_record(encoder: Encoder, fitted: FittedCalibration, path: Path) -> dict[str, Any]:
    return {
        "hexapla": __version__,
        "model": encoder.name,
        "hash": encoder.hash,
        "rows": fitted.rows,
        "alone": fitted.alone,
        "right": fitted.right,
        "error_before": fitted.before,
        "error_after": fitted.after,
        "cross_validated": fitted.crossed,
        "aligned_numbers": fitted.calibration.aligned,
        "alone_numbers": fitted.calibration.alone,
        "file": str(path),
    }
