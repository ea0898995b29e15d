"""A reliability diagram as an SVG, in the style of the manual's figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BINS = 15
WIDTH, HEIGHT = 420, 400
LEFT, TOP, SIDE = 64, 44, 300
STYLE = """
    .page { fill: #fff } .grid { stroke: #dfe5eb } .axis { stroke: #555 } text { fill: #222 }
    .right { stroke: #a9781c; stroke-dasharray: 5 4 } .bin { fill: #51708f } .tick { fill: #555; font-size: 12px }
    .middle { text-anchor: middle } .end { text-anchor: end }
  """


def write_reliability(path: Path, probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    """Write a diagram of the share of right rows against their probability.

    Args:
        path: file to write.
        probabilities: probabilities of the rows.
        right: whether each row is right.
    """
    title = f"Share of right rows by probability ({len(right)} rows)"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title" font-family="system-ui, sans-serif" font-size="14">',
        f'<title id="title">{title}</title>',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        f'<text class="middle" x="{WIDTH // 2}" y="26">{title}</text>',
        *_axes(),
        *_dots(probabilities, right),
        "</svg>\n",
    ]
    path.write_text("\n".join(parts), encoding="utf-8")


def _axes() -> Iterator[str]:
    bottom, end = TOP + SIDE, LEFT + SIDE
    for tenth in range(0, 11, 2):
        x, y = LEFT + SIDE * tenth / 10, bottom - SIDE * tenth / 10
        yield f'<path class="grid" d="M{x:g} {TOP}V{bottom}M{LEFT} {y:g}H{end}"/>'
        yield f'<text class="tick middle" x="{x:g}" y="{bottom + 18}">{tenth / 10:g}</text>'
        yield f'<text class="tick end" x="{LEFT - 8}" y="{y + 4:g}">{tenth / 10:g}</text>'
    yield f'<path class="axis" d="M{LEFT} {TOP}V{bottom}H{end}" fill="none"/>'
    yield f'<path class="right" d="M{LEFT} {bottom}L{end} {TOP}"/>'
    yield f'<text class="middle" x="{LEFT + SIDE // 2}" y="{bottom + 40}">probability of a row</text>'
    yield f'<text class="middle" transform="translate(18 {TOP + SIDE // 2}) rotate(-90)">share of right rows</text>'


def _dots(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> Iterator[str]:
    """Draw a dot for each bin of equal width; it grows with the number of rows in the bin."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    for number in np.unique(bins):
        inside = bins == number
        x, y = LEFT + SIDE * probabilities[inside].mean(), TOP + SIDE * (1 - right[inside].mean())
        radius = 3 + 14 * np.sqrt(inside.mean())
        yield (
            f'<circle class="bin" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill-opacity="0.75">'
            f"<title>{int(inside.sum())} rows, {right[inside].mean():.3f} right</title></circle>"
        )
