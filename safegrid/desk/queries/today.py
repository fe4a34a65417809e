"""Whom to call on today and why, and how far everybody has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Q, Value, When
from django.utils import timezone

from safegrid.desk.queries import counts
from safegrid.enterprises.models import Grade, Place, PlaceState
from safegrid.hazards.models import OPEN_STATES, Hazard
from safegrid.shared import clock
from safegrid.shared.templatetags.words import day
from safegrid.visits.models import Kind, State, Visit

VISITS_A_DAY = 6
LOOK_AGAIN_DAYS = 7
SELF_CHECK_DAYS = 30


@dataclass(frozen=True)
class Call:
    """A place to visit today, with the reason for it."""

    place: Place
    label: str
    reason: str
    level: str = "none"


@dataclass(frozen=True)
class Round:
    """One worker's day: what is done, what is begun, what comes next."""

    calls: list[Call]
    done: list[Visit]
    begun: list[Visit]

    @property
    def total(self) -> int:
        return len(self.calls) + len(self.done)

    @property
    def next(self) -> Call | None:
        return self.calls[0] if self.calls else None

    @property
    def later(self) -> list[Call]:
        return self.calls[1:]


@dataclass(frozen=True)
class Worker:
    """How far one person has come today."""

    name: str
    visits: int
    problems: int


@dataclass(frozen=True)
class KeptPlace:
    """A place as its keeper sees it: when the last self-check was, what is open."""

    place: Place
    checked_at: datetime | None
    hazards: list[Hazard]

    @property
    def days(self) -> int | None:
        return (clock.now() - self.checked_at).days if self.checked_at else None

    @property
    def is_due(self) -> bool:
        return self.days is None or self.days >= SELF_CHECK_DAYS

    @property
    def days_left(self) -> int:
        return SELF_CHECK_DAYS - (self.days or 0)


def midnight() -> datetime:
    return timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)


def own_round(user: Any) -> Round:
    """Three queries: today's visits, the places that wait longest, their open hazards."""
    visits = list(
        Visit.objects.allowed(user, "visits.view")
        .filter(by=user, kind=Kind.PATROL)
        .filter(Q(started_at__gte=midnight()) | Q(state=State.DRAFT))
        .exclude(state=State.VOID)
        .select_related("place")
        .order_by("started_at")[:50]
    )
    done = [visit for visit in visits if visit.state != State.DRAFT]
    begun = [visit for visit in visits if visit.state == State.DRAFT]
    room = max(VISITS_A_DAY - len(done), 0)
    seen = [visit.place_id for visit in visits]
    places = list(_waiting_places(user).exclude(pk__in=seen)[:room]) if room else []
    return Round(_calls(user, places), done, begun)


def _waiting_places(user: Any) -> Any:
    """Open hazards not seen for a week first, then never visited, then the longest unvisited."""
    again = Q(open_hazards__gt=0, last_visited_at__lt=midnight() - timedelta(days=LOOK_AGAIN_DAYS))
    rank = Case(
        When(again, then=Value(0)),
        When(last_visited_at__isnull=True, then=Value(1)),
        When(grade__in=(Grade.RED, Grade.ORANGE), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    rows = Place.objects.allowed(user, "visits.patrol").filter(state=PlaceState.OPEN)
    return rows.filter(
        Q(last_visited_at__isnull=True) | Q(last_visited_at__lt=midnight())
    ).order_by(rank, F("last_visited_at").asc(nulls_first=True), "pk")


def _calls(user: Any, places: list[Place]) -> list[Call]:
    ids = [place.pk for place in places if place.open_hazards]
    first: dict[Any, Hazard] = {}
    if ids:
        rows = counts.hazard_rows(user).filter(place__in=ids, state__in=OPEN_STATES)
        for hazard in rows.order_by(F("due_on").asc(nulls_last=True), "found_at")[:200]:
            first.setdefault(hazard.place_id, hazard)
    return [_call(place, first.get(place.pk)) for place in places]


def _call(place: Place, hazard: Hazard | None) -> Call:
    if hazard:
        due = f"，{day(hazard.due_on)}到期" if hazard.due_on else ""
        rest = f"，另有{place.open_hazards - 1}条没销号" if place.open_hazards > 1 else ""
        reason = f"{hazard.title}，{day(hazard.found_at)}发现{due}{rest}"
        return Call(place, "该复看", reason, "red" if hazard.is_overdue else "orange")
    if place.last_visited_at is None:
        return Call(place, "还没去过", "建档后还没有走访过", "orange")
    days = (clock.now() - place.last_visited_at).days
    return Call(place, "该走访", f"上次走访是{day(place.last_visited_at)}，已过{days}天")


def workers(user: Any) -> list[Worker]:
    """Who has been out today, the busiest first; one query."""
    rows = (
        Visit.objects.allowed(user, "visits.view")
        .filter(started_at__gte=midnight(), kind=Kind.PATROL)
        .exclude(state__in=(State.DRAFT, State.VOID))
        .values("by__name")
        .annotate(visits=Count("pk"), found=Count("pk", filter=Q(problems__gt=0)))
        .order_by("-visits", "by__name")
    )
    return [Worker(row["by__name"], row["visits"], row["found"]) for row in rows[:20]]


def kept(user: Any) -> list[KeptPlace]:
    """The places the user keeps; three queries."""
    places = list(
        Place.objects.allowed(user, "enterprises.view").select_related("kind").order_by("name")[:20]
    )
    ids = [place.pk for place in places]
    checks = Visit.objects.allowed(user, "visits.view").filter(
        place__in=ids, kind=Kind.SELF_CHECK, state__in=(State.SUBMITTED, State.COMPLETE)
    )
    latest = checks.order_by().values("place_id").annotate(at=Max("submitted_at"))
    checked = {row["place_id"]: row["at"] for row in latest}
    open_hazards: dict[Any, list[Hazard]] = {}
    rows = counts.hazard_rows(user).filter(place__in=ids, state__in=OPEN_STATES)
    for hazard in rows.order_by(F("due_on").asc(nulls_last=True), "found_at")[:100]:
        open_hazards.setdefault(hazard.place_id, []).append(hazard)
    return [
        KeptPlace(place, checked.get(place.pk), open_hazards.get(place.pk, [])) for place in places
    ]
