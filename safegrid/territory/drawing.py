"""A small map of areas, drawn on the server from their boundaries: no tiles, no script."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy
import shapely

from safegrid.territory.models import Area
from safegrid.territory.outlines import as_shape

WIDTH, HEIGHT, EDGE = 720.0, 480.0, 8.0
ROUGH = 0.4  # of a unit of the drawing; finer bends can't be seen
LETTER, LINE = 13.0, 18.0


@dataclass(frozen=True)
class Cell:
    """One area as a path of SVG, with a place for its name where it has room."""

    area: Area
    path: str
    x: float
    y: float
    has_room: bool


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    cells: list[Cell]


def draw(areas: Iterable[Area]) -> Drawing | None:
    """The areas that have a boundary side by side; None when there is none."""
    drawn = [(area, as_shape(area.boundary)) for area in areas if area.boundary]
    if not drawn:
        return None
    left, bottom, right, top = shapely.total_bounds([outline for _, outline in drawn])
    narrow = cos(radians((bottom + top) / 2))  # a degree of longitude against one of latitude
    across, along = max((right - left) * narrow, 1e-9), max(top - bottom, 1e-9)
    scale = min((WIDTH - 2 * EDGE) / across, (HEIGHT - 2 * EDGE) / along)

    margin = (WIDTH - across * scale) / 2  # narrow ground stands in the middle

    def place(points: Any) -> Any:
        x = margin + (points[:, 0] - left) * narrow * scale
        return numpy.column_stack((x, EDGE + (top - points[:, 1]) * scale))

    cells = [_cell(area, shapely.transform(outline, place)) for area, outline in drawn]
    return Drawing(round(WIDTH), round(along * scale + 2 * EDGE), cells)


def _cell(area: Area, outline: Any) -> Cell:
    shown = outline.simplify(ROUGH)
    point = outline.representative_point()
    left, top, right, bottom = outline.bounds
    has_room = right - left > LETTER * len(area.name) and bottom - top > LINE
    path = "".join(_ring(ring) for ring in _rings(shown))
    return Cell(area, path, round(point.x, 1), round(point.y + LETTER / 3, 1), has_room)


def _rings(outline: Any) -> Iterator[Any]:
    for part in getattr(outline, "geoms", [outline]):
        yield part.exterior
        yield from part.interiors


def _ring(ring: Any) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords[:-1])
    return f"M{points}Z"
