"""Who may make which kind of visit. One rule for every route: page, API, import, phone."""

from datetime import date
from typing import Any

from safegrid.enterprises.models import Enterprise, Place
from safegrid.people.models import Organisation, User
from safegrid.people.queries import inspectors
from safegrid.shared import clock
from safegrid.shared.refusals import NotAllowed, StepRefused
from safegrid.visits.models import Cause, Kind
from safegrid.visits.queries import cap_of

INSPECT = "visits.inspect"
PERMISSIONS: dict[str, str] = {
    Kind.PATROL: "visits.patrol",
    Kind.INSPECTION: INSPECT,
    Kind.SELF_CHECK: "visits.self_check",
}


def check(place: Place, kind: str, by: User) -> str:
    """The permission under which `by` makes this kind of visit here; raises NotAllowed."""
    permission = PERMISSIONS.get(kind)
    if permission is None or not by.covers(permission, place):
        raise NotAllowed("不在您的职责范围内")
    return permission


def inspection(
    place: Place,
    *,
    by: User,
    second: User | None,
    basis: str,
    cause: str,
    cause_note: str,
    on: date | None = None,
) -> dict[str, Any]:
    """The lawful facts of an inspection on a day; raises StepRefused with what is missing.

    Two different officers of one authority with power here and certificates valid that day, a
    basis, a cause, the yearly cap (安全生产法, 国办发〔2024〕54号). Call it inside a transaction:
    the enterprise is locked while its inspections are counted.
    """
    on = on or clock.today()
    post = by.post_for(INSPECT, place)
    if post is None:
        raise NotAllowed("不在您的职责范围内")
    authority = post.organisation
    second = _second(second, by, place, authority)
    certificates = [_certificate(one, on) for one in (by, second)]
    counts = _cause(basis, cause, cause_note)
    if counts:
        _within_cap(place, authority, on.year)
    return {
        "second": second,
        "certificates": certificates,
        "authority": authority,
        "basis": basis.strip(),
        "cause": cause,
        "cause_note": cause_note.strip(),
        "counts_to_cap": counts,
        "year": on.year,
    }


def seconds_for(by: User, place: Place, on: date | None = None) -> list[User]:
    """Colleagues of the same authority who may be the second officer here that day."""
    post = by.post_for(INSPECT, place)
    if post is None:
        return []
    on = on or clock.today()
    return [one for one in inspectors(post) if one.pk != by.pk and not certificate_fault(one, on)]


def certificate_fault(officer: User, on: date) -> str:
    """What is wrong with the officer's certificate on a day; "" when nothing is."""
    if not officer.certificate or officer.certificate_until is None:
        return f"{officer.name}没有登记执法证和有效期"
    if officer.certificate_until < on:
        return f"{officer.name}的执法证{officer.certificate_until}已到期"
    return ""


def kinds_open_to(user: User, place: Place) -> list[Kind]:
    """The kinds of visit that this user may make here."""
    return [Kind(kind) for kind, need in PERMISSIONS.items() if user.covers(need, place)]


def _second(second: User | None, by: User, place: Place, authority: Organisation) -> User:
    if second is None or second.pk == by.pk:
        raise StepRefused("检查要两名执法人员，选第二名")
    posts = second.posts_granting(INSPECT)
    if not any(post.organisation_id == authority.pk and post.covers(place) for post in posts):
        raise StepRefused(f"{second.name}不是{authority.short_name}在这里有检查权的人")
    return second


def _certificate(officer: User, on: date) -> str:
    if fault := certificate_fault(officer, on):
        raise StepRefused(fault)
    return officer.certificate


def _cause(basis: str, cause: str, cause_note: str) -> bool:
    """Whether the inspection counts against the cap; a stated cause exempts it."""
    if not basis.strip():
        raise StepRefused("写明检查依据")
    if cause not in Cause.values:
        raise StepRefused("选检查事由")
    counts = cause == Cause.DAILY
    if not counts and not cause_note.strip():
        raise StepRefused("写明事由的来龙去脉：哪条举报、哪次交办")
    return counts


def _within_cap(place: Place, authority: Organisation, year: int) -> None:
    Enterprise.objects.select_for_update().get(pk=place.enterprise_id)
    cap = cap_of(place, authority, year)
    if cap.is_reached:
        raise StepRefused(
            f"{authority.short_name}{year}年已检查{cap.used}次，上限{cap.most}次；"
            "有举报、转办、线索、报警、事故的，选那一种事由并写明"
        )
