"""Visits: started, answered, submitted once. What was found becomes clues or hazards at once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Q

from safegrid.checklists.models import Item
from safegrid.enterprises.actions import note_visit
from safegrid.enterprises.models import Place
from safegrid.hazards import actions as hazards
from safegrid.hazards.actions import Finding
from safegrid.hazards.models import Clue, Hazard, Stage
from safegrid.people.models import User
from safegrid.shared import clock, files, journal
from safegrid.shared.models import StoredFile
from safegrid.shared.refusals import Conflict, NotAllowed, StepRefused
from safegrid.shared.series import next_number
from safegrid.territory.coordinates import distance_m
from safegrid.visits import payload as payloads
from safegrid.visits import powers, queries
from safegrid.visits.models import Kind, Result, State, Visit, VisitItem, VisitPhoto

FAR = 300
PREFIX = {Kind.PATROL: "ZF", Kind.INSPECTION: "JC", Kind.SELF_CHECK: "ZC"}
DONE = (State.SUBMITTED, State.COMPLETE)
PROMISE_DAYS = 7


@dataclass(frozen=True)
class Receipt:
    """Proof that a submission is kept: the same for the same content, however often sent."""

    id: UUID
    number: str
    state: str
    digest: str
    received_at: str
    cases: list[str]
    missing_photos: list[str]


@transaction.atomic
def start(
    place: Place,
    *,
    kind: str,
    by: User,
    id: UUID | None = None,
    by_scan: bool = False,
    position: dict[str, float] | None = None,
    **lawful: Any,
) -> Visit:
    """Begin a visit as a draft with the items chosen for this place today."""
    permission = powers.check(place, kind, by)
    visit = _new(place, kind, by, lawful)
    if id:
        visit.id = id
    visit.started_at, visit.by_scan = clock.now(), by_scan
    _locate(visit, position or {})
    visit.save(force_insert=True)
    chosen = queries.choose_items(place, kind)
    VisitItem.objects.bulk_create(
        VisitItem(visit=visit, item=one.item, order=order, reason=one.reason)
        for order, one in enumerate(chosen, 1)
    )
    _note(visit, "visits.start", f"开始{visit.get_kind_display()}", by, permission)
    return visit


@transaction.atomic
def add_items(visit: Visit, items: list[Item], *, by: User) -> None:
    """Put further items of the place's lists on a draft."""
    _own_draft(visit, by)
    known = set(visit.items.values_list("item_id", flat=True))
    allowed = {item.pk for item in queries.all_items(visit.place, visit.kind)}
    new = [item for item in items if item.pk not in known and item.pk in allowed]
    first = visit.items.count() + 1
    VisitItem.objects.bulk_create(
        VisitItem(visit=visit, item=item, order=order, reason="自己加的")
        for order, item in enumerate(new, first)
    )


@transaction.atomic
def answer(
    row: VisitItem,
    *,
    by: User,
    result: str,
    note: str = "",
    spot: str = "",
    is_fixed: bool = False,
    photos: list[bytes] | None = None,
) -> VisitItem:
    """Answer one item of a draft; may be answered again until the visit is submitted."""
    _own_draft(row.visit, by)
    if result not in Result.values:
        raise StepRefused("选“没问题”“有问题”或“不适用”")
    row.result, row.note, row.spot = result, note, spot
    row.is_fixed = is_fixed and result == Result.PROBLEM
    row.answered_at = clock.now()
    row.save()
    for data in photos or []:
        file = files.store_picture(data)
        VisitPhoto.objects.create(visit=row.visit, visit_item=row, sha256=file.sha256, file=file)
    return row


@transaction.atomic
def submit(visit: Visit, *, by: User, note: str = "") -> Visit:
    """Finish a draft: what was found becomes clues or hazards, unanswered items fall away."""
    _own_draft(visit, by)
    visit.items.filter(result="").delete()
    rows = list(visit.items.select_related("item__checklist").prefetch_related("photos__file"))
    if not rows:
        raise StepRefused("一项都没有答，答了再提交")
    visit.note, visit.digest = note, payloads.digest({"visit": visit.pk, "note": note})
    permission = powers.check(visit.place, visit.kind, by)
    _finish(visit, rows, _kept(rows), by)
    visit.save()
    _note(visit, "visits.submit", visit.get_kind_display(), by, permission)
    return visit


@transaction.atomic
def discard(visit: Visit, *, by: User) -> None:
    """Throw away a draft; nothing was found in it yet."""
    _own_draft(visit, by)
    visit.state = State.VOID
    visit.version += 1
    visit.save()
    _note(visit, "visits.discard", "不走访了" if visit.kind == Kind.PATROL else "不查了", by, "")


@transaction.atomic
def void(visit: Visit, *, by: User, note: str, version: int | None = None) -> Visit:
    """Declare a submitted visit void, with the reason; its cases are dealt with one by one."""
    visit.expect(version)
    if not by.covers("visits.void", visit):
        raise NotAllowed("不在您的职责范围内")
    if visit.state not in DONE:
        raise StepRefused("只有提交了的才能作废")
    if not note.strip():
        raise StepRefused("写明为什么作废")
    before, visit.state, visit.version = visit.state, State.VOID, visit.version + 1
    visit.save()
    _note(visit, "visits.void", "作废", by, "visits.void", source=before, note=note)
    return visit


def submit_whole(given: dict[str, Any], *, by: User) -> Receipt:
    """One visit in one piece, named by its UUIDv7: the same content gives the same receipt.

    Raises StepRefused with a sentence, NotAllowed without the power, Conflict when the id came
    with other content before.
    """
    payload = payloads.read(given)
    with transaction.atomic():
        if known := Visit.objects.filter(pk=payload.id).first():
            return _again(known, payload, by)
        place = _place(payload, by)
        permission = powers.check(place, payload.kind, by)
        visit = _new(place, payload.kind, by, _lawful(payload))
        visit.id, visit.started_at = payload.id, payload.started_at
        visit.digest, visit.flags = payload.digest, list(payload.flags)
        visit.by_scan = bool(payload.facts.get("by_scan"))
        visit.note = str(payload.facts.get("note") or "")
        _locate(visit, payload.facts)
        rows = _rows(visit, payload)
        pictures = _pictures(payload)
        _finish(visit, rows, _attached(rows, payload, pictures), by, force_insert=True)
        promised = _promise(visit, rows, payload, pictures)
        if promised:
            visit.state = State.SUBMITTED
            visit.save(update_fields=["state"])
        _note(visit, "visits.submit", visit.get_kind_display(), by, permission)
        return receipt(visit)


@transaction.atomic
def add_photo(visit: Visit, data: bytes, *, by: User) -> VisitPhoto:
    """A promised picture arrives; when the last one has come the visit is complete."""
    if visit.by_id != by.pk:
        raise NotAllowed("不在您的职责范围内")
    file = files.store_picture(data)
    names = {file.sha256, file.original_sha256}
    photo = visit.photos.filter(sha256__in=names).order_by("file").first()
    if photo is None:
        raise StepRefused("这次走访没有登记这张照片")
    if photo.file_id is None:
        photo.file = file
        photo.save(update_fields=["file"])
        _hand_on(visit, photo, by)
    if not visit.photos.filter(file__isnull=True).exists():
        Visit.objects.filter(pk=visit.pk, state=State.SUBMITTED).update(state=State.COMPLETE)
    return photo


def receipt(visit: Visit) -> Receipt:
    """The receipt of a submitted visit."""
    cases = [
        *Clue.objects.filter(origin_id=visit.pk).order_by("number").values_list("number", flat=True),
        *Hazard.objects.filter(origin_id=visit.pk)
        .order_by("number")
        .values_list("number", flat=True),
    ]
    missing = visit.photos.filter(file__isnull=True).values_list("sha256", flat=True)
    return Receipt(
        visit.pk,
        visit.number,
        visit.state,
        visit.digest,
        visit.submitted_at.isoformat() if visit.submitted_at else "",
        cases,
        list(missing),
    )


def _again(known: Visit, payload: payloads.Payload, by: User) -> Receipt:
    if known.by_id != by.pk:
        raise NotAllowed("不在您的职责范围内")
    if known.digest != payload.digest:
        raise Conflict("同一编号的走访已收到，内容不同，没有覆盖")
    return receipt(known)


def _place(payload: payloads.Payload, by: User) -> Place:
    permission = powers.PERMISSIONS.get(payload.kind, "")
    rows = Place.objects.allowed(by, permission).select_related("enterprise", "lead_department")
    try:
        return rows.get(pk=payload.place)  # type: ignore[no-any-return]
    except ObjectDoesNotExist as error:
        raise NotAllowed("不在您的职责范围内") from error


def _new(place: Place, kind: str, by: User, lawful: dict[str, Any]) -> Visit:
    facts = powers.inspection(place, by=by, **lawful) if kind == Kind.INSPECTION else {}
    return Visit(
        number=next_number(PREFIX[Kind(kind)])[0],
        kind=kind,
        place=place,
        area_code=place.area_code,
        by=by,
        **{"year": clock.today().year, **facts},
    )


def _lawful(payload: payloads.Payload) -> dict[str, Any]:
    if payload.kind != Kind.INSPECTION:
        return {}
    facts = payload.facts
    second = str(facts.get("second") or "")
    named = Q(pk=int(second)) if second.isdigit() else Q(username__iexact=second)
    return {
        "second": User.objects.filter(named, is_active=True).first() if second else None,
        "basis": str(facts.get("basis") or ""),
        "cause": str(facts.get("cause") or ""),
        "cause_note": str(facts.get("cause_note") or ""),
    }


def _locate(visit: Visit, position: dict[str, Any]) -> None:
    lon, lat = position.get("lon"), position.get("lat")
    if lon is None or lat is None:
        return
    visit.lon, visit.lat, visit.accuracy = float(lon), float(lat), position.get("accuracy")
    place = visit.place
    if place.lon is not None and place.lat is not None:
        visit.distance = round(distance_m(visit.lon, visit.lat, place.lon, place.lat))
        if visit.distance > FAR and "离场所较远" not in visit.flags:
            visit.flags = [*visit.flags, "离场所较远"]


def _rows(visit: Visit, payload: payloads.Payload) -> list[VisitItem]:
    now = clock.now()
    return [
        VisitItem(
            visit=visit,
            item=one.item,
            order=order,
            reason=one.reason,
            result=one.result,
            note=one.note,
            spot=one.spot,
            is_fixed=one.is_fixed,
            answered_at=now,
        )
        for order, one in enumerate(payload.answers, 1)
    ]


def _finish(
    visit: Visit,
    rows: list[VisitItem],
    pictures: dict[Any, list[StoredFile]],
    by: User,
    *,
    force_insert: bool = False,
) -> None:
    """Close the visit: counts, time, and what was found. Rows not yet written are written."""
    visit.submitted_at = clock.now()
    visit.state = State.COMPLETE
    visit.duration = max(int((visit.submitted_at - visit.started_at).total_seconds()), 0)
    results = [row.result for row in rows]
    visit.passed = results.count(Result.PASS)
    visit.problems = results.count(Result.PROBLEM)
    visit.skipped = results.count(Result.NOT_APPLICABLE)
    if force_insert:
        visit.save(force_insert=True)
        VisitItem.objects.bulk_create(rows)
    note_visit(visit.place, min(visit.submitted_at, clock.now()))
    wrong = [row for row in rows if row.result == Result.PROBLEM]
    if wrong:
        _born(visit, wrong, pictures, by)


def _born(
    visit: Visit, wrong: list[VisitItem], pictures: dict[Any, list[StoredFile]], by: User
) -> None:
    findings = [
        Finding(
            title=row.item.hazard,
            item=row.item,
            note=_said(row, visit),
            spot=row.spot,
            photos=pictures.get(row.item_id, []),
        )
        for row in wrong
    ]
    facts: dict[str, Any] = {
        "by": by,
        "place": visit.place,
        "origin": visit.kind,
        "origin_id": visit.pk,
        "found_at": visit.submitted_at,
    }
    if visit.kind == Kind.PATROL:
        hazards.collect_many(findings, **facts)
        return
    if visit.kind == Kind.INSPECTION:
        facts["department"] = visit.authority
    for row, hazard in zip(wrong, hazards.record_many(findings, **facts), strict=True):
        if row.is_fixed:
            _fixed(visit, row, hazard, by)


def _said(row: VisitItem, visit: Visit) -> str:
    fixed = "走访时已当场改好。" if row.is_fixed and visit.kind == Kind.PATROL else ""
    return fixed + (row.note if row.note != row.item.hazard else "")


def _fixed(visit: Visit, row: VisitItem, hazard: Hazard, by: User) -> None:
    """What was put right at once: seen by an officer it is closed, done alone it is looked at."""
    note = row.note or "当场改好"
    if visit.kind == Kind.INSPECTION and hazard.severity == "general":
        hazards.fix_on_spot(hazard, by=by, note=note)
    if visit.kind == Kind.SELF_CHECK:
        due = clock.today() + timedelta(days=PROMISE_DAYS)
        hazard = hazards.promise_repair(hazard, by=by, note=note, due_on=due)
        hazards.submit_repair(hazard, by=by, note=f"自查时改好：{note}")


def _kept(rows: list[VisitItem]) -> dict[int, list[StoredFile]]:
    return {row.item_id: [p.file for p in row.photos.all() if p.file] for row in rows}


def _pictures(payload: payloads.Payload) -> dict[str, StoredFile]:
    """Pictures that came before the record, by either of their digests."""
    names = {sha for one in payload.answers for sha in one.photos}
    if not names:
        return {}
    rows = StoredFile.objects.filter(Q(sha256__in=names) | Q(original_sha256__in=names))
    return {name: row for row in rows for name in (row.sha256, row.original_sha256)}


def _attached(
    rows: list[VisitItem], payload: payloads.Payload, pictures: dict[str, StoredFile]
) -> dict[Any, list[StoredFile]]:
    return {
        row.item_id: [pictures[sha] for sha in one.photos if sha in pictures]
        for row, one in zip(rows, payload.answers, strict=True)
        if one.photos
    }


def _promise(
    visit: Visit,
    rows: list[VisitItem],
    payload: payloads.Payload,
    pictures: dict[str, StoredFile],
) -> bool:
    """Write down the photos of the visit; True when some have not come yet."""
    photos = [
        VisitPhoto(visit=visit, visit_item=row, sha256=sha, file=pictures.get(sha))
        for row, one in zip(rows, payload.answers, strict=True)
        for sha in one.photos
    ]
    VisitPhoto.objects.bulk_create(photos)
    return any(photo.file is None for photo in photos)


def _hand_on(visit: Visit, photo: VisitPhoto, by: User) -> None:
    """A late picture also goes beside the case that its item became."""
    item = photo.visit_item.item_id if photo.visit_item else None
    for model in (Clue, Hazard):
        for case in model.objects.filter(origin_id=visit.pk, item=item):
            hazards.add_photos([(case, photo.file)], Stage.BEFORE, by=by)


def _own_draft(visit: Visit, by: User) -> None:
    if visit.by_id != by.pk:
        raise NotAllowed("不在您的职责范围内")
    if visit.state != State.DRAFT:
        raise StepRefused("已经提交，不能再改")


def _note(
    visit: Visit,
    step: str,
    label: str,
    by: User,
    permission: str,
    *,
    source: str = "",
    note: str = "",
) -> None:
    journal.record(
        step,
        label,
        visit,
        by=by,
        post=by.post_name(permission, visit.place) if permission else "",
        about=[visit.place],
        area_code=visit.area_code,
        source=source,
        target=visit.state,
        changes={
            "kind": visit.kind,
            "passed": visit.passed,
            "problems": visit.problems,
            "skipped": visit.skipped,
        },
        note=note or visit.note,
    )
