"""Visits: started, answered, submitted once. What was found becomes clues or hazards at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from safegrid.checklists.models import Item
from safegrid.enterprises.models import Place
from safegrid.hazards.models import Clue, Hazard
from safegrid.people.models import User
from safegrid.shared import clock, files, journal
from safegrid.shared.models import StoredFile
from safegrid.shared.refusals import Conflict, NotAllowed, StepRefused
from safegrid.shared.series import next_number
from safegrid.visits import outcome, powers, queries, records
from safegrid.visits import payload as payloads
from safegrid.visits.models import Kind, Result, State, Visit, VisitItem, VisitPhoto

LATEST_DAYS = 30
PREFIX = {Kind.PATROL: "ZF", Kind.INSPECTION: "JC", Kind.SELF_CHECK: "ZC"}
PERSONS_ID = 15  # digits; a longer number names an account, never a row


@dataclass(frozen=True)
class Receipt:
    """Proof that a submission is kept: the same for the same content, however often sent.

    `cases` are the numbers of the clues and hazards born of it.
    """

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
    """Begin a visit as a draft with the items chosen for this place today.

    `lawful` are `second`, `basis`, `cause`, `cause_note` of an inspection.
    """
    permission = powers.check(place, kind, by)
    visit = _new(place, kind, by, lawful)
    if id:
        visit.id = id
    visit.started_at, visit.by_scan = clock.now(), by_scan
    records.locate(visit, position or {})
    visit.save(force_insert=True)
    chosen = queries.choose_items(place, kind)
    VisitItem.objects.bulk_create(
        VisitItem(visit=visit, item=one.item, order=order, reason=one.reason)
        for order, one in enumerate(chosen, 1)
    )
    _note(visit, "visits.start", f"开始{visit.get_kind_display()}", by, permission)
    return visit


@transaction.atomic
def add_items(visit: Visit, items: Sequence[Item], *, by: User) -> None:
    """Put further items of the place's lists on a draft."""
    visit = _own_draft(visit, by)
    known = set(visit.items.values_list("item_id", flat=True))
    allowed = {item.pk for item in queries.all_items(visit.place, visit.kind)}
    new = [item for item in dict.fromkeys(items) if item.pk in allowed - known]
    first = (visit.items.aggregate(last=Max("order"))["last"] or 0) + 1
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
    photos: Sequence[bytes] = (),
) -> VisitItem:
    """Answer one item of a draft; may be answered again until the visit is submitted."""
    visit = _own_draft(row.visit, by)
    if result not in Result.values:
        raise StepRefused("选“没问题”“有问题”或“不适用”")
    is_wrong = result == Result.PROBLEM
    row.result, row.is_fixed = result, is_fixed and is_wrong
    row.note, row.spot = (note, spot) if is_wrong else ("", "")
    row.answered_at = clock.now()
    row.save()
    if not is_wrong:
        row.photos.all().delete()
    kept = [files.store_picture(data) for data in photos] if is_wrong else []
    VisitPhoto.objects.bulk_create(
        VisitPhoto(visit=visit, visit_item=row, sha256=file.sha256, file=file) for file in kept
    )
    return row


@transaction.atomic
def submit(visit: Visit, *, by: User, note: str = "") -> Visit:
    """Finish a draft: what was found becomes clues or hazards, unanswered items fall away."""
    visit = _own_draft(visit, by)
    permission = powers.check(visit.place, visit.kind, by)
    visit.items.filter(result="").delete()
    rows = list(visit.items.select_related("item__checklist").prefetch_related("photos__file"))
    if not rows:
        raise StepRefused("一项都没有答，答了再提交")
    visit.note, visit.version = note, visit.version + 1
    visit.digest = payloads.digest(_content(visit, rows))
    outcome.close(visit, rows)
    visit.save()
    outcome.draw(visit, rows, {row.item_id: _pictures_of(row) for row in rows}, by)
    _note(visit, "visits.submit", visit.get_kind_display(), by, permission, source=State.DRAFT)
    return visit


@transaction.atomic
def discard(visit: Visit, *, by: User) -> None:
    """Throw away a draft; nothing was found in it yet."""
    visit = _own_draft(visit, by)
    visit.state, visit.version = State.VOID, visit.version + 1
    visit.save()
    label = f"{visit.get_kind_display()}没有做完，不要了"
    permission = powers.PERMISSIONS[visit.kind]
    _note(visit, "visits.discard", label, by, permission, source=State.DRAFT)


@transaction.atomic
def void(visit: Visit, *, by: User, note: str, version: int | None = None) -> Visit:
    """Declare a submitted visit void, with the reason; its cases are dealt with one by one."""
    rows = Visit.objects.allowed(by, "visits.void").select_for_update(of=("self",))
    found: Visit | None = rows.select_related("place").filter(pk=visit.pk).first()
    if found is None:
        raise NotAllowed("不在您的职责范围内")
    found.expect(version)
    if found.state not in queries.DONE:
        raise StepRefused("只有提交了的才能作废")
    if not note.strip():
        raise StepRefused("写明为什么作废")
    before, found.state, found.version = found.state, State.VOID, found.version + 1
    found.save()
    _note(found, "visits.void", "作废", by, "visits.void", source=before, note=note)
    return found


def submit_whole(given: dict[str, Any], *, by: User) -> Receipt:
    """One visit in one piece, named by its UUIDv7: the same content gives the same receipt.

    Raises StepRefused with a sentence, NotAllowed without the power, Conflict when the id came
    with other content before.
    """
    payload = payloads.read(given)
    try:
        with transaction.atomic():
            if known := Visit.objects.filter(pk=payload.id).first():
                return _again(known, payload, by)
            return _whole(payload, by)
    except IntegrityError:
        known = Visit.objects.filter(pk=payload.id).first()
        if known is None:
            raise
        return _again(known, payload, by)


@transaction.atomic
def add_photo(visit: Visit, data: bytes, *, by: User) -> VisitPhoto:
    """A promised picture arrives; when the last one has come the visit is complete."""
    if visit.by_id != by.pk:
        raise NotAllowed("不在您的职责范围内")
    file = files.store_picture(data)
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    # The same picture may have come before in another file: what was promised is this one's hash.
    names = {file.sha256, file.original_sha256, hashlib.sha256(data).hexdigest()}
    photos = list(visit.photos.filter(sha256__in=names).select_related("visit_item"))
    if not photos:
        raise StepRefused("这次走访没有登记这张照片")
    for photo in photos:
        if photo.file_id is None:
            photo.file = file
            photo.save(update_fields=["file"])
            outcome.hand_on(visit, photo, file, by)
    if not visit.photos.filter(file__isnull=True).exists():
        Visit.objects.filter(pk=visit.pk, state=State.SUBMITTED).update(state=State.COMPLETE)
    return photos[0]


def receipt(visit: Visit) -> Receipt:
    """The receipt of a submitted visit."""
    cases: list[str] = []
    if visit.problems:
        model: Any = Clue if visit.kind == Kind.PATROL else Hazard
        rows = model.objects.filter(origin_id=visit.pk, origin=visit.kind)
        cases = list(rows.order_by("number").values_list("number", flat=True))
    missing = visit.photos.filter(file__isnull=True).values_list("sha256", flat=True)
    return _receipt(visit, cases, list(dict.fromkeys(missing)))


def _receipt(visit: Visit, cases: list[str], missing: list[str]) -> Receipt:
    received_at = visit.submitted_at.isoformat() if visit.submitted_at else ""
    return Receipt(
        visit.pk, visit.number, visit.state, visit.digest, received_at, cases, sorted(missing)
    )


def _again(known: Visit, payload: payloads.Payload, by: User) -> Receipt:
    if known.by_id != by.pk:
        raise NotAllowed("不在您的职责范围内")
    if known.digest != payload.digest:
        raise Conflict("同一编号已收到过，内容不同，没有覆盖")
    return receipt(known)


@journal.gathered()
def _whole(payload: payloads.Payload, by: User) -> Receipt:
    place = _place(payload, by)
    permission = powers.check(place, payload.kind, by)
    visit = _new(place, payload.kind, by, _lawful(payload))
    visit.id, visit.started_at = payload.id, payload.started_at
    visit.digest, visit.flags = payload.digest, list(payload.flags)
    visit.duration, visit.note = payload.seconds, payload.note
    visit.by_scan = bool(payload.facts.get("by_scan"))
    records.locate(visit, payload.position)
    rows = records.rows(visit, payload)
    pictures = records.arrived(payload)
    photos = records.promised(visit, rows, payload, pictures)
    outcome.close(visit, rows)
    missing = {photo.sha256 for photo in photos if photo.file is None}
    if missing:
        visit.state = State.SUBMITTED
    visit.save(force_insert=True)
    VisitItem.objects.bulk_create(rows)
    if photos:
        VisitPhoto.objects.bulk_create(photos)
    cases = outcome.draw(visit, rows, records.beside(payload, pictures), by)
    _note(visit, "visits.submit", visit.get_kind_display(), by, permission)
    return _receipt(visit, sorted(case.number for case in cases), list(missing))


def _place(payload: payloads.Payload, by: User) -> Place:
    permission = powers.PERMISSIONS.get(payload.kind, "")
    rows = Place.objects.allowed(by, permission)
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
    """What an inspection states; its day is the one on which it began."""
    if payload.kind != Kind.INSPECTION:
        return {}
    facts = payload.facts
    if payload.started_at < clock.now() - timedelta(days=LATEST_DAYS):
        raise StepRefused(f"{LATEST_DAYS}天以前的检查不能补录")
    return {
        "second": _person(str(facts.get("second") or "")),
        "basis": str(facts.get("basis") or "")[:200],
        "cause": str(facts.get("cause") or ""),
        "cause_note": str(facts.get("cause_note") or "")[:200],
        "on": min(clock.day_of(payload.started_at), clock.today()),
    }


def _person(named: str) -> User | None:
    """By account name, or by the id that forms use."""
    if not named:
        return None
    who = Q(username__iexact=named)
    if named.isascii() and named.isdigit() and len(named) <= PERSONS_ID:
        who |= Q(pk=int(named))
    return User.objects.filter(who, is_active=True).first()


def _pictures_of(row: VisitItem) -> list[StoredFile]:
    return [photo.file for photo in row.photos.all() if photo.file]


def _content(visit: Visit, rows: Sequence[VisitItem]) -> dict[str, Any]:
    """What a draft's receipt vouches for."""
    answers = [
        [row.item_id, row.result, row.note, row.spot, row.is_fixed]
        + [photo.sha256 for photo in row.photos.all()]
        for row in rows
    ]
    return {"id": visit.pk, "place": visit.place_id, "note": visit.note, "items": answers}


def _own_draft(visit: Visit, by: User) -> Visit:
    """The draft, locked and read anew, so that nobody finishes it twice."""
    rows = Visit.objects.select_for_update(of=("self",)).filter(pk=visit.pk, by=by)
    found: Visit | None = rows.select_related("place__enterprise", "authority").first()
    if found is None:
        raise NotAllowed("不在您的职责范围内")
    if found.state != State.DRAFT:
        raise StepRefused("已经提交，不能再改")
    return found


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
    counts = {"passed": visit.passed, "problems": visit.problems, "skipped": visit.skipped}
    journal.record(
        step,
        label,
        visit,
        by=by,
        post=by.post_name(permission, visit.place),
        about=[visit.place],
        area_code=visit.area_code,
        source=source,
        target=visit.state,
        changes={"kind": visit.kind, **counts},
        note=note or visit.note,
    )
