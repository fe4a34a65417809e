"""The area below an office, side by side: what is open, late, major, unowned."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Length, Substr

from safegrid.desk.queries import counts
from safegrid.hazards.models import OPEN_STATES, Severity
from safegrid.territory.codes import WIDTHS, prefix_end
from safegrid.territory.models import Area


@dataclass(frozen=True)
class AreaRow:
    code: str
    name: str
    places: int
    open: int
    overdue: int
    major: int
    unled: int
    ungridded: int


def by_area(user: Any, code: str) -> list[AreaRow]:
    """One row for each area directly below `code`; three queries, whatever the size."""
    width = next((width for width in WIDTHS if width > len(code)), WIDTHS[-1])
    names = _names(code, width)
    hazards = {row["area"]: row for row in _hazards(user, code, width)}
    places = {row["area"]: row for row in _places(user, code, width)}
    known = sorted({*names, *hazards, *places})
    return [_row(one, names, hazards.get(one, {}), places.get(one, {})) for one in known]


def _names(code: str, width: int) -> dict[str, str]:
    areas = Area.objects.in_force().filter(code__gte=code, code__lt=prefix_end(code))
    rows = areas.annotate(width=Length("code")).filter(width=width)
    return dict(rows.values_list("code", "name"))


def _hazards(user: Any, code: str, width: int) -> Any:
    rows = counts.hazard_rows(user).filter(state__in=OPEN_STATES, **_below(code))
    return (
        rows.order_by()
        .annotate(area=Substr("area_code", 1, width))
        .values("area")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=counts.late()),
            major=Count("pk", filter=Q(severity=Severity.MAJOR)),
        )
    )


def _places(user: Any, code: str, width: int) -> Any:
    rows = counts.place_rows(user).filter(**_below(code)).order_by()
    return (
        rows.annotate(area=Substr("area_code", 1, width))
        .values("area")
        .annotate(
            places=Count("pk"),
            unled=Count("pk", filter=Q(lead_department__isnull=True)),
            ungridded=Count("pk", filter=Q(grid__isnull=True)),
        )
    )


def _below(code: str) -> dict[str, str]:
    return {"area_code__gte": code, "area_code__lt": prefix_end(code)}


def _row(
    code: str, names: dict[str, str], hazards: dict[str, int], places: dict[str, int]
) -> AreaRow:
    return AreaRow(
        code,
        names.get(code, code),
        places.get("places", 0),
        hazards.get("open", 0),
        hazards.get("overdue", 0),
        hazards.get("major", 0),
        places.get("unled", 0),
        places.get("ungridded", 0),
    )
