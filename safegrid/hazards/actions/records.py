"""How cases are born: hazards and clues recorded, pictures put beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from safegrid.checklists.models import Item
from safegrid.checklists.models import Severity as ItemSeverity
from safegrid.enterprises.models import Place
from safegrid.hazards import limits
from safegrid.hazards.models import Case, Clue, ClueState, Hazard, Origin, Photo, Severity, Stage
from safegrid.people.models import Organisation
from safegrid.shared import clock, journal
from safegrid.shared.ids import uuid7
from safegrid.shared.models import StoredFile
from safegrid.shared.refusals import NotAllowed
from safegrid.shared.series import next_number

# What one must be allowed to do at the place in order to record a hazard of that origin.
NEEDS = {
    Origin.SELF_CHECK: "visits.self_check",
    Origin.CLUE: "hazards.confirm_clue",
}
RECORD, COLLECT = "hazards.record", "hazards.collect_clue"


@dataclass
class Finding:
    """One thing found: the facts of a case before it is one."""

    title: str
    item: Item | None = None
    note: str = ""
    spot: str = ""
    severity: str = ""
    id: UUID | None = None
    photos: Sequence[StoredFile] = ()


def record(*, by: Any, place: Place, origin: str, **facts: Any) -> Hazard:
    """Record one hazard; `facts` are those of `Finding` and of `record_many`."""
    names = ("origin_id", "department", "found_at", "clue")
    shared = {name: facts.pop(name) for name in names if name in facts}
    return record_many([_finding(facts)], by=by, place=place, origin=origin, **shared)[0]


@transaction.atomic
def record_many(
    findings: Iterable[Finding],
    *,
    by: Any,
    place: Place,
    origin: str,
    origin_id: UUID | None = None,
    department: Organisation | None = None,
    found_at: datetime | None = None,
    clue: Clue | None = None,
) -> list[Hazard]:
    """Record hazards of one place in a few statements; a major item makes them suspected only.

    Without `by` they come from a machine. What is confirmed from a clue needs the right on that
    clue, as its department need not lead the place. Raises `NotAllowed`.
    """
    findings = list(findings)
    _check(by, NEEDS.get(Origin(origin), RECORD), clue or place, "登记隐患")
    shared = _shared(place, origin, clue.pk if clue else origin_id, found_at, by)
    if department:
        shared["department_id"] = department.pk
    rows: list[Hazard] = _cases(Hazard, "YH", findings, shared)
    for row in rows:
        days = row.item.deadline_days if row.item else None
        row.due_on = limits.hazard_due(clock.day_of(row.found_at), days)
    _write(rows, findings, "hazards.record", "登记隐患", by)
    count_open(place.pk, len(rows))
    return rows


def collect_clue(*, by: Any, place: Place, origin: str, **facts: Any) -> Clue:
    """Report one clue; `facts` are those of `Finding` and of `collect_many`."""
    shared = {name: facts.pop(name) for name in ("origin_id", "found_at") if name in facts}
    return collect_many([_finding(facts)], by=by, place=place, origin=origin, **shared)[0]


@transaction.atomic
def collect_many(
    findings: Iterable[Finding],
    *,
    by: Any,
    place: Place,
    origin: str,
    origin_id: UUID | None = None,
    found_at: datetime | None = None,
) -> list[Clue]:
    """Report clues about one place in a few statements; without `by` they come from the public.

    Raises `NotAllowed`.
    """
    findings = list(findings)
    _check(by, COLLECT, place, "报线索")
    shared = _shared(place, origin, origin_id, found_at, by)
    rows: list[Clue] = _cases(Clue, "XS", findings, shared)
    for row in rows:
        row.due_on = limits.clue_due(clock.today(), ClueState.COLLECTED)
    _write(rows, findings, COLLECT, "报线索", by)
    return rows


def add_photos(pairs: Iterable[tuple[Case, StoredFile]], stage: str, *, by: Any) -> None:
    """Put pictures beside their cases."""
    Photo.objects.bulk_create(
        Photo(
            hazard=case if isinstance(case, Hazard) else None,
            clue=case if isinstance(case, Clue) else None,
            file=file,
            stage=stage,
            by=by,
        )
        for case, file in pairs
    )


def count_open(place_id: Any, change: int) -> None:
    """Keep the number of open hazards that stands on the place."""
    if change:
        Place.objects.filter(pk=place_id).update(open_hazards=F("open_hazards") + change)


def severity_of(item: Item | None) -> str:
    """An item that can be major makes a suspicion, never a verdict."""
    is_major = item is not None and item.severity == ItemSeverity.MAJOR
    return Severity.SUSPECTED if is_major else Severity.GENERAL


def _finding(facts: dict[str, Any]) -> Finding:
    return Finding(**{name: value for name, value in facts.items() if value is not None})


def _check(by: Any, permission: str, where: Place | Clue, label: str) -> None:
    if by is not None and not by.covers(permission, where):
        raise NotAllowed(f"{label}：不在您的职责范围内")


def _shared(
    place: Place, origin: str, origin_id: UUID | None, found_at: datetime | None, by: Any
) -> dict[str, Any]:
    """What all findings of one occasion share."""
    return {
        "place": place,
        "area_code": place.area_code,
        "department_id": place.lead_department_id,
        "origin": origin,
        "origin_id": origin_id,
        "found_at": found_at or clock.now(),
        "found_by": by,
    }


def _cases(
    model: type[Any], series: str, findings: list[Finding], shared: dict[str, Any]
) -> list[Any]:
    numbers = next_number(series, len(findings)) if findings else []
    return [
        model(
            id=one.id or uuid7(shared["found_at"]),
            number=number,
            item=one.item,
            title=one.title[:200],
            note=one.note,
            spot=one.spot[:60],
            severity=_claimed(one),
            **shared,
        )
        for one, number in zip(findings, numbers, strict=True)
    ]


def _claimed(finding: Finding) -> str:
    """As bad as the finder or the item says, but never major before a department has judged."""
    worse = {Severity.SUSPECTED, Severity.MAJOR}
    if finding.severity in worse or severity_of(finding.item) in worse:
        return Severity.SUSPECTED
    return Severity.GENERAL


def _write(rows: list[Any], findings: list[Finding], step: str, label: str, by: Any) -> None:
    if not rows:
        return
    type(rows[0]).objects.bulk_create(rows)
    pairs = list(zip(rows, findings, strict=True))
    photos = [(row, file) for row, one in pairs for file in one.photos]
    if photos:
        add_photos(photos, Stage.BEFORE, by=by)
    post = by.post_name(_permission(rows[0]), rows[0]) if by else ""
    journal.write(_born(row, step, label, by, post) for row in rows)


def _permission(row: Case) -> str:
    return COLLECT if isinstance(row, Clue) else NEEDS.get(Origin(row.origin), RECORD)


def _born(row: Any, step: str, label: str, by: Any, post: str) -> journal.Draft:
    return journal.draft(
        step,
        label,
        row,
        by=by,
        post=post,
        about=[row.place],
        area_code=row.area_code,
        target=row.state,
        changes={
            "severity": row.severity,
            "origin": row.origin,
            "item": row.item.code if row.item else None,
        },
        note="。".join(part for part in (row.title, row.spot, row.note) if part),
    )
