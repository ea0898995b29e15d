"""Thin straight lines on a PDF page, drawn as strokes, frames or narrow filled boxes."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Any

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
_Point = tuple[float, float]

_THICKEST = 3.0
_SHORTEST = 8.0
_MOST_PATHS = 5_000
_MOST_SEGMENTS = 2_000


def find_rules(page: Any) -> Iterator[Box]:  # noqa: ANN401 - pypdfium2 has no types
    """Yield the horizontal and vertical lines on a page.

    Args:
        page: a pypdfium2 page.

    Yields:
        Box: left, bottom, right and top of each line, in points.
    """
    objects = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)
    for path in islice(objects, _MOST_PATHS):
        box = tuple(path.get_bounds())
        if _is_rule(box):
            yield box
        elif min(box[2] - box[0], box[3] - box[1]) > _THICKEST:
            yield from filter(_is_rule, _path_boxes(path.raw))


def _is_rule(box: Box) -> bool:
    sides = box[2] - box[0], box[3] - box[1]
    return min(sides) <= _THICKEST and max(sides) >= _SHORTEST


def _path_boxes(path: Any) -> Iterator[Box]:  # noqa: ANN401
    """Yield the boxes of the parts of a path, or of their sides if the outline is drawn."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    for points in _subpaths(path):
        box = _box(points)
        if not stroke.value or _is_rule(box):
            yield box
        else:
            yield from (_box(side) for side in pairwise(points))


def _subpaths(path: Any) -> Iterator[list[_Point]]:  # noqa: ANN401
    """Yield the corners of each part of a path, in page coordinates; a closed part ends at its first corner."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    points: list[_Point] = []
    for number in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(_placed(matrix, x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _placed(matrix: Any, x: float, y: float) -> _Point:  # noqa: ANN401
    return matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f


def _box(points: Sequence[_Point]) -> Box:
    columns, rows = zip(*points, strict=True)
    return min(columns), min(rows), max(columns), max(rows)
