"""Reads of visits: the items for a place today, the count against the yearly cap."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from safegrid.checklists.models import Checklist, ContentState, Item
from safegrid.checklists.queries import items_for
from safegrid.enterprises.models import Place
from safegrid.hazards.models import OPEN_CLUES, OPEN_STATES, Clue, Hazard
from safegrid.people.models import Organisation
from safegrid.shared import clock
from safegrid.territory.codes import prefix_end
from safegrid.visits.choosing import RULES, Chosen, Past, choose
from safegrid.visits.models import Kind, Result, State, Visit, VisitItem

DONE = (State.SUBMITTED, State.COMPLETE)


@dataclass(frozen=True)
class Cap:
    """How often this authority inspected this enterprise this year, and how often it may."""

    used: int
    most: int

    @property
    def is_reached(self) -> bool:
        return self.used >= self.most


def choose_items(place: Place, kind: str, on: date | None = None) -> list[Chosen]:
    """The 8–15 items for this place today, each with its reason."""
    on = on or clock.today()
    return choose(all_items(place, kind), _past(place, on), on)


def all_items(place: Place, kind: str) -> list[Item]:
    """Every item of the lists for the kinds of this place; owners get those for self-checks."""
    items = _published(tuple(place.kinds), _edition())
    if kind == Kind.SELF_CHECK:
        return [item for item in items if item.is_for_self_check]
    return items


def cap_of(place: Place, authority: Organisation, year: int) -> Cap:
    """Inspections that count: per authority, enterprise and year (国办发〔2024〕54号)."""
    used = Visit.objects.filter(
        authority=authority,
        year=year,
        counts_to_cap=True,
        place__enterprise=place.enterprise_id,
        state__in=DONE,
    ).count()
    return Cap(used, place.yearly_cap)


def within(rows: Any, area: str) -> Any:
    """Visits in an area and everything below it."""
    return rows.filter(area_code__gte=area, area_code__lt=prefix_end(area))


def begun_today(rows: Any) -> Any:
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return rows.filter(started_at__gte=midnight)


def at_place(rows: Any, place: str) -> Any:
    """Visits of the place with this id; of none when it is no id."""
    try:
        return rows.filter(place=UUID(place))
    except ValueError:
        return rows.none()


def drafts_of(user: Any, place: Place) -> Any:
    """This person's unfinished visits here."""
    return Visit.objects.filter(by=user, place=place, state=State.DRAFT).order_by("-started_at")


def cases_of(visit: Visit) -> list[Any]:
    """The clues and hazards that came of a visit."""
    return [
        *Clue.objects.filter(origin_id=visit.pk).select_related("item"),
        *Hazard.objects.filter(origin_id=visit.pk).select_related("item", "department"),
    ]


def _past(place: Place, on: date) -> Past:
    since = clock.now() - timedelta(days=RULES["recent_days"])
    open_hazards = Hazard.objects.filter(place=place, state__in=OPEN_STATES, item__isnull=False)
    open_clues = Clue.objects.filter(place=place, state__in=OPEN_CLUES, item__isnull=False)
    still_open = open_hazards.order_by().values_list("item__code").union(
        open_clues.order_by().values_list("item__code")
    )
    answers = (
        VisitItem.objects.filter(visit__place=place, visit__started_at__gte=since)
        .exclude(result__in=("", Result.NOT_APPLICABLE))
        .order_by()
        .values_list("item__code", "result")
        .annotate(at=Max("answered_at"))
    )
    problems, looks = {}, {}
    for code, result, at in answers:
        if at is None:
            continue
        looks[code] = max(at, looks.get(code, at))
        if result == Result.PROBLEM:
            problems[code] = at
    return Past(frozenset(code for (code,) in still_open), problems, looks)


def _edition() -> Any:
    """Changes when a list is published; one cheap query."""
    return Checklist.objects.filter(state=ContentState.PUBLISHED).aggregate(at=Max("published_at"))[
        "at"
    ]


@lru_cache(maxsize=256)
def _published(kinds: tuple[str, ...], edition: Any) -> list[Item]:
    return list(items_for(kinds))
