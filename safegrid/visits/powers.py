"""Who may make which kind of visit. One rule for every route: page, API, import, phone."""

from collections.abc import Iterable
from typing import Any

from safegrid.enterprises.models import Place
from safegrid.people.models import Organisation, User
from safegrid.shared import clock
from safegrid.shared.refusals import NotAllowed, StepRefused
from safegrid.visits.models import Cause, Kind
from safegrid.visits.queries import cap_of

PERMISSIONS: dict[str, str] = {
    Kind.PATROL: "visits.patrol",
    Kind.INSPECTION: "visits.inspect",
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
) -> dict[str, Any]:
    """The lawful facts of an inspection; raises StepRefused with what is missing.

    Two different officers with valid certificates, a basis, a cause, the yearly cap
    (安全生产法 and 国办发〔2024〕54号, see docs/guides/department.md).
    """
    post = by.post_for("visits.inspect", place)
    if post is None:
        raise NotAllowed("不在您的职责范围内")
    if second is None or second.pk == by.pk:
        raise StepRefused("检查要两名执法人员，选第二名")
    if not second.covers("visits.inspect", place):
        raise StepRefused(f"{second.name}在这里没有检查权")
    certificates = [_certificate(one) for one in (by, second)]
    if not basis.strip():
        raise StepRefused("写明检查依据")
    if cause not in Cause.values:
        raise StepRefused("选检查事由")
    counts = cause == Cause.DAILY
    if not counts and not cause_note.strip():
        raise StepRefused("写明事由的来龙去脉：哪条举报、哪次交办")
    authority, year = post.organisation, clock.today().year
    if counts:
        _within_cap(place, authority, year)
    return {
        "second": second,
        "certificates": certificates,
        "authority": authority,
        "basis": basis.strip(),
        "cause": cause,
        "cause_note": cause_note.strip(),
        "counts_to_cap": counts,
        "year": year,
    }


def kinds_open_to(user: User, place: Place) -> Iterable[Kind]:
    """The kinds of visit that this user may make here."""
    return [Kind(kind) for kind, need in PERMISSIONS.items() if user.covers(need, place)]


def _certificate(officer: User) -> str:
    if not officer.certificate:
        raise StepRefused(f"{officer.name}没有登记执法证")
    if officer.certificate_until and officer.certificate_until < clock.today():
        raise StepRefused(f"{officer.name}的执法证已过期")
    return officer.certificate


def _within_cap(place: Place, authority: Organisation, year: int) -> None:
    cap = cap_of(place, authority, year)
    if cap.is_reached:
        raise StepRefused(
            f"{authority.short_name}今年已检查{cap.used}次，上限{cap.most}次；"
            "有举报、转办、线索、报警、事故的，选那一种事由并写明"
        )
