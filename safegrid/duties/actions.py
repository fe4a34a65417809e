"""Rules of responsibility made, ended and put into effect; each change is in the journal."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from safegrid.duties.models import DutyKind, DutyRule, Line
from safegrid.duties.queries import Duties, Resolver
from safegrid.enterprises import actions as enterprises
from safegrid.enterprises.industries import check_industry
from safegrid.enterprises.models import Place, PlaceKind
from safegrid.people.models import Organisation, User
from safegrid.shared import clock, journal
from safegrid.shared.refusals import NotAllowed, StepRefused
from safegrid.territory.codes import prefix_end
from safegrid.territory.models import Area

_DATA = Path(__file__).parent / "data"
EDIT = "duties.edit"
ASSIGN_BATCH = 1000
DEFAULTS_FROM = date(2000, 1, 1)


@transaction.atomic
def load_lines() -> int:
    """Load the packaged department lines; a line the city has changed stays as it is."""
    rows = _read("lines.yaml")
    known = set(Line.objects.values_list("code", flat=True))
    new = [
        Line(order=order, **row) for order, row in enumerate(rows, 1) if row["code"] not in known
    ]
    Line.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def load_rules(area_code: str, *, by: User | None = None) -> int:
    """The packaged default duties for an area, marked as not confirmed; once for each area."""
    area = Area.objects.get(code=area_code)
    load_lines()
    if DutyRule.objects.filter(area_code=area_code).exists():
        return 0
    basis = _read("rules.yaml")["basis"]
    rules = [
        DutyRule(area_code=area_code, number=number, basis=basis, valid_from=DEFAULTS_FROM, **row)
        for number, row in enumerate(_default_rules(), 1)
    ]
    DutyRule.objects.bulk_create(rules)
    journal.record(
        "duties.load_rules",
        "装入默认责任规则",
        area,
        by=by,
        area_code=area_code,
        changes={"rules": [0, len(rules)]},
    )
    return len(rules)


@transaction.atomic
def add_rule(
    *,
    area_code: str,
    duty: str,
    line: Line | str,
    basis: str,
    kind: str = "",
    industry: str = "",
    matter: str = "",
    is_confirmed: bool = False,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: User | None = None,
) -> DutyRule:
    """A new rule of an area, numbered within it.

    Raises ValidationError for an unknown area, kind, line or industry, or days out of order.
    """
    rule = DutyRule(
        area_code=area_code,
        number=_next_number(area_code),
        kind=kind,
        industry=_industry(industry),
        matter=matter.strip(),
        duty=duty,
        line_id=line.pk if isinstance(line, Line) else line,
        basis=basis.strip(),
        is_confirmed=is_confirmed,
        valid_from=valid_from or clock.today(),
        valid_to=valid_to,
    )
    if by is not None and not by.covers(EDIT, rule):
        raise NotAllowed("不在您的职责范围内")
    _check(rule)
    rule.save()
    facts = {name: [None, str(value)] for name, value in _facts(rule).items() if value}
    _journal("duties.add_rule", "定责任规则", rule, by, facts)
    return rule


@transaction.atomic
def close_rule(
    rule: DutyRule,
    *,
    by: User | None,
    valid_to: date | None = None,
    reason: str = "",
    version: int | None = None,
) -> DutyRule:
    """End a rule on a day, today unless told; what it decided before stays decided."""
    rows = DutyRule.objects.all() if by is None else DutyRule.objects.allowed(by, EDIT)
    locked: DutyRule | None = rows.select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if locked is None:
        raise NotAllowed("不在您的职责范围内")
    locked.expect(version)
    valid_to = valid_to or clock.today()
    if locked.valid_to is not None and locked.valid_to <= clock.today():
        raise StepRefused(f"{locked}已经在{locked.valid_to}失效")
    if valid_to < locked.valid_from:
        raise ValidationError({"valid_to": f"失效不能早于生效（{locked.valid_from}）"})
    before, locked.valid_to = locked.valid_to, valid_to
    locked.version += 1
    locked.save()
    changes = {"valid_to": [before and str(before), str(valid_to)]}
    _journal("duties.close_rule", "废止责任规则", locked, by, changes, reason.strip())
    return locked


@transaction.atomic
def assign(places: Iterable[Place], *, by: User | None = None) -> int:
    """Write on each place who leads by the rules of today; return how many changed."""
    return assign_with(Resolver(), places, by=by)


@transaction.atomic
def assign_with(resolver: Resolver, places: Iterable[Place], *, by: User | None = None) -> int:
    """`assign` with rules already read."""
    return enterprises.set_lead_departments(
        ((place, _body(found), _reason(found)) for place, found in _resolved(resolver, places)),
        by=by,
    )


def assign_below(area_code: str, resolver: Resolver) -> int:
    """Assign all places of an area, a batch at a time."""
    rows = Place.objects.filter(area_code__gte=area_code, area_code__lt=prefix_end(area_code))
    changed, last = 0, None
    while batch := list((rows.filter(pk__gt=last) if last else rows).order_by("pk")[:ASSIGN_BATCH]):
        changed += assign_with(resolver, batch)
        last = batch[-1].pk
    return changed


def _resolved(resolver: Resolver, places: Iterable[Place]) -> Iterator[tuple[Place, Duties]]:
    return ((place, resolver.duties(place)) for place in places)


def _body(duties: Duties) -> Organisation | None:
    return duties.lead.organisation if duties.lead else None


def _reason(duties: Duties) -> str:
    return duties.reasons[0] if duties.reasons else ""


def _check(rule: DutyRule) -> None:
    errors = {}
    if not Area.objects.filter(code=rule.area_code).exists():
        errors["area_code"] = "没有这个范围"
    if rule.kind and not PlaceKind.objects.filter(code=rule.kind).exists():
        errors["kind"] = "没有这个场所类别"
    if not Line.objects.filter(pk=rule.line_id).exists():
        errors["line"] = "没有这个条线"
    if rule.duty == DutyKind.LEAD and rule.matter:
        errors["matter"] = "行业主管管全部，不分事项；只管一项的选“专项监管”"
    if not rule.basis:
        errors["basis"] = "没有写依据；还没有文件就写“待本地确认”"
    if rule.valid_to and rule.valid_to <= rule.valid_from:
        errors["valid_to"] = "失效要晚于生效"
    if errors:
        raise ValidationError(errors)
    rule.full_clean(exclude=("line",))


def _industry(given: str) -> str:
    try:
        return check_industry(given) if given else ""
    except ValueError as error:
        raise ValidationError({"industry": str(error)}) from error


def _next_number(area_code: str) -> int:
    rules = DutyRule.objects.filter(area_code=area_code)
    return int(rules.aggregate(last=Max("number"))["last"] or 0) + 1


def _facts(rule: DutyRule) -> dict[str, Any]:
    names = ("kind", "industry", "matter", "duty", "line_id", "basis", "valid_from", "valid_to")
    return {name: getattr(rule, name) for name in names}


def _journal(
    step: str,
    label: str,
    rule: DutyRule,
    by: User | None,
    changes: dict[str, Any],
    note: str = "",
) -> None:
    journal.record(
        step,
        label,
        rule,
        by=by,
        post=by.post_name(EDIT, rule) if by else "",
        area_code=rule.area_code,
        changes=changes,
        note=note,
    )


def _default_rules() -> Iterator[dict[str, Any]]:
    data = _read("rules.yaml")
    yield {"duty": DutyKind.OVERALL, "line_id": data["overall"]}
    for kind, duties in data["kinds"].items():
        yield {"kind": kind, "duty": DutyKind.LEAD, "line_id": duties["lead"]}
        for word in duties["special"]:
            line, _, matter = word.partition("/")
            yield {"kind": kind, "duty": DutyKind.SPECIAL, "line_id": line, "matter": matter}


def _read(name: str) -> Any:
    return yaml.safe_load((_DATA / name).read_text(encoding="utf-8"))
