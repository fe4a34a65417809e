"""The demo city's territory, bodies, posts and people, made through the packages' own actions."""

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from safegrid.demo import ground
from safegrid.demo.cast import Cast
from safegrid.duties.models import Line
from safegrid.people import actions as people
from safegrid.people.models import Organisation, OrganisationKind, Post, User
from safegrid.territory import actions as territory
from safegrid.territory.models import Area

CITY = "2310"
SINCE = date(2020, 1, 1)
DIVISIONS = Path(territory.__file__).parent / "data" / "divisions.csv"

# Communities by name (model of the pilot district; official codes not verified, so local ones).
PILOT: dict[str, tuple[str, ...]] = {
    "231004001": ("建卫社区", "兴平社区", "拥军社区"),
    "231004002": ("黄花小区社区", "文化社区", "韶山社区", "耐火社区", "黄花站社区"),
    "231004003": ("泰安社区", "明月社区", "桥北社区", "三角线社区"),
    "231004004": ("圣林社区", "中华社区", "自建社区"),
    "231004005": ("庆兴社区", "庆发社区", "庆旺社区", "庆达社区"),
    "231004006": ("地明社区", "军马社区", "通乡社区"),
    "231004007": ("祥伦社区", "光明社区", "北山社区", "牡纺社区"),
    "231004100": (
        "江西社区", "银龙社区", "八达社区", "北安社区", "三道关社区", "放牛村", "大砬子村",
        "丰收村", "前进村", "金龙村", "新荣村", "平安村",
    ),
}  # fmt: skip
LINKOU = ("示例城东村", "示例城西村", "示例河口村")
CENTRES = {"231004": (129.555, 44.575), "231025": (130.225, 45.245)}
PILOTS = tuple(CENTRES)
PER_ROW = {"231004": 13, "231025": 12}
WITHOUT_WORKER = 37
VACANT_EVERY = 41


@dataclass
class City:
    """What the history needs at hand: who sits where."""

    workers: dict[str, User] = field(default_factory=dict)
    heads: dict[str, User] = field(default_factory=dict)
    townships: dict[str, list[User]] = field(default_factory=dict)
    officers: dict[int, list[User]] = field(default_factory=dict)
    chiefs: dict[int, User] = field(default_factory=dict)


def build_territory() -> None:
    with DIVISIONS.open(encoding="utf-8-sig", newline="") as stream:
        territory.import_divisions(list(csv.DictReader(stream)))
    for county in PILOTS:
        territory.import_grids(_grids_of(county))


def _grids_of(county: str) -> dict[str, Any]:
    """The county's communities and grids as the GeoJSON a person could draw in QGIS."""
    townships = Area.objects.below(county).filter(level=4).order_by("code")
    names = {town.code: PILOT.get(town.code, LINKOU) for town in townships}
    boxes = ground.communities({code: len(some) for code, some in names.items()}, PER_ROW[county])
    lon, lat = CENTRES[county]
    features: list[dict[str, Any]] = []
    for code, some in names.items():
        features.append(_feature(code, None, "", boxes[code], lon, lat))
        for serial, name in enumerate(some, 1):
            box, community = boxes[code][serial - 1], f"{code}A{serial:02d}"
            features.append(_feature(community, code, name, [box], lon, lat))
            features += [
                _feature(f"{community}{n:03d}", community, f"{n:02d}网格", [cell], lon, lat)
                for n, cell in enumerate(ground.grids(box), 1)
            ]
    features.append(
        _feature(county, None, "", [b for some in boxes.values() for b in some], lon, lat)
    )
    return {"type": "FeatureCollection", "features": features}


def _feature(
    code: str, parent: str | None, name: str, boxes: list[ground.Box], lon: float, lat: float
) -> dict[str, Any]:
    facts: dict[str, Any] = {"code": code, "parent": parent, "name": name, "is_demo": True}
    if len(code) == 15:
        box = boxes[0]
        facts |= {"kind": "basic_grid", "population": 700 + (box.left * 37 + box.bottom * 61) % 600}
    return {
        "type": "Feature",
        "properties": facts,
        "geometry": ground.polygon(boxes, lon, lat),
    }


class Staffing:
    """Fills bodies, posts and seats; the same cast gives the same people."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.city = cast, City()
        self.areas = {area.code: area for area in Area.objects.all()}
        self.serial = 0

    def build(self) -> City:
        self._administrators()
        self._city_bodies()
        for county in self._below(CITY, 3):
            self._county(county, full=county.code in PILOTS)
        return self.city

    def _below(self, code: str, level: int) -> list[Area]:
        return [
            area
            for area in self.areas.values()
            if area.level == level and area.code.startswith(code)
        ]

    def _administrators(self) -> None:
        root = self.areas[CITY]
        body = self._body(
            "牡丹江市数据运维中心（演示）", "运维中心", OrganisationKind.SERVICE, root
        )
        for role, name, door in (
            ("system_admin", "系统管理员", "system-admin"),
            ("security_admin", "安全管理员", "security-admin"),
            ("auditor", "审计管理员", "auditor"),
        ):
            self._seat(body, role, name, root, door)

    def _city_bodies(self) -> None:
        root = self.areas[CITY]
        government = self._body("牡丹江市人民政府", "市政府", OrganisationKind.GOVERNMENT, root)
        self._seat(government, "leader", "分管副市长", root, "leader")
        office = self._body("牡丹江市安委办", "市安委办", OrganisationKind.OFFICE, root)
        self._seat(office, "city_office", "值班主任", root, "city-office")
        for line in Line.objects.filter(code__in=("emergency", "fire", "housing", "market")):
            body = self._body(
                f"牡丹江市{line.name}",
                f"市{line.short_name}",
                OrganisationKind.DEPARTMENT,
                root,
                line.code,
            )
            door = "city-emergency" if line.code == "emergency" else ""
            self._department(body, root, officer_door=door)

    def _county(self, county: Area, *, full: bool) -> None:
        office = self._body(
            f"{county.name}安委办", f"{county.name}安委办", OrganisationKind.OFFICE, county
        )
        door = "county-office" if county.code == PILOTS[0] else ""
        self._seat(office, "county_office", "专职副主任", county, door)
        lines = Line.objects.exclude(code="township")
        if not full:
            lines = lines.filter(code__in=("emergency", "fire"))
        for line in lines:
            body = self._body(
                f"{county.name}{line.name}",
                f"{county.name}{line.short_name}",
                OrganisationKind.DEPARTMENT,
                county,
                line.code,
            )
            is_door = line.code == "fire" and county.code == PILOTS[0]
            self._department(
                body,
                county,
                officer_door="fire-officer" if is_door else "",
                chief_door="fire-chief" if is_door else "",
            )
        if full:
            for township in self._below(county.code, 4):
                self._township(township)

    def _department(
        self, body: Organisation, area: Area, *, officer_door: str = "", chief_door: str = ""
    ) -> None:
        narrow = body.line not in ("emergency", "fire", "market")
        self.city.chiefs[body.pk] = self._seat(
            body, "department_head", "负责人", area, chief_door, own_cases=narrow
        )
        self.city.officers[body.pk] = [
            self._seat(body, "department_officer", name, area, door, own_cases=narrow, power=True)
            for name, door in (("执法一岗", officer_door), ("执法二岗", ""))
        ]

    def _township(self, township: Area) -> None:
        short = township.name
        name = f"{short}办事处" if short.endswith("街道") else f"{short}人民政府"
        body = self._body(name, short, OrganisationKind.TOWNSHIP, township, "township")
        door = "street-officer" if township.code == "231004005" else ""
        self.city.townships[township.code] = [
            self._seat(body, "township_officer", "安监员", township, door),
            self._seat(body, "township_officer", "综合执法队员", township, power=True),
        ]
        for community in self._below(township.code, 5):
            self._community(body, community)

    def _community(self, body: Organisation, community: Area) -> None:
        door = "community-head" if community.code == "231004005A01" else ""
        self.city.heads[community.code] = self._seat(
            body, "community_head", f"{community.name}网格长", community, door
        )
        for grid in self._below(community.code, 6):
            door = "grid-worker" if grid.code == "231004005A01001" else ""
            self.serial += 1
            if self.serial % WITHOUT_WORKER == 0:
                continue
            post = self._post(body, "grid_worker", f"{community.name}{grid.name}网格员", grid)
            if self.serial % VACANT_EVERY:
                self.city.workers[grid.code] = self._sit(post, door)

    def _body(
        self, name: str, short: str, kind: OrganisationKind, area: Area, line: str = ""
    ) -> Organisation:
        return people.add_organisation(
            name=name,
            short_name=short,
            kind=kind,
            area=area,
            line=line,
            phone=self.cast.landline(),
            is_demo=True,
        )

    def _seat(
        self,
        body: Organisation,
        role: str,
        name: str,
        area: Area,
        door: str = "",
        *,
        own_cases: bool = False,
        power: bool = False,
    ) -> User:
        return self._sit(self._post(body, role, name, area, own_cases=own_cases, power=power), door)

    def _post(
        self,
        body: Organisation,
        role: str,
        name: str,
        area: Area,
        *,
        own_cases: bool = False,
        power: bool = False,
    ) -> Post:
        return people.add_post(
            organisation=body,
            role=role,
            area=area,
            name=name,
            own_cases=own_cases,
            is_empowered=power,
            phone=self.cast.phone() if role == "grid_worker" else body.phone,
            is_demo=True,
        )

    def _sit(self, post: Post, door: str) -> User:
        user = people.add_user(
            username=door or f"demo-{post.pk:04d}",
            name=self.cast.person(),
            phone=self.cast.phone(),
            is_demo=True,
            certificate=f"示例执法{post.pk:05d}" if post.is_empowered else "",
            certificate_until=date(2029, 12, 31) if post.is_empowered else None,
        )
        people.take_post(post, user, starts_on=SINCE)
        return user
