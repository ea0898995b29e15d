"""A chart of accuracy against time as an SVG, in the style of the manual's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from math import ceil, floor, log10
from pathlib import Path

WIDTH, HEIGHT = 760, 372
LEFT, RIGHT, TOP, BOTTOM = 76, 736, 56, 316  # positions of the axes
RADIUS, LINE = 7, 20  # radius of a dot, height of a label
SHIFTS = sorted(
    range(-18 * LINE, 18 * LINE, LINE // 2), key=abs
)  # vertical offsets of a label, nearest first

STYLE = """
    .page { fill: #fff } .grid { stroke: #dfe5eb } .axis { stroke: #555 } text { fill: #222 }
    .peer { fill: #51708f } .ours { fill: #a9781c } .name { font-weight: 600 } .tick { fill: #555; font-size: 12px }
    .figures { fill: #555; font-size: 12px; font-weight: 400 }
    .lead { stroke: #999 } .middle { text-anchor: middle } .end { text-anchor: end }
  """


@dataclass(frozen=True, slots=True)
class Dot:
    """One aligner in the chart.

    Attributes:
        name: label.
        seconds: time taken.
        f1: strict F1.
    """

    name: str
    seconds: float
    f1: float


def write_chart(path: Path, title: str, dots: Sequence[Dot]) -> None:
    """Write a chart of strict F1 against seconds, on a logarithmic axis.

    Args:
        path: file to write.
        title: title, which says what was aligned.
        dots: the aligners, Hexapla first.
    """
    path.write_text(draw_chart(title, dots), encoding="utf-8")


def draw_chart(title: str, dots: Sequence[Dot]) -> str:
    """Draw the chart as SVG."""
    low, high = floor(log10(min(d.seconds for d in dots)) * 2) / 2, log10(max(d.seconds for d in dots))
    high = max(ceil(high * 2) / 2, low + 1)
    bottom, top = floor(min(d.f1 for d in dots) * 50) / 50, ceil(max(d.f1 for d in dots) * 50) / 50
    top = max(top, bottom + 0.02)

    def across(seconds: float) -> float:
        return LEFT + (log10(seconds) - low) / (high - low) * (RIGHT - LEFT)

    def down(f1: float) -> float:
        return BOTTOM - (f1 - bottom) / (top - bottom) * (BOTTOM - TOP)

    description = "; ".join(f"{dot.name}: F1 {dot.f1:.3f} in {dot.seconds:.3g} seconds" for dot in dots)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="14">',
        f'  <title id="title">Accuracy and time of sentence aligners: {escape(title)}</title>',
        f'  <desc id="description">{escape(description)}.</desc>',
        f"  <style>{STYLE}</style>",
        f'  <rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        f'  <text class="name" x="{LEFT}" y="28">{escape(title)}</text>',
        *_seconds_axis(low, high, across),
        *_f1_axis(bottom, top, down),
        f'  <path class="axis" d="M{LEFT} {BOTTOM}H{RIGHT}"/>',
        *_dots([(dot, across(dot.seconds), down(dot.f1)) for dot in dots]),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _seconds_axis(low: float, high: float, across: Callable[[float], float]) -> Iterator[str]:
    for tick in (unit * 10**power for power in range(floor(low), ceil(high)) for unit in (1, 2, 5)):
        if low <= log10(tick) <= high:
            x = across(tick)
            yield f'  <path class="grid" d="M{x:.1f} {TOP}V{BOTTOM}"/>'
            yield f'  <text class="tick middle" x="{x:.1f}" y="{BOTTOM + 20}">{tick:g}</text>'
    middle = (LEFT + RIGHT) // 2
    yield f'  <text class="middle" x="{middle}" y="{BOTTOM + 44}">seconds, including encoding (lower is better)</text>'


def _f1_axis(bottom: float, top: float, down: Callable[[float], float]) -> Iterator[str]:
    step = 0.02 if top - bottom > 0.07 else 0.01
    ticks = (bottom + step * number for number in range(100))
    for tick in takewhile(lambda tick: tick < top + step / 2, ticks):
        y = down(tick)
        yield f'  <path class="grid" d="M{LEFT} {y:.1f}H{RIGHT}"/>'
        yield f'  <text class="tick end" x="{LEFT - 8}" y="{y + 4:.1f}">{tick:.2f}</text>'
    middle = (TOP + BOTTOM) // 2
    yield f'  <text class="middle" transform="translate(24 {middle}) rotate(-90)">strict F1</text>'


def _dots(dots: Sequence[tuple[Dot, float, float]]) -> Iterator[str]:
    taken = [(x - RADIUS, x + RADIUS, y) for _, x, y in dots]
    for number, (dot, x, y) in enumerate(dots):
        figures = f"{dot.f1:.3f}, {dot.seconds:.3g} s"
        width = 8.5 * len(dot.name) + 7 * len(figures)  # approximate width in a browser
        left = x + width > RIGHT
        end = x - 12 if left else x + 12
        start, stop = (end - width, end) if left else (end, end + width)
        label = next(y + shift for shift in SHIFTS if _free(start, stop, y + shift, taken))
        taken.append((start, stop, label))
        if label != y:
            yield f'  <path class="lead" d="M{x:.1f} {y:.1f}L{end:.1f} {label:.1f}"/>'
        yield f'  <circle class="{"peer" if number else "ours"}" cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}"/>'
        side = " end" if left else ""
        yield (
            f'  <text class="name{side}" x="{end:.1f}" y="{label + 5:.1f}">{escape(dot.name)} '
            f'<tspan class="figures">{figures}</tspan></text>'
        )


def _free(start: float, stop: float, y: float, taken: Sequence[tuple[float, float, float]]) -> bool:
    inside = TOP < y < BOTTOM - LINE / 2
    return inside and all(
        stop < left or start > right or abs(y - other) >= LINE for left, right, other in taken
    )
