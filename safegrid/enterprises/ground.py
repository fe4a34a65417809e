"""On which ground a place stands: its grid by the point, else by the code or name given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from safegrid.enterprises.facts import Known, clean
from safegrid.territory import queries as territory
from safegrid.territory.codes import unpad
from safegrid.territory.models import Area, Level


class Ground(NamedTuple):
    """`error` is about the field `field`; else the area code, and the grid when there is one."""

    area_code: str
    grid: Any
    field: str = ""
    error: str = ""


@dataclass(frozen=True)
class _Part:
    pk: int
    code: str
    full_name: str
    level: int


class Map:
    """The areas in force, read once for many places, below `within` ("" everywhere)."""

    def __init__(self, within: str = "") -> None:
        self.within = within
        rows = Area.objects.in_force().values_list("id", "code", "full_name", "level", "name")
        self.areas: dict[str, _Part] = {}
        self.names: dict[str, list[_Part]] = {}
        for pk, code, full_name, level, name in rows:
            part = _Part(pk, code, full_name, level)
            self.areas[code] = part
            if code.startswith(within):
                for word in {name, full_name, full_name.replace("·", "")}:
                    self.names.setdefault(word, []).append(part)

    def stand(self, rows: Sequence[dict[str, Any]]) -> list[Ground]:
        """The ground of each row, from its lon, lat and area_code as cleaned by `facts`."""
        pointed = [i for i, row in enumerate(rows) if _has_point(row)]
        points = [(rows[i]["lon"], rows[i]["lat"]) for i in pointed]
        codes = dict(zip(pointed, territory.codes_at(points), strict=True))
        return [self._ground(row, codes.get(i, "")) for i, row in enumerate(rows)]

    def _ground(self, row: dict[str, Any], found: str) -> Ground:
        has_point = _has_point(row)
        if has_point and not found and not territory.within_city(row["lon"], row["lat"]):
            return _refused("lon", "这个点不在本市范围内，核对经纬度和坐标系")
        named, error = self._named(row.get("area_code") or "")
        if error:
            return _refused("area_code", error)
        if named and named.level == Level.GRID:
            return self._checked(named, "area_code")
        if named and found and not found.startswith(named.code):
            there = self.areas[found].full_name
            return _refused("lon", f"坐标落在{there}，不在{named.full_name}里；核对坐标或网格")
        if found:
            return self._checked(self.areas[found], "lon")
        if named:
            return self._checked(named, "area_code")
        if self.within:
            return Ground(self.within, None)
        where = "这个点不在任何网格里" if has_point else "没有坐标"
        return _refused("area_code", f"{where}，选一个网格、社区或街道")

    def _named(self, given: str) -> tuple[_Part | None, str]:
        if not given:
            return None, ""
        if part := self.areas.get(_code(given)):
            return part, ""
        parts = self.names.get(given) or self.names.get(given.replace("·", ""), [])
        if len(parts) == 1:
            return parts[0], ""
        if parts:
            some = "、".join(part.full_name for part in parts[:3])
            return None, f"叫“{given}”的不止一个（{some}），写全称或代码"
        return None, f"没有“{given}”这个网格或社区"

    def _checked(self, part: _Part, field: str) -> Ground:
        if not part.code.startswith(self.within):
            outside = self.areas[self.within].full_name if self.within in self.areas else "外"
            return _refused(field, f"落在{part.full_name}，不在这次的范围{outside}里")
        return Ground(part.code, part.pk if part.level == Level.GRID else None)


def prepare(
    rows: Sequence[Mapping[str, Any]], known: Known, within: str = ""
) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Each row cleaned and put on its ground (`area_code`, `grid_id`), with its faults by field."""
    cleaned = [clean(row, known) for row in rows]
    grounds = Map(within).stand([values for values, _ in cleaned])
    for (values, errors), ground in zip(cleaned, grounds, strict=True):
        if ground.error:
            errors.setdefault(ground.field, ground.error)
        else:
            values["area_code"], values["grid_id"] = ground.area_code, ground.grid
    return cleaned


def _has_point(row: Mapping[str, Any]) -> bool:
    return row.get("lon") is not None and row.get("lat") is not None


def _code(given: str) -> str:
    """The code without padding; what is no code stays as it is."""
    try:
        return unpad(given)
    except ValueError:
        return given


def _refused(field: str, error: str) -> Ground:
    return Ground("", None, field, error)
