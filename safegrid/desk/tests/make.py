"""Plain rows for the pages of the desk; fixed values, no rule of their packages."""

from datetime import timedelta
from typing import Any

from safegrid.enterprises.models import Place
from safegrid.hazards.models import OPEN_STATES, Clue, ClueState, Hazard, Origin, State
from safegrid.notices.models import Notice
from safegrid.people.models import User
from safegrid.shared import clock, journal
from safegrid.visits.models import Kind, Visit
from safegrid.visits.models import State as VisitState


def hazard(place: Place, title: str = "安全出口上锁", **changes: Any) -> Hazard:
    facts = {
        "number": f"YH-{Hazard.objects.count() + 1:04}",
        "place": place,
        "area_code": place.area_code,
        "title": title,
        "department": place.lead_department,
        "origin": Origin.INSPECTION,
    }
    row = Hazard.objects.create(**{**facts, **changes})
    count = Hazard.objects.filter(place=place, state__in=OPEN_STATES).count()
    Place.objects.filter(pk=place.pk).update(open_hazards=count)
    return row


def overdue(place: Place, days: int = 3, **changes: Any) -> Hazard:
    due = clock.today() - timedelta(days=days)
    return hazard(place, **{"state": State.ORDERED, "due_on": due, **changes})


def clue(place: Place, by: User | None = None, **changes: Any) -> Clue:
    facts = {
        "number": f"XS-{Clue.objects.count() + 1:04}",
        "place": place,
        "area_code": place.area_code,
        "title": "楼梯间停放电动自行车",
        "state": ClueState.COLLECTED,
        "origin": Origin.PATROL,
        "found_by": by,
    }
    return Clue.objects.create(**{**facts, **changes})


def visit(place: Place, by: User, **changes: Any) -> Visit:
    facts = {
        "number": f"ZF-{Visit.objects.count() + 1:04}",
        "kind": Kind.PATROL,
        "state": VisitState.COMPLETE,
        "place": place,
        "area_code": place.area_code,
        "by": by,
        "submitted_at": clock.now(),
    }
    return Visit.objects.create(**{**facts, **changes})


def notice(user: User, place: Place, title: str = "线索等您分派", **changes: Any) -> Notice:
    entry = journal.record("hazards.accept_clue", "受理线索", place)
    facts: dict[str, Any] = {"entry": entry, "title": title, "url": f"/places/{place.pk}/"}
    facts |= {"post": user.posts[0]} if user.posts else {"user": user}
    return Notice.objects.create(**{**facts, **changes})
