"""Reads of visits: the items for a place today, the count against the yearly cap."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, Max, Q, When

from safegrid.checklists.models import Checklist, ContentState, Item
from safegrid.checklists.queries import lists_for
from safegrid.enterprises.models import Place
from safegrid.hazards.models import OPEN_CLUES, OPEN_STATES, Clue, ClueState, Hazard
from safegrid.hazards.models import State as HazardState
from safegrid.people.models import Organisation
from safegrid.shared import clock
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
    """The 8–15 items for this place that day, each with its reason; at most four queries."""
    on = on or clock.today()
    return choose(all_items(place, kind), _past(place, on), on)


def all_items(place: Place, kind: str) -> list[Item]:
    """Every item of the lists for the kinds of this place; owners get those for self-checks."""
    lists = lists_for(place.kinds)
    items = _items(tuple((one.pk, one.digest, one.published_at) for one in lists))
    if kind == Kind.SELF_CHECK:
        return [item for item in items if item.is_for_self_check]
    return items


def items_in_use() -> dict[str, Item]:
    """The items of all published lists by id and by code; one small query when nothing changed."""
    lists = Checklist.objects.filter(state=ContentState.PUBLISHED).order_by("pk")
    return _by_name(tuple(lists.values_list("pk", "digest", "published_at")))


def cap_of(place: Place, authority: Organisation, year: int) -> Cap:
    """Inspections that count: per authority, enterprise and year (国办发〔2024〕54号).

    One that is under way holds its place, so that two begun at once can't both be the last; one
    forgotten as a draft gives it up after a day.
    """
    forgotten = Q(state=State.DRAFT, started_at__lt=clock.now() - timedelta(days=1))
    used = (
        Visit.objects.filter(
            authority=authority,
            year=year,
            counts_to_cap=True,
            place__enterprise=place.enterprise_id,
        )
        .exclude(Q(state=State.VOID) | forgotten)
        .count()
    )
    return Cap(used, place.yearly_cap)


def drafts_of(user: Any, place: Place) -> Any:
    """This person's unfinished visits here."""
    return Visit.objects.filter(by=user, place=place, state=State.DRAFT).order_by("-started_at")


def cases_of(visit: Visit, user: Any) -> list[Any]:
    """The clues and hazards that came of a visit; an owner does not see what was reported."""
    clues = Clue.objects.filter(origin_id=visit.pk) if user.posts else Clue.objects.none()
    return [
        *clues.select_related("item"),
        *Hazard.objects.filter(origin_id=visit.pk).select_related("item", "department"),
    ]


def _past(place: Place, on: date) -> Past:
    since = clock.now() - timedelta(days=RULES["recent_days"])
    still_open, problems = _cases(place, since)
    looks: dict[str, datetime] = {}
    answers = (
        VisitItem.objects.filter(visit__place=place, visit__state__in=DONE)
        .exclude(result__in=("", Result.NOT_APPLICABLE))
        .order_by()
        .values_list("item__code", "result")
        .annotate(at=Max("answered_at"))
    )
    for code, result, at in answers:
        if at is None:
            continue
        looks[code] = max(at, looks.get(code, at))
        if result == Result.PROBLEM and at >= since:
            problems[code] = max(at, problems.get(code, at))
    return Past(still_open, problems, looks)


def _cases(place: Place, since: datetime) -> tuple[frozenset[str], dict[str, datetime]]:
    """Items with an open case, and when each was last found wrong since then, however found."""
    hazards = _found(Hazard, place, since, [str(state) for state in OPEN_STATES])
    clues = _found(Clue, place, since, [str(state) for state in OPEN_CLUES])
    still_open: set[str] = set()
    problems: dict[str, datetime] = {}
    for code, is_open, at in hazards.union(clues, all=True):
        if is_open:
            still_open.add(code)
        if at >= since:
            problems[code] = max(at, problems.get(code, at))
    return frozenset(still_open), problems


def _found(model: Any, place: Place, since: datetime, open_states: list[str]) -> Any:
    is_open = Q(state__in=open_states)
    no_case = Q(state__in=(HazardState.VOID, ClueState.DISMISSED, ClueState.MERGED))
    rows = model.objects.filter(is_open | Q(found_at__gte=since), place=place, item__isnull=False)
    rows = rows.exclude(no_case).order_by()
    flagged = rows.annotate(is_open=Case(When(is_open, then=1), default=0))
    return flagged.values_list("item__code", "is_open", "found_at")


@lru_cache(maxsize=4)
def _by_name(lists: tuple[tuple[Any, ...], ...]) -> dict[str, Item]:
    items = _items(lists)
    return {str(item.pk): item for item in items} | {item.code: item for item in items}


@lru_cache(maxsize=256)
def _items(lists: tuple[tuple[Any, ...], ...]) -> list[Item]:
    """The items of published lists, which never change; kept by list, content and day."""
    rows = Item.objects.filter(checklist__in=[pk for pk, _, _ in lists])
    return list(rows.select_related("checklist"))
