"""What a list of cases may be narrowed by, read from the query string."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.http import HttpRequest

from safegrid.enterprises.models import PlaceKind
from safegrid.hazards.models import OPEN_CLUES, OPEN_STATES, WAITING, ClueState, Origin, Severity
from safegrid.hazards.models import State as HazardState
from safegrid.people.models import Organisation, OrganisationKind
from safegrid.shared import clock, tables
from safegrid.shared.numbers import fold
from safegrid.territory import codes
from safegrid.territory.queries import children_of, codes_above, name_of

OPEN, OVERDUE, ALL = "open", "overdue", "all"
HAZARD_TABS = {
    OPEN: "未销号",
    HazardState.FOUND: "待处理",
    HazardState.ORDERED: "整改中",
    OVERDUE: "已超期",
    HazardState.REPAIRED: "待核查",
    HazardState.VERIFIED: "待复核销号",
    HazardState.CLOSED: "已销号",
    ALL: "全部",
}
CLUE_TABS = {
    OPEN: "没办完",
    ClueState.COLLECTED: "待受理",
    ClueState.ACCEPTED: "待分派",
    ClueState.ASSIGNED: "处置中",
    ClueState.HANDLED: "待反馈",
    ClueState.FED_BACK: "待核查",
    ClueState.VERIFIED: "待结案",
    OVERDUE: "已超期",
    ClueState.CLOSED: "已结案",
    ALL: "全部",
}


@dataclass(frozen=True)
class Tab:
    state: str
    title: str
    count: int | None
    is_current: bool


@dataclass(frozen=True)
class Kind:
    """What differs between the lists of hazards and of clues."""

    tabs: dict[str, str]
    open: tuple[str, ...]
    late: tuple[str, ...]


HAZARDS = Kind(HAZARD_TABS, OPEN_STATES, WAITING)
CLUES = Kind(CLUE_TABS, OPEN_CLUES, OPEN_CLUES)


@dataclass(frozen=True)
class Filters:
    """The filters that are set; "" where none is."""

    state: str
    severity: str
    origin: str
    kind: str
    department: str
    area: str
    place: str
    text: str
    is_mine: bool

    @property
    def is_set(self) -> bool:
        words = (self.severity, self.origin, self.kind, self.department, self.area, self.place)
        return any((*words, self.text, self.is_mine))

    @property
    def area_name(self) -> str:
        return name_of(self.area) if self.area else ""


def read(request: HttpRequest, kind: Kind) -> Filters:
    """Of what is asked, what makes sense; a place or words are sought among all states."""
    text = request.GET.get("q", "").strip()[:60]
    place = _uuid(request.GET.get("place", ""))
    department = request.GET.get("department", "")
    return Filters(
        state=tables.choice(request, "state", list(kind.tabs)) or (ALL if text or place else OPEN),
        severity=tables.choice(request, "severity", Severity.values),
        origin=tables.choice(request, "origin", Origin.values),
        kind=request.GET.get("kind", "")[:30],
        department=department if department.isascii() and department.isdigit() else "",
        area=codes.asked(request.GET.get("area", "")),
        place=place,
        text=text,
        is_mine=request.GET.get("mine") == "1",
    )


def narrow(rows: Any, asked: Filters, mine: Q) -> Any:
    """The rows that all filters but the state leave."""
    exact = {
        "severity": asked.severity,
        "origin": asked.origin,
        "place__kind": asked.kind,
        "department": asked.department[:9],
        "place": asked.place,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.area:
        rows = rows.filter(area_code__gte=asked.area, area_code__lt=codes.prefix_end(asked.area))
    for word in fold(asked.text).split():
        rows = rows.filter(_said(word))
    return rows.filter(mine) if asked.is_mine else rows


def _said(word: str) -> Q:
    said = Q(title__icontains=word) | Q(place__name__icontains=word)
    return said | Q(number__icontains=word) if word.isascii() else said


def in_state(rows: Any, state: str, kind: Kind) -> Any:
    """The rows of a tab, those with the nearest day first; what has ended, newest first."""
    if state == ALL:
        return rows.order_by("-pk")
    if state == HazardState.CLOSED and kind is HAZARDS:
        return rows.filter(state=state).order_by("-closed_at")
    if state == OVERDUE:
        late = rows.filter(state__in=kind.late, due_on__lt=clock.today())
        return late.order_by("due_on", "pk")
    if state == OPEN or state in kind.open:
        chosen = rows.filter(state__in=kind.open) if state == OPEN else rows.filter(state=state)
        return chosen.order_by(F("due_on").asc(nulls_last=True), "pk")
    return rows.filter(state=state).order_by("-pk")


def tabs(rows: Any, asked: Filters, kind: Kind) -> list[Tab]:
    """The tabs with the number of open rows under each, in one query."""
    late = Q(state__in=kind.late, due_on__lt=clock.today())
    counts = {state: Count("pk", filter=Q(state=state)) for state in kind.open}
    found = (
        rows.filter(state__in=kind.open)
        .order_by()
        .aggregate(**{OPEN: Count("pk"), OVERDUE: Count("pk", filter=late), **counts})
    )
    return [
        Tab(str(state), title, found.get(state), state == asked.state)
        for state, title in kind.tabs.items()
    ]


def choices(user: Any) -> dict[str, Any]:
    """What the filters offer; who holds no post needs none of them."""
    facts: dict[str, Any] = {"severities": Severity.choices, "origins": Origin.choices}
    if not user.posts:
        return facts
    code = user.posts[0].area_code
    bodies = Organisation.objects.filter(kind=OrganisationKind.DEPARTMENT)
    near = Q(area_code__in=codes_above(code)) | Q(area_code__startswith=code)
    return {
        **facts,
        "kinds": list(PlaceKind.objects.values_list("code", "name")),
        "areas": list(children_of(code).values_list("code", "name")),
        "departments": list(bodies.filter(near).values_list("pk", "short_name")[:300]),
    }


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
