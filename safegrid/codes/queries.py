"""Reads behind the plates: what a token stands for, whom to call, which places have none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from safegrid.codes.models import PlaceCode, State
from safegrid.enterprises.models import Place, PlaceState
from safegrid.hazards.models import OPEN_STATES, Hazard
from safegrid.people.models import Tenure
from safegrid.people.queries import codes_above, holders
from safegrid.people.roles import Role
from safegrid.shared import masking
from safegrid.shared.ids import is_token
from safegrid.shared.numbers import fold
from safegrid.territory.codes import prefix_end

HAZARDS_SHOWN = 5
UNISSUED = "-"  # what no code is

# What anybody who scans may learn, and what deciding about a signed-in user needs.
PUBLIC = (
    "token",
    "serial",
    "place__name",
    "place__address",
    "place__area_code",
    "place__industry",
    "place__last_visited_at",
    "place__kind__name",
    "place__grid__full_name",
    "place__lead_department__short_name",
    "place__lead_department__phone",
)


@dataclass(frozen=True)
class Contact:
    """Who answers for a place, with the duty phone of the post or body, never a person's own."""

    title: str
    name: str
    phone: str


def active(token: str) -> PlaceCode | None:
    """The code in use with this token in any case; one query, whatever was asked for."""
    wanted = token.upper()
    rows = PlaceCode.objects.filter(
        token=wanted if is_token(wanted) else UNISSUED, state=State.ACTIVE
    )
    rows = rows.select_related("place__kind", "place__grid", "place__lead_department")
    found: PlaceCode | None = rows.only(*PUBLIC).first()
    return found


def kept_key(token: str) -> str:
    """Under which the public page of a code is kept for a few seconds."""
    return f"landing-{token.upper()}" if is_token(token.upper()) else "landing-unknown"


def url(code: PlaceCode) -> str:
    """What the plate's picture holds: upper case, so that it fits a small picture."""
    return f"{settings.SITE_URL}/c/{code.token}".upper()


def contacts(place: Place) -> list[Contact]:
    """Whom to call about one place."""
    return contacts_of([place])[place.pk]


def contacts_of(places: Iterable[Place]) -> dict[Any, list[Contact]]:
    """Lead department, street and grid worker of each place; one query for all."""
    places = list(places)
    above = {code for place in places for code in codes_above(place.area_code)}
    roles = (Role.TOWNSHIP_OFFICER, Role.GRID_WORKER)
    rows = holders(post__role__in=roles, post__area_code__in=above)
    held: dict[tuple[str, str], Tenure] = {}
    for row in rows:
        held.setdefault((row.post.role, row.post.area_code), row)
    return {place.pk: _contacts(place, held) for place in places}


def _contacts(place: Place, held: dict[tuple[str, str], Tenure]) -> list[Contact]:
    found = []
    lead, street = place.lead_department, _nearest(place, Role.TOWNSHIP_OFFICER, held)
    is_same = bool(lead and street and lead.pk == street.post.organisation_id)
    if lead:
        found.append(Contact("牵头和属地" if is_same else "牵头部门", lead.short_name, lead.phone))
    if street and not is_same:
        body = street.post.organisation
        found.append(Contact("属地", body.short_name, body.phone or street.post.phone))
    if worker := _nearest(place, Role.GRID_WORKER, held):
        name = f"{masking.surname(worker.user.name)}师傅"
        found.append(Contact("网格员", name, worker.post.phone))
    return found


def _nearest(place: Place, role: str, held: dict[tuple[str, str], Tenure]) -> Tenure | None:
    rows = (held.get((role, code)) for code in reversed(codes_above(place.area_code)))
    return next((row for row in rows if row), None)


def ground_name(place: Place) -> str:
    """庆兴社区01网格: the last two parts of the grid's full name."""
    return "".join(place.grid.full_name.split("·")[-2:]) if place.grid else ""


def open_hazards(user: Any, place: Place) -> list[Hazard]:
    """The first of the place's open hazards, the nearest day first, for who may see them."""
    rows = Hazard.objects.allowed(user, "hazards.view").filter(place=place, state__in=OPEN_STATES)
    return list(rows.order_by("due_on")[:HAZARDS_SHOWN])


def listed(rows: Any, *, area: str = "", text: str = "") -> Any:
    """Codes narrowed by area and words, in the order of the ground."""
    if area:
        rows = rows.filter(place__area_code__gte=area, place__area_code__lt=prefix_end(area))
    for word in fold(text).split():
        said = Q(place__name__icontains=word)
        rows = rows.filter(said | Q(serial__icontains=word) if word.isascii() else said)
    rows = rows.select_related("place__grid", "place__lead_department", "issued_by").defer(
        "place__grid__boundary"
    )
    return rows.order_by("place__area_code", "place__name", "pk")


def without_plate(rows: Any, *, area: str = "", text: str = "") -> Any:
    """Places in business that have no code in use."""
    has_one = PlaceCode.objects.filter(place=OuterRef("pk"), state=State.ACTIVE)
    rows = rows.filter(~Exists(has_one)).exclude(state=PlaceState.CLOSED)
    if area:
        rows = rows.filter(area_code__gte=area, area_code__lt=prefix_end(area))
    for word in fold(text).split():
        rows = rows.filter(name__icontains=word)
    return (
        rows.select_related("grid", "kind")
        .defer("grid__boundary")
        .order_by("area_code", "name", "pk")
    )
