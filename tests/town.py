"""One small town for all tests: two streets, three grids, a dozen people with names and posts."""

from dataclasses import dataclass
from datetime import date

from safegrid.enterprises.models import Enterprise, EnterpriseKind, Keeper, Place, PlaceKind
from safegrid.people.models import Organisation, OrganisationKind, Post, Tenure, User
from safegrid.shared import clock
from safegrid.territory.models import Area, Kind, Level

SQUARE = 0.01


@dataclass
class Town:
    """The places and bodies; people are fixtures of their own."""

    city: Area
    county: Area
    other_county: Area
    street: Area
    other_street: Area
    community: Area
    grid: Area
    other_grid: Area
    far_grid: Area
    fire: Organisation
    market: Organisation
    street_body: Organisation
    far_body: Organisation
    office_body: Organisation
    city_body: Organisation
    place: Place
    neighbour: Place
    far_place: Place


def build() -> Town:
    city = area("2310", "牡丹江市", Level.CITY)
    county = area("231004", "爱民区", Level.COUNTY)
    other_county = area("231025", "林口县", Level.COUNTY)
    street = area("231004005", "大庆街道", Level.TOWNSHIP, "爱民区·大庆街道")
    other_street = area("231004006", "兴平街道", Level.TOWNSHIP, "爱民区·兴平街道")
    community = area("231004005A01", "庆兴社区", Level.COMMUNITY, "爱民区·大庆街道·庆兴社区")
    far_community = area("231004006A01", "军马社区", Level.COMMUNITY, "爱民区·兴平街道·军马社区")
    grid = grid_area(community, "001", 129.60, 44.60)
    other_grid = grid_area(community, "002", 129.62, 44.60)
    far_grid = grid_area(far_community, "001", 129.60, 44.64)
    fire = body("爱民区消防救援大队", "区消防", OrganisationKind.DEPARTMENT, county, "fire")
    market = body(
        "爱民区市场监督管理局", "区市场监管", OrganisationKind.DEPARTMENT, county, "market"
    )
    street_body = body("大庆街道办事处", "大庆街道", OrganisationKind.TOWNSHIP, street, "township")
    far_body = body(
        "兴平街道办事处", "兴平街道", OrganisationKind.TOWNSHIP, other_street, "township"
    )
    office_body = body("爱民区安委办", "区安委办", OrganisationKind.OFFICE, county, "")
    city_body = body("牡丹江市安委办", "市安委办", OrganisationKind.OFFICE, city, "")
    kind = PlaceKind.objects.get_or_create(
        code="restaurant",
        defaults={"name": "小餐饮（含燃气）", "is_nine_small": True, "industries": ["H621"]},
    )[0]
    place = shop("示例老灶烧烤店", kind, grid, fire, "CS-0001", 129.605, 44.605)
    neighbour = shop("示例山城面馆", kind, other_grid, fire, "CS-0002", 129.625, 44.605)
    far_place = shop("示例军马饺子馆", kind, far_grid, market, "CS-0003", 129.605, 44.645)
    return Town(
        city, county, other_county, street, other_street, community, grid, other_grid, far_grid,
        fire, market, street_body, far_body, office_body, city_body, place, neighbour, far_place,
    )  # fmt: skip


def area(code: str, name: str, level: Level, full_name: str = "") -> Area:
    row, _ = Area.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "full_name": full_name or name,
            "level": level,
            "is_local": any(sign.isalpha() for sign in code),
        },
    )
    return row


def grid_area(community: Area, serial: str, lon: float, lat: float) -> Area:
    """A square grid whose south-west corner is at the point."""
    right, top = lon + SQUARE, lat + SQUARE
    ring = [[lon, lat], [right, lat], [right, top], [lon, top], [lon, lat]]
    return Area.objects.create(
        code=f"{community.code}{serial}",
        name=f"{serial[1:]}网格",
        full_name=f"{community.full_name}·{serial[1:]}网格",
        level=Level.GRID,
        kind=Kind.BASIC_GRID,
        lon=lon + SQUARE / 2,
        lat=lat + SQUARE / 2,
        boundary={"type": "Polygon", "coordinates": [ring]},
    )


def body(name: str, short: str, kind: OrganisationKind, where: Area, line: str) -> Organisation:
    return Organisation.objects.create(
        name=name, short_name=short, kind=kind, line=line, area=where, area_code=where.code
    )


def shop(
    name: str,
    kind: PlaceKind,
    grid: Area,
    lead: Organisation | None,
    number: str,
    lon: float,
    lat: float,
) -> Place:
    enterprise = Enterprise.objects.create(
        name=name, kind=EnterpriseKind.SELF_EMPLOYED, industry="H6210"
    )
    return Place.objects.create(
        number=number,
        enterprise=enterprise,
        name=name,
        kind=kind,
        industry="H6210",
        is_nine_small=True,
        address="光明路18号",
        lon=lon,
        lat=lat,
        grid=grid,
        area_code=grid.code,
        principal="孟老板",
        phone="13800002671",
        lead_department=lead,
    )


def person(
    username: str,
    name: str,
    role: str = "",
    where: Area | None = None,
    organisation: Organisation | None = None,
    *,
    is_empowered: bool = False,
    certificate: str = "",
) -> User:
    """A user and, with a role, the post that they hold since the start of 2020."""
    user = User.objects.create(
        username=username,
        name=name,
        phone="13900000000",
        certificate=certificate,
        certificate_until=date(2099, 12, 31) if certificate else None,
    )
    if role and where and organisation:
        post = Post.objects.create(
            name=name + "的岗位",
            organisation=organisation,
            role=role,
            area=where,
            area_code=where.code,
            is_empowered=is_empowered,
            phone="0453-0000114",
        )
        Tenure.objects.create(post=post, user=user, starts_on=date(2020, 1, 1))
    return user


def keep(place: Place, user: User) -> Keeper:
    return Keeper.objects.create(
        place=place,
        user=user,
        name=user.name,
        phone=user.phone,
        confirmed_at=clock.now(),
        starts_on=date(2020, 1, 1),
    )
