"""The whole file of one place: who answers for it, what is wrong, what happened."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from safegrid.codes.models import PlaceCode
from safegrid.codes.models import State as CodeState
from safegrid.duties.queries import Duties, resolve
from safegrid.enterprises.models import Place
from safegrid.hazards.models import Hazard, State
from safegrid.people.models import Organisation, Post, Tenure
from safegrid.people.queries import codes_above
from safegrid.people.roles import Role
from safegrid.shared import clock
from safegrid.shared.models import Entry
from safegrid.visits.models import Kind, Visit
from safegrid.visits.models import State as VisitState

VISITS_SHOWN = 6
VISITS_READ = 200
TIMELINE_SHOWN = 8
HAZARDS_READ = 200

# What an entry of the journal is about, where to read it, and when it deserves a colour.
PATHS = {"hazard": "/hazards/", "clue": "/clues/", "visit": "/visits/"}
LEVELS = {"closed": "ok", "complete": "ok", "found": "yellow", "collected": "yellow"}


@dataclass(frozen=True)
class Link:
    """One link of the chain of responsibility; `is_missing` when nobody is there."""

    title: str
    body: str
    people: str
    phone: str = ""
    why: str = ""
    is_missing: bool = False
    is_end: bool = False


@dataclass(frozen=True)
class Event:
    """An entry of the timeline as it is shown."""

    entry: Entry
    who: str
    note: str
    url: str
    level: str


@dataclass(frozen=True)
class Cap:
    """This year's inspections that count, by the authority that inspected most, and the most."""

    counted: int
    most: int
    patrols: int
    authority: str

    @property
    def is_full(self) -> bool:
        return self.counted >= self.most


@dataclass(frozen=True)
class Cases:
    """The hazards of a place: the open ones, and what this year brought."""

    open: list[Hazard]
    found: int
    closed: int


def chain(place: Place) -> tuple[list[Link], Duties]:
    """Lead and special departments, street, community and grid, keeper: from above to the door."""
    duties = resolve(place)
    tenures = _tenures(place, _bodies(place, duties))
    links = [
        _lead(place, duties, tenures),
        *_specials(duties),
        _post(tenures, "属地", Role.TOWNSHIP_OFFICER, "没有设街道安监员"),
        _ground(place, tenures),
        _principal(place),
    ]
    return links, duties


def _bodies(place: Place, duties: Duties) -> list[Any]:
    bodies = [place.lead_department_id]
    if duties.lead and duties.lead.organisation:
        bodies.append(duties.lead.organisation.pk)
    return [pk for pk in bodies if pk]


def _tenures(place: Place, bodies: list[Any]) -> list[Tenure]:
    """Who holds a post on the path to the place, or in its departments, the deepest area first."""
    local = (Role.TOWNSHIP_OFFICER, Role.COMMUNITY_HEAD, Role.GRID_WORKER)
    posts = Q(post__role__in=local) | Q(
        post__organisation__in=bodies,
        post__role__in=(Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD),
    )
    rows = Tenure.objects.on(clock.today()).filter(
        posts, post__area_code__in=codes_above(place.area_code)
    )
    rows = rows.filter(post__valid_to__isnull=True, user__is_active=True).order_by(
        "-post__area_code", "id"
    )
    return list(
        rows.select_related("user", "post__organisation", "post__area").defer(
            "post__area__boundary"
        )[:40]
    )


def _lead(place: Place, duties: Duties, tenures: list[Tenure]) -> Link:
    lead = duties.lead
    body: Organisation | None = place.lead_department or (lead.organisation if lead else None)
    if body is None:
        reason = "；".join(duties.reasons) or "责任规则里没有一条管到它"
        return Link("牵头部门", "没有牵头部门", reason, is_missing=True)
    people = [one for one in tenures if one.post.organisation_id == body.pk]
    names = "　".join(one.user.name for one in people[:2])
    phone = body.phone or next((one.post.phone for one in people if one.post.phone), "")
    agrees = bool(lead and lead.organisation and lead.organisation.pk == body.pk)
    return Link("牵头部门", body.name, names, phone, lead.why if lead and agrees else "")


def _specials(duties: Duties) -> list[Link]:
    """One link for all departments that join in."""
    bodies = [bearer.organisation for bearer in duties.specials if bearer.organisation]
    matters = [bearer.rule.matter for bearer in duties.specials if bearer.rule.matter]
    if not bodies:
        return []
    names = dict.fromkeys(body.short_name for body in bodies)
    return [Link("配合部门", "、".join(names), "、".join(dict.fromkeys(matters)))]


def _post(tenures: list[Tenure], title: str, role: str, missing: str) -> Link:
    held = _holders(tenures, role)
    if not held:
        return Link(title, missing, "", is_missing=True)
    post: Post = held[0].post
    phone = post.phone or post.organisation.phone
    return Link(title, post.organisation.name, "　".join(one.user.name for one in held), phone)


def _ground(place: Place, tenures: list[Tenure]) -> Link:
    """Community and grid, with the head and the worker."""
    if place.grid is None:
        return Link("社区·网格", "没有进网格", "没有坐标，或坐标不在任何网格里", is_missing=True)
    heads = _holders(tenures, Role.COMMUNITY_HEAD)
    workers = _holders(tenures, Role.GRID_WORKER)
    people = [f"网格长{one.user.name}" for one in heads]
    people += [f"网格员{one.user.name}" for one in workers]
    phone = next((one.post.phone for one in (*workers, *heads) if one.post.phone), "")
    said = "　".join(people) or "没有网格员"
    return Link("社区·网格", ground_name(place), said, phone, is_missing=not workers)


def ground_name(place: Place) -> str:
    """庆兴社区01网格: the last two parts of the grid's full name."""
    return "".join(place.grid.full_name.split("·")[-2:]) if place.grid else ""


def _holders(tenures: list[Tenure], role: str) -> list[Tenure]:
    """The holders of a role at the deepest area that has one."""
    held = [one for one in tenures if one.post.role == role]
    return [one for one in held if one.post.area_code == held[0].post.area_code]


def _principal(place: Place) -> Link:
    phone = place.masked_phone
    named = place.principal or "没有登记负责人"
    return Link("主体责任", place.name, named, phone, is_missing=not place.principal, is_end=True)


def cases(user: Any, place: Place) -> Cases:
    rows = Hazard.objects.allowed(user, "hazards.view").filter(place=place)
    rows = rows.filter(Q(closed_at__isnull=True) | Q(found_at__gte=new_year())).exclude(
        state=State.VOID
    )
    found = list(rows.select_related("department", "place").order_by("due_on")[:HAZARDS_READ])
    this_year = [one for one in found if one.found_at >= new_year()]
    closed = sum(one.state == State.CLOSED for one in this_year)
    return Cases([one for one in found if one.is_open], len(this_year), closed)


@dataclass(frozen=True)
class Visited:
    """The latest visits that the user may see, and this year's inspections against the cap."""

    latest: list[Visit]
    cap: Cap


def visited(user: Any, place: Place) -> Visited:
    """One query. The cap is per authority, enterprise and year, whoever inspected."""
    rows = Visit.objects.filter(place__enterprise=place.enterprise_id)
    rows = rows.exclude(state__in=(VisitState.DRAFT, VisitState.VOID))
    found = list(rows.select_related("by", "authority").order_by("-started_at")[:VISITS_READ])
    here = [visit for visit in found if visit.place_id == place.pk]
    for visit in here:
        visit.place = place
    seen = [visit for visit in here if user.covers("visits.view", visit)]
    return Visited(seen[:VISITS_SHOWN], _cap(place, found, here))


def _cap(place: Place, found: list[Visit], here: list[Visit]) -> Cap:
    counting = [one for one in found if one.counts_to_cap and one.started_at >= new_year()]
    bodies: Counter[str] = Counter(str(one.authority or "") for one in counting)
    authority, counted = next(iter(bodies.most_common(1)), ("", 0))
    patrols = sum(one.kind == Kind.PATROL and one.started_at >= new_year() for one in here)
    return Cap(counted, place.yearly_cap, patrols, authority)


def new_year() -> datetime:
    now = timezone.localtime(clock.now())
    return now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def with_plate(rows: Any) -> Any:
    """Places with the serial of the plate in use, "" without one."""
    plates = PlaceCode.objects.filter(place=OuterRef("pk"), state=CodeState.ACTIVE)
    return rows.annotate(plate=Subquery(plates.values("serial")[:1]))


def events(rows: list[Entry]) -> list[Event]:
    return [_event(entry) for entry in rows]


def _event(entry: Entry) -> Event:
    text = getattr(entry, "text", None)
    who = "　".join(part for part in (entry.post, entry.by.name if entry.by else "") if part)
    path = PATHS.get(entry.kind)
    return Event(
        entry,
        who or "自动",
        text.note if text else "",
        f"{path}{entry.subject}/" if path else "",
        LEVELS.get(entry.target, "") if entry.target != entry.source else "",
    )
