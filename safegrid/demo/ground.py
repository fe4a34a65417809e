"""Generated boundaries: rectangles of a lattice, bent by one smooth map so that neighbours meet.

Every edge is cut at each lattice point, so two neighbours share every vertex: no overlap, no hole.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from shapely import Polygon, unary_union
from shapely.geometry import mapping

UNIT_LON, UNIT_LAT = 0.0022, 0.0016
GRIDS_PER_COMMUNITY = 3
CELL = 3


@dataclass(frozen=True)
class Box:
    """A rectangle in lattice units, corners at whole numbers."""

    left: int
    bottom: int
    right: int
    top: int


def rows_of(counts: dict[str, int], per_row: int) -> list[list[str]]:
    """Townships in rows so that each row holds about `per_row` communities."""
    rows: list[list[str]] = [[]]
    held = 0
    for name, count in counts.items():
        if rows[-1] and held + count > per_row:
            rows.append([])
            held = 0
        rows[-1].append(name)
        held += count
    return rows


def communities(counts: dict[str, int], per_row: int) -> dict[str, list[Box]]:
    """A box for each community of each township; rows are stretched to the same width."""
    boxes: dict[str, list[Box]] = {}
    rows = rows_of(counts, per_row)
    width = max(sum(counts[name] for name in row) for row in rows) * CELL
    height = GRIDS_PER_COMMUNITY * CELL
    for number, row in enumerate(rows):
        edges = _spread(sum(counts[name] for name in row), width)
        slots = iter(pairwise(edges))
        bottom = number * height
        for name in row:
            boxes[name] = [
                Box(left, bottom, right, bottom + height)
                for left, right in (next(slots) for _ in range(counts[name]))
            ]
    return boxes


def grids(box: Box) -> Iterator[Box]:
    """The grids of a community, from north to south."""
    step = (box.top - box.bottom) // GRIDS_PER_COMMUNITY
    for serial in range(GRIDS_PER_COMMUNITY):
        top = box.top - serial * step
        yield Box(box.left, top - step, box.right, top)


def polygon(boxes: list[Box], lon: float, lat: float) -> dict[str, object]:
    """GeoJSON of the union of boxes, bent, around the point (WGS-84)."""
    shape = unary_union([Polygon([bend(x, y, lon, lat) for x, y in _ring(box)]) for box in boxes])
    return dict(mapping(shape.simplify(0)))


def bend(x: float, y: float, lon: float, lat: float) -> tuple[float, float]:
    """One smooth, invertible map of the lattice to longitude and latitude (degrees)."""
    bent_x = x + 1.1 * math.sin(0.31 * y + 0.4) + 0.5 * math.sin(0.23 * x + 0.17 * y)
    bent_y = y + 0.9 * math.sin(0.27 * x + 1.1) + 0.4 * math.sin(0.21 * y - 0.19 * x)
    return round(lon + bent_x * UNIT_LON, 6), round(lat + bent_y * UNIT_LAT, 6)


def _spread(parts: int, width: int) -> list[int]:
    return [round(width * part / parts) for part in range(parts + 1)]


def _ring(box: Box) -> Iterator[tuple[int, int]]:
    yield from ((x, box.bottom) for x in range(box.left, box.right))
    yield from ((box.right, y) for y in range(box.bottom, box.top))
    yield from ((x, box.top) for x in range(box.right, box.left, -1))
    yield from ((box.left, y) for y in range(box.top, box.bottom, -1))
