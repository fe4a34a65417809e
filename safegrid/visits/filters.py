"""What the list of visits may be narrowed by, read from the query string."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from safegrid.shared import clock, tables
from safegrid.territory import codes
from safegrid.territory.queries import name_of
from safegrid.visits.models import Kind

KINDS = [(kind.value, kind.label) for kind in (Kind.PATROL, Kind.INSPECTION, Kind.SELF_CHECK)]
PERIODS = {"today": "今天", "week": "近7天", "month": "近30天", "year": "今年"}
DAYS = {"today": 0, "week": 6, "month": 29}


@dataclass(frozen=True)
class Filters:
    """The filters that are set; "" where none is."""

    kind: str
    period: str
    area: str
    place: str
    is_mine: bool
    has_problems: bool

    @property
    def is_set(self) -> bool:
        words = (self.kind, self.period, self.area, self.place)
        return any((*words, self.is_mine, self.has_problems))

    @property
    def area_name(self) -> str:
        return name_of(self.area) if self.area else ""


def read(request: HttpRequest) -> Filters:
    """Of what is asked, what makes sense."""
    period = tables.choice(request, "period", list(PERIODS))
    return Filters(
        kind=tables.choice(request, "kind", Kind.values),
        period="today" if request.GET.get("today") == "1" else period,
        area=codes.asked(request.GET.get("area", "")),
        place=_uuid(request.GET.get("place", "")),
        is_mine=request.GET.get("mine") == "1",
        has_problems=request.GET.get("problems") == "1",
    )


def narrow(rows: Any, asked: Filters, user: Any) -> Any:
    """Submitted visits, also those voided later, that the filters leave, the newest first."""
    rows = rows.filter(submitted_at__isnull=False)
    exact = {"kind": asked.kind, "place": asked.place}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.period:
        rows = rows.filter(started_at__gte=_since(asked.period))
    if asked.area:
        rows = rows.filter(area_code__gte=asked.area, area_code__lt=codes.prefix_end(asked.area))
    if asked.is_mine:
        rows = rows.filter(by=user)
    return rows.filter(problems__gt=0) if asked.has_problems else rows


def _since(period: str) -> datetime:
    """The first moment of the period in the city's time zone."""
    today = clock.today()
    first = date(today.year, 1, 1) if period == "year" else today - timedelta(DAYS[period])
    return timezone.make_aware(datetime(first.year, first.month, first.day))


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
