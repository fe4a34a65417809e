"""Reads of the territory that other packages share. What is kept is dropped with each change."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import shapely
from django.db.models import Count, Q
from django.db.models.functions import Substr

from safegrid.shared import clock
from safegrid.territory.codes import WIDTHS, level_of, parent_of
from safegrid.territory.models import Area, Edition, Kind, Level
from safegrid.territory.outlines import as_shape

NEAR = 0.02  # degrees by which a point may miss a boundary of the city
MARGIN = 1.0  # the same while only some of its counties are drawn
RECHECK = 2.0  # seconds for which names are believed without asking

Rank = tuple[int, bool, str]


@dataclass(frozen=True)
class Net:
    """The grids in force on a day, ready to be asked for a point; the last rank wins."""

    ranks: list[Rank]
    tree: Any

    def best(self, hits: list[int]) -> str:
        return max((self.ranks[hit] for hit in hits), default=(0, False, ""))[2]


def area_at(lon: float, lat: float, on: date | None = None) -> Area | None:
    """The grid in force that contains the point (WGS-84), or None.

    An exclusive grid wins over the basic grid around it; a community without drawn grids stands
    for them.
    """
    code = code_at(lon, lat, on)
    return Area.objects.get(code=code) if code else None


def code_at(lon: float, lat: float, on: date | None = None) -> str:
    """The code of the grid that contains the point; "" when none does."""
    net = _net(on or clock.today(), _edition())
    return net.best(net.tree.query(shapely.Point(lon, lat), predicate="intersects").tolist())


def codes_at(points: Sequence[tuple[float, float]], on: date | None = None) -> list[str]:
    """`code_at` for many points, asking for the territory once."""
    net = _net(on or clock.today(), _edition())
    hits: list[list[int]] = [[] for _ in points]
    if points and net.ranks:
        shapes = shapely.points([lon for lon, _ in points], [lat for _, lat in points])
        for place, hit in net.tree.query(shapes, predicate="intersects").T.tolist():
            hits[place].append(hit)
    return [net.best(some) for some in hits]


def within_city(lon: float, lat: float) -> bool:
    """Whether the point can lie in the city; True while no boundary is known.

    While only some counties are drawn, only points far off are said to be outside.
    """
    ground = _ground(clock.today(), _edition())
    return ground is None or bool(shapely.intersects_xy(ground, lon, lat))


def name_of(code: str) -> str:
    """The full name of an area; the code itself when there is no such area."""
    return _names(_recent_edition()).get(code, code)


def path_of(code: str) -> list[Area]:
    """The areas from the root down to this one, those that exist."""
    return list(Area.objects.filter(code__in=codes_above(code)).order_by("code"))


def codes_above(code: str) -> list[str]:
    """The code itself and those of all areas that contain it."""
    return [code[:width] for width in WIDTHS if width <= len(code)]


def children_of(code: str, on: date | None = None) -> Any:
    """The areas directly below that are in force; towns directly under a city too."""
    level = level_of(code)
    next_one = Q(level=level + 1)
    if level + 2 <= Level.GRID:
        zeros = "0" * (WIDTHS[level] - WIDTHS[level - 1])
        next_one |= Q(level=level + 2, code__startswith=code + zeros)
    return Area.objects.below(code).in_force(on).filter(next_one).order_by("code")


def highest(wanted: Iterable[str]) -> list[str]:
    """Of some codes those that no other one contains."""
    found: list[str] = []
    for code in sorted(set(wanted)):
        if not (found and code.startswith(found[-1])):
            found.append(code)
    return found


def two_levels(area: Area) -> list[tuple[Area, list[Area]]]:
    """Each area directly below, with those directly below it; without boundaries, one query."""
    rows = (
        Area.objects.below(area.code)
        .in_force()
        .filter(level__gt=area.level, level__lte=area.level + 2)
    )
    groups: dict[str, tuple[Area, list[Area]]] = {}
    for row in rows.defer("boundary").order_by("code"):
        above = groups.get(row.parent_code or "")
        if above:
            above[1].append(row)
        else:
            groups[row.code] = (row, [])
    return list(groups.values())


def counts_below(code: str, level: int) -> dict[str, dict[int, int]]:
    """For each area of a level below `code`: how many areas of each level it holds."""
    rows = Area.objects.below(code).in_force().filter(level__gt=level).order_by()
    rows = rows.annotate(above=Substr("code", 1, WIDTHS[level - 1])).values("above", "level")
    found: dict[str, dict[int, int]] = {}
    for row in rows.annotate(n=Count("pk")):
        found.setdefault(row["above"], {})[row["level"]] = row["n"]
    return found


def _edition() -> str:
    """Changes when the territory does; one row, asked each time."""
    return Edition.objects.values_list("token", flat=True).first() or ""


@dataclass
class _Seen:
    token: str = ""
    at: float = 0.0


_seen = _Seen()


def _recent_edition() -> str:
    """The edition, asked every other second and after each change made by this process."""
    now = time.monotonic()
    if now - _seen.at > RECHECK or _seen.at <= Edition.touched:
        _seen.token, _seen.at = _edition(), now
    return _seen.token


@lru_cache(maxsize=2)
def _names(edition: str) -> dict[str, str]:
    return dict(Area.objects.values_list("code", "full_name"))


@lru_cache(maxsize=4)
def _net(on: date, edition: str) -> Net:
    rows = Area.objects.in_force(on).filter(level__gte=Level.COMMUNITY, boundary__isnull=False)
    found = list(rows.order_by("code").values_list("code", "kind", "boundary"))
    parents = {parent_of(code) for code, _, _ in found}
    kept = [one for one in found if one[0] not in parents]
    ranks = [(len(code), kind == Kind.EXCLUSIVE_GRID, code) for code, kind, _ in kept]
    return Net(ranks, shapely.STRtree([as_shape(boundary) for _, _, boundary in kept]))


@lru_cache(maxsize=2)
def _ground(on: date, edition: str) -> Any:
    """Where a point of the city may lie, prepared for asking; None when nothing is drawn."""
    drawn = Area.objects.in_force(on).filter(boundary__isnull=False)
    outlines = _complete(on)
    ground: Any = None
    if outlines:
        ground = shapely.unary_union(outlines).buffer(NEAR)
    elif shapes := [as_shape(one) for one in drawn.values_list("boundary", flat=True)]:
        ground = shapely.box(*shapely.total_bounds(shapes)).buffer(MARGIN)
    if ground is not None:
        shapely.prepare(ground)
    return ground


def _complete(on: date) -> list[Any]:
    """The outlines of the city, or of all its counties; empty while one of them is missing."""
    for level in (Level.CITY, Level.COUNTY):
        rows = Area.objects.in_force(on).filter(level=level).values_list("boundary", flat=True)
        known = list(rows)
        if known and all(known):
            return [as_shape(one) for one in known]
    return []
