"""Reads of cases used by several pages."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from safegrid.checklists.models import Item
from safegrid.checklists.queries import with_bases
from safegrid.enterprises.models import Place
from safegrid.hazards.models import (
    OPEN_CLUES,
    OPEN_STATES,
    WAITING,
    Clue,
    ClueState,
    Extension,
    Hazard,
    Photo,
    Severity,
    State,
    Transfer,
)
from safegrid.people.models import Organisation, OrganisationKind
from safegrid.people.queries import codes_above
from safegrid.shared import clock, journal
from safegrid.shared.models import Entry

TAKERS = (OrganisationKind.DEPARTMENT, OrganisationKind.TOWNSHIP)


def open_hazards(rows: Any) -> Any:
    return rows.filter(state__in=OPEN_STATES)


def overdue_hazards(rows: Any, on: date | None = None) -> Any:
    """Past their day and not handed in."""
    return rows.filter(state__in=WAITING, due_on__lt=on or clock.today())


def similar_clues(place: Place, item_id: int | None, title: str = "") -> Any:
    """Open clues about the same thing in the same place: the same item, or the same words."""
    same = Q(title=title) if title else Q(pk__in=[])
    if item_id:
        same |= Q(item_id=item_id)
    return Clue.objects.filter(same, place=place, state__in=OPEN_CLUES).order_by("-found_at")


def timeline(record: Any, user: Any) -> Any:
    """What happened to a case or a place; an owner does not see who reported what about it."""
    rows = journal.timeline(record._meta.model_name, record.pk)
    return rows if user.posts else rows.exclude(kind="clue")


def bodies_for(case: Any) -> Any:
    """The bodies that can be put in charge of a case, as `may_take`."""
    rows = Organisation.objects.filter(kind__in=TAKERS, valid_to__isnull=True)
    return rows.filter(area_code__in=codes_above(case.area_code))


def may_take(body: Organisation, case: Any) -> bool:
    """A department or street that still exists and whose area contains the case."""
    is_in_force = body.kind in TAKERS and body.valid_to is None
    return is_in_force and str(case.area_code).startswith(body.area_code)


def whole_hazard(rows: Any) -> Any:
    """With what its page and the objections to its steps look at."""
    extensions = Extension.objects.select_related("asked_by", "decided_by").order_by("asked_at")
    transfers = Transfer.objects.select_related("giver", "receiver", "by").order_by("at")
    return rows.select_related(
        "place__grid", "place__kind", "department", "ordering_body", "item", "plan", "supervision",
        "found_by", "ordered_by", "repaired_by", "verified_by", "clue",
    ).prefetch_related(
        Prefetch("extension_requests", extensions), Prefetch("transfers", transfers)
    )  # fmt: skip


def whole_clue(rows: Any) -> Any:
    return rows.select_related(
        "place__grid", "place__kind", "place__lead_department", "department", "item", "hazard",
        "merged_into", "found_by", "handled_by",
    )  # fmt: skip


def photos_of(case: Any) -> list[Photo]:
    return list(case.photos.select_related("by", "file"))


def item_of(case: Any) -> Item | None:
    """Its item with everything it rests on."""
    found: Item | None = with_bases(Item.objects.filter(pk=case.item_id)).first()
    return found


@dataclass(frozen=True)
class Stop:
    """A stop on the way of a case; `state` is done, now or "" for what comes."""

    name: str
    note: str = ""
    at: Any = None
    who: str = ""
    state: str = ""


def way_of_hazard(hazard: Hazard) -> list[Stop]:
    """Where it has been and where it goes."""
    if hazard.state == State.VOID:
        found = Stop("发现", at=hazard.found_at, who=_name(hazard.found_by), state="done")
        return [found, Stop("作废", state="now")]
    order = f"{hazard.manner}整改" if hazard.manner else "定期限"
    body = hazard.ordering_body.short_name if hazard.ordering_body else ""
    stops = [
        Stop("发现", at=hazard.found_at, who=_name(hazard.found_by)),
        Stop(order, at=hazard.ordered_at, who=f"{body} {_name(hazard.ordered_by)}".strip()),
        Stop("整改", at=hazard.repaired_at, who="场所交回" if hazard.repaired_at else ""),
        Stop("核查", at=hazard.verified_at, who=_name(hazard.verified_by)),
    ]
    if hazard.severity == Severity.MAJOR:
        stops.append(Stop("复核", note="另一位负责人确认", at=hazard.closed_at))
    stops.append(Stop("销号", at=hazard.closed_at))
    return _marked(stops, _reached(hazard, len(stops)))


def _reached(hazard: Hazard, stops: int) -> int:
    """How many stops lie behind it."""
    behind = {State.FOUND: 1, State.ORDERED: 2, State.REPAIRED: 3, State.VERIFIED: 4}
    return behind.get(State(hazard.state), stops)


CLUE_WAY = {
    ClueState.COLLECTED: ("报告", "collect_clue"),
    ClueState.ACCEPTED: ("受理", "accept_clue"),
    ClueState.ASSIGNED: ("分派", "assign_clue"),
    ClueState.HANDLED: ("处置", "handle_clue"),
    ClueState.FED_BACK: ("反馈", "feed_back_clue"),
    ClueState.VERIFIED: ("核查", "verify_clue"),
    ClueState.CLOSED: ("结案", "close_clue"),
}


def way_of_clue(clue: Clue, entries: list[Entry]) -> list[Stop]:
    """Where it has been, by whom, from its entries (newest first), and where it goes."""
    done: dict[str, Entry] = {}
    for entry in entries:
        done.setdefault(entry.step.removeprefix("hazards."), entry)
    if "confirm_clue" in done:
        done["handle_clue"] = done["confirm_clue"]
    stops = [_clue_stop(name, done.get(step)) for name, step in CLUE_WAY.values()]
    if clue.state in CLUE_WAY:
        return _marked(stops, list(CLUE_WAY).index(ClueState(clue.state)) + 1)
    been = [stop for stop in stops if stop.at]
    return [*_marked(been, len(been)), Stop(clue.get_state_display(), state="now")]


def _clue_stop(name: str, entry: Entry | None) -> Stop:
    if entry is None:
        return Stop(name)
    return Stop(name, at=entry.at, who=_name(entry.by) if entry.by_id else "群众")


def _marked(stops: list[Stop], reached: int) -> list[Stop]:
    """The stops with what is done, what is now, and nothing said of what is to come."""
    done = [Stop(one.name, one.note, one.at, one.who, "done") for one in stops[:reached]]
    rest = [Stop(one.name, one.note) for one in stops[reached:]]
    if rest:
        rest[0] = Stop(rest[0].name, rest[0].note, state="now")
    return [*done, *rest]


def _name(user: Any) -> str:
    return user.name if user else ""
