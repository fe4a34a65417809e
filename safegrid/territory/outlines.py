"""Boundaries as they come in a GeoJSON file: read, checked, brought into WGS-84."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy
import shapely
from shapely.geometry import mapping, shape

from safegrid.shared.numbers import fold
from safegrid.territory import codes, coordinates
from safegrid.territory.models import Area, Kind, Level

DECIMALS = 7  # of a degree: a centimetre
MOST_PEOPLE = 100_000_000
OVERLAP = 0.01  # of the smaller of two grids

_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)
_WHERE = re.compile(r"\[(-?[\d.]+) (-?[\d.]+)")
_KINDS = {**{str(kind.label): kind for kind in Kind}, **{kind.value: kind for kind in Kind}}
_REASONS = {
    "Self-intersection": "自己相交",
    "Ring Self-intersection": "自己碰到自己",
    "Hole lies outside shell": "里面的洞画到了外面",
    "Holes are nested": "洞里又有洞",
    "Interior is disconnected": "被切成了几块",
    "Nested shells": "有一块套在另一块里",
    "Too few points": "点太少，围不成面",
}


@dataclass
class Feature:
    """One feature of the file; `code` "" asks for a local code below `parent`."""

    number: int
    code: str
    parent: str
    name: str
    kind: str
    population: int | None
    is_demo: bool
    outline: Any

    @property
    def title(self) -> str:
        words = " ".join(word for word in (self.code, self.name) if word)
        return f"第{self.number}个要素（{words}）" if words else f"第{self.number}个要素"

    @property
    def facts(self) -> dict[str, Any]:
        """What the area takes over; None leaves what it has."""
        centre = self.outline.representative_point()
        return {
            "population": self.population,
            "is_demo": self.is_demo or None,
            "boundary": as_json(self.outline),
            "lon": round(centre.x, 6),
            "lat": round(centre.y, 6),
        }


def read(collection: Any, crs: str = "wgs84") -> tuple[list[Feature], list[str]]:
    """The features that can be used, and one sentence for each that can't."""
    rows = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(rows, list) or not rows:
        return [], ["文件里没有要素：要GeoJSON的FeatureCollection"]
    found, errors = [], []
    for number, row in enumerate(rows, 1):
        try:
            found.append(_feature(number, row, crs))
        except ValueError as error:
            errors.append(f"第{number}个要素：{error}")
    return found, errors


def overlaps(grids: list[tuple[str, Any]]) -> list[str]:
    """Pairs of (name, outline) that cover the same ground, as sentences."""
    shapes = [outline for _, outline in grids]
    found = []
    for left, right in shapely.STRtree(shapes).query(shapes, predicate="intersects").T.tolist():
        if left < right and _overlap(shapes[left], shapes[right]) > OVERLAP:
            found.append(f"{grids[left][0]}与{grids[right][0]}重叠")
    return found


def as_shape(boundary: dict[str, Any]) -> Any:
    return shapely.from_geojson(json.dumps(boundary))


def as_json(outline: Any) -> dict[str, Any]:
    geometry: dict[str, Any] = json.loads(json.dumps(mapping(outline)))
    return geometry


def as_collection(areas: Iterable[Area], crs: str = "wgs84") -> dict[str, Any]:
    """The areas as a file that `read` takes back from the same system of coordinates."""
    return {"type": "FeatureCollection", "features": [_as_feature(area, crs) for area in areas]}


def _as_feature(area: Area, crs: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "code": area.code,
            "name": area.name,
            "full_name": area.full_name,
            "parent": codes.parent_of(area.code),
            "kind": area.kind,
            "population": area.population,
        },
        "geometry": _moved(area.boundary, crs) if area.boundary else None,
    }


def _moved(boundary: dict[str, Any], crs: str) -> dict[str, Any]:
    if crs == "wgs84":
        return boundary
    return as_json(shapely.transform(as_shape(boundary), lambda points: _shown(points, crs)))


def _shown(points: Any, crs: str) -> Any:
    moved = [coordinates.from_wgs84(float(lon), float(lat), crs) for lon, lat in points]
    return numpy.round(moved, DECIMALS)


def _feature(number: int, row: Any, crs: str) -> Feature:
    """Raises ValueError with the sentence."""
    facts = row.get("properties") if isinstance(row, dict) else None
    if not isinstance(facts, dict):
        raise ValueError("没有属性：要code、name")
    code = codes.unpad(str(facts["code"])) if facts.get("code") else ""
    parent = codes.unpad(str(facts["parent"])) if facts.get("parent") else ""
    if not code and not parent:
        raise ValueError("没有代码，也没有上级代码")
    if code and parent and codes.parent_of(code) != parent:
        raise ValueError(f"代码{code}不在上级{parent}下面")
    level = codes.level_of(code) if code else codes.level_of(parent) + 1
    return Feature(
        number=number,
        code=code,
        parent=parent or codes.parent_of(code) or "",
        name=fold(str(facts.get("name") or ""))[:60],
        kind=_kind(facts.get("kind"), level),
        population=_population(facts.get("population")),
        is_demo=facts.get("is_demo") is True,
        outline=_outline(row.get("geometry"), crs),
    )


def _kind(given: Any, level: int) -> str:
    if not given:
        return str(Kind.BASIC_GRID if level == Level.GRID else Kind.DIVISION)
    kind = _KINDS.get(str(given).strip())
    if kind is None:
        raise ValueError(f"类别“{given}”不认识，写{'、'.join(str(one.label) for one in Kind)}")
    if (kind in (Kind.BASIC_GRID, Kind.EXCLUSIVE_GRID)) != (level == Level.GRID):
        raise ValueError(f"类别{kind.label}与代码的层级不合")
    return str(kind)


def _population(given: Any) -> int | None:
    if given in (None, ""):
        return None
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    text = str(given).strip()
    if isinstance(given, bool) or not (text.isascii() and text.isdigit()):
        raise ValueError(f"人口“{given}”不是整数")
    if int(text) > MOST_PEOPLE:
        raise ValueError(f"人口{text}太大")
    return int(text)


def _outline(geometry: Any, crs: str) -> Any:
    try:
        outline = shapely.force_2d(shape(geometry))
    except (*_BROKEN, shapely.errors.ShapelyError):
        raise ValueError("边界读不出来") from None
    if outline.geom_type not in ("Polygon", "MultiPolygon") or outline.is_empty:
        raise ValueError("边界不是面：要Polygon或MultiPolygon")
    try:
        outline = shapely.transform(outline, lambda points: _placed(points, crs))
    except ValueError:
        raise ValueError("坐标不是经纬度；导出时坐标系选CGCS2000或WGS84") from None
    if not outline.is_valid:
        raise ValueError(f"边界{_reason(outline)}")
    return outline


def _placed(points: Any, crs: str) -> Any:
    moved = [coordinates.to_wgs84(float(lon), float(lat), crs) for lon, lat in points]
    return numpy.round(moved, DECIMALS)


def _reason(outline: Any) -> str:
    said = shapely.is_valid_reason(outline)
    words = next((words for start, words in _REASONS.items() if said.startswith(start)), "有错")
    where = _WHERE.search(said)
    return f"{words}（{where[1]}，{where[2]}附近）" if where else words


def _overlap(left: Any, right: Any) -> float:
    smaller = min(left.area, right.area)
    return float(shapely.intersection(left, right).area / smaller) if smaller else 0.0
