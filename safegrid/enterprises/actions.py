"""Every write on the file of an enterprise; each is in the journal, about the place."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from safegrid.enterprises import ground, register
from safegrid.enterprises.facts import Known, clean, text
from safegrid.enterprises.models import Enterprise, Keeper, KeeperRole, Place, PlaceKind
from safegrid.people.models import Organisation, User
from safegrid.shared import clock, journal, numbers
from safegrid.shared.refusals import NotAllowed, Refused
from safegrid.territory import queries as territory

_KINDS = Path(__file__).parent / "data" / "kinds.yaml"


@transaction.atomic
def load_kinds() -> int:
    """Load the packaged kinds of places; a kind the city has changed or added stays as it is."""
    rows = yaml.safe_load(_KINDS.read_text(encoding="utf-8"))
    known = set(PlaceKind.objects.values_list("code", flat=True))
    new = [
        PlaceKind(order=order, **row)
        for order, row in enumerate(rows, 1)
        if row["code"] not in known
    ]
    PlaceKind.objects.bulk_create(new)
    return len(new)


def add_place(*, by: User | None = None, **facts: Any) -> Place:
    """A new place and, when it is not known yet, its enterprise; the grid comes from the point.

    Raises ValidationError with a sentence for each wrong fact: the credit code, a point outside
    the city, a day to come, an area outside the actor's.
    """
    return add_places([facts], by=by)[0]


@transaction.atomic
def add_places(rows: Sequence[dict[str, Any]], *, by: User | None = None) -> list[Place]:
    """Many new places at once; the first with a fault stops all. Errors as `add_place`."""
    known = Known.read()
    prepared = ground.prepare(rows, known)
    for line, (values, errors) in enumerate(prepared, 1):
        errors = register.missing(values) | errors if "kind" not in errors else errors
        if errors:
            first = f"第{line}处：" if len(rows) > 1 else ""
            raise ValidationError({field: first + words for field, words in errors.items()})
    return write_places([values for values, _ in prepared], known, by=by)


def write_places(
    rows: Sequence[dict[str, Any]],
    known: Known,
    *,
    by: User | None,
    permission: str = "enterprises.edit",
    notes: Sequence[str] = (),
) -> list[Place]:
    """New places from rows that `ground.prepare` passed, with an entry for each."""
    _check_reach(rows, by, permission)
    places = register.write_places(rows, known)
    post = by.post_name(permission, places[0]) if by and places else ""
    notes = notes or [""] * len(places)
    for part in register.chunks(list(zip(places, notes, strict=True))):
        journal.write(_first_entry(place, by, post, note) for place, note in part)
    return places


@transaction.atomic
def edit_place(place: Place, *, by: User | None, version: int | None = None, **facts: Any) -> Place:
    """Change facts of a place and its enterprise; facts left out stay.

    Raises StaleForm when somebody was faster, ValidationError as `add_place`.
    """
    row = _lock(place, by, "enterprises.edit")
    row.expect(version)
    known = Known.read()
    values = _prepared(row, facts, known)
    if "area_code" in values:
        _check_reach([{"industry": row.industry, **values}], by, "enterprises.edit")
    post = by.post_name("enterprises.edit", row) if by else ""
    if draft := change_place(row, values, known, by=by, post=post):
        journal.write([draft])
    return row


def change_place(
    place: Place,
    values: dict[str, Any],
    known: Known,
    *,
    by: User | None,
    post: str = "",
    note: str = "",
) -> journal.Draft | None:
    """Save prepared values on a locked place; its unwritten entry, None if nothing differs."""
    if (code := values.get("credit_code")) and code != place.enterprise.credit_code:
        _check_free(code, place)
    differs = register.apply(place, values, known)
    if not differs:
        return None
    register.save(place, differs)
    changes, details = register.told(differs)
    return journal.draft(
        "enterprises.edit_place",
        "改档案",
        place,
        by=by,
        post=post,
        area_code=place.area_code,
        changes=changes,
        details=details,
        note=note,
    )


@transaction.atomic
def set_lead_department(
    place: Place, organisation: Organisation | None, *, reason: str, by: User | None = None
) -> None:
    """Who leads, written on the place so that lists can filter by it."""
    set_lead_departments([(place, organisation, reason)], by=by)


@transaction.atomic
def set_lead_departments(
    choices: Iterable[tuple[Place, Organisation | None, str]], *, by: User | None = None
) -> int:
    """Set the lead of many places where it is another one; return how many that were."""
    changed = [
        (place, body, reason)
        for place, body, reason in choices
        if place.lead_department_id != (body.pk if body else None)
    ]
    names = dict(Organisation.objects.values_list("pk", "short_name")) if changed else {}
    for part in register.chunks(changed):
        drafts = [_led(place, body, reason, names, by) for place, body, reason in part]
        Place.objects.bulk_update([place for place, _, _ in part], ["lead_department"])
        journal.write(drafts)
    return len(changed)


def note_visit(place: Place, at: datetime) -> None:
    """Remember the latest visit; the visit itself is journalled where it is made."""
    if at > clock.now() + timedelta(minutes=5):
        raise Refused("到访时间还没到，核对手机的时钟")
    earlier = Q(last_visited_at__isnull=True) | Q(last_visited_at__lt=at)
    Place.objects.filter(earlier, pk=place.pk).update(last_visited_at=at)


@transaction.atomic
def add_keeper(
    place: Place,
    *,
    name: str,
    phone: str = "",
    user: User | None = None,
    role: str = KeeperRole.PRINCIPAL,
    by: User | None = None,
) -> Keeper:
    """Tie a person to the place they answer for; with an account they get the owner's pages."""
    place = _lock(place, by, "enterprises.edit")
    name = text(40, name)
    if not name:
        raise ValidationError({"name": "没有填姓名"})
    if user is not None and user.posts:
        raise ValidationError({"username": f"{user.name}是工作人员，不能登记成场所的人"})
    if user is not None and place.keepers.current().filter(user=user).exists():
        raise ValidationError({"username": f"{user.name}已经登记在这里了"})
    keeper = Keeper.objects.create(
        place=place,
        user=user,
        name=name,
        phone=_phone(phone),
        role=role,
        confirmed_at=clock.now() if user else None,
    )
    _note_keeper("enterprises.add_keeper", "登记负责人", keeper, by)
    return keeper


@transaction.atomic
def remove_keeper(keeper: Keeper, *, by: User | None) -> None:
    """End the tie today; what the person did stays."""
    _lock(keeper.place, by, "enterprises.edit")
    keeper.ends_on = clock.today() - timedelta(days=1)
    keeper.save(update_fields=["ends_on"])
    _note_keeper("enterprises.remove_keeper", "解除负责人", keeper, by)


def _prepared(place: Place, facts: dict[str, Any], known: Known) -> dict[str, Any]:
    """The given facts cleaned; the ground only where the point or the area is among them."""
    moves = facts.keys() & {"lon", "lat", "area_code"}
    if moves == {"lon", "lat"} and facts["lon"] in (None, "") and facts["lat"] in (None, ""):
        facts = {**facts, "area_code": place.area_code}
    if not moves:
        values, errors = clean(facts, known)
    else:
        here = {"lon": place.lon, "lat": place.lat} if not moves & {"lon", "lat"} else {}
        [(values, errors)] = ground.prepare([{**here, **facts}], known)
    blank = {field: words for field, words in register.missing(values).items() if field in values}
    if errors or blank:
        raise ValidationError({**blank, **errors})
    if values.get("lon") is not None and "source_crs" not in values:
        values["source_crs"] = place.source_crs if here_is(place, values) else "wgs84"
    return values


def here_is(place: Place, values: dict[str, Any]) -> bool:
    return bool((place.lon, place.lat) == (values["lon"], values["lat"]))


def _lock(place: Place, by: User | None, permission: str) -> Place:
    rows = Place.objects.all() if by is None else Place.objects.allowed(by, permission)
    rows = rows.select_related("enterprise", "kind").select_for_update(of=("self",))
    found: Place | None = rows.filter(pk=place.pk).first()
    if found is None:
        raise NotAllowed("不在您的职责范围内")
    return found


def _check_reach(rows: Iterable[dict[str, Any]], by: User | None, permission: str) -> None:
    """Nobody files a place outside their own area."""
    if by is None:
        return
    for area, industry in {(row["area_code"], row.get("industry", "")) for row in rows}:
        if not by.covers(permission, Place(area_code=area, industry=industry)):
            where = territory.name_of(area)
            raise ValidationError({"area_code": f"{where}不在您的职责范围内"})


def _check_free(code: str, place: Place) -> None:
    other = Enterprise.objects.filter(credit_code=code).exclude(pk=place.enterprise_id).first()
    if other:
        raise ValidationError({"credit_code": f"这个信用代码已登记在“{other.name}”名下"})


def _first_entry(place: Place, by: User | None, post: str, note: str) -> journal.Draft:
    changes, details = register.told(register.first_facts(place))
    return journal.draft(
        "enterprises.add_place",
        "建档",
        place,
        by=by,
        post=post,
        area_code=place.area_code,
        changes=changes,
        details=details,
        note=note,
    )


def _led(
    place: Place,
    body: Organisation | None,
    reason: str,
    names: dict[Any, str],
    by: User | None,
) -> journal.Draft:
    before = names.get(place.lead_department_id)
    place.lead_department = body
    return journal.draft(
        "enterprises.set_lead_department",
        "定牵头部门",
        place,
        by=by,
        about=[body] if body else [],
        area_code=place.area_code,
        changes={"lead_department": [before, body.short_name if body else None]},
        note=reason,
    )


def _phone(given: str) -> str:
    try:
        return numbers.parse_phone(given) if given else ""
    except ValueError as error:
        raise ValidationError({"phone": str(error)}) from error


def _note_keeper(step: str, label: str, keeper: Keeper, by: User | None) -> None:
    place = keeper.place
    journal.record(
        step,
        label,
        place,
        by=by,
        post=by.post_name("enterprises.edit", place) if by else "",
        area_code=place.area_code,
        changes={"keeper": [None, keeper.get_role_display()]},
        details={"name": keeper.name, "phone": keeper.phone},
    )
