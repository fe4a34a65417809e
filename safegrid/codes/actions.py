"""Codes of places: issued, replaced, revoked. A printed token is never used again."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from safegrid.codes.models import Kind, PlaceCode, State
from safegrid.codes.queries import kept_key
from safegrid.enterprises.models import Place
from safegrid.hazards import actions as hazards
from safegrid.hazards.models import Clue, Origin
from safegrid.shared import clock, files, images, journal
from safegrid.shared.refusals import NotAllowed, StepRefused
from safegrid.shared.series import next_number

BATCH = 1000
TITLE = 40


def issue(place: Place, *, by: Any = None) -> PlaceCode:
    """The place's code; the one in use when there is one."""
    return issue_many([place], by=by)[0]


@transaction.atomic
def issue_many(places: Iterable[Place], *, by: Any = None) -> list[PlaceCode]:
    """A code for every place that has none, in a few statements; all codes in use are returned.

    Without `by` the city's import issues them. Raises `NotAllowed`.
    """
    places = list(places)
    if by is not None and not all(by.covers("codes.issue", place) for place in places):
        raise NotAllowed("发放门牌：不在您的职责范围内")
    found: list[PlaceCode] = []
    for start in range(0, len(places), BATCH):
        found += _issue(places[start : start + BATCH], by)
    return found


@transaction.atomic
def revoke(code: PlaceCode, *, by: Any, reason: str) -> PlaceCode:
    """The code is no longer good; who scans it sees the same as for an unknown one."""
    code = _locked(code, by)
    if code.state == State.REVOKED:
        raise StepRefused("这个门牌已经作废")
    reason = reason.strip()
    if not reason:
        raise StepRefused("写明为什么作废")
    code.state, code.revoked_at, code.reason = State.REVOKED, clock.now(), reason[:100]
    code.save()
    transaction.on_commit(lambda: cache.delete(kept_key(code.token)))
    journal.write([_draft("codes.revoke", "作废门牌", code, by, State.ACTIVE, reason)])
    return code


@transaction.atomic
def reissue(code: PlaceCode, *, by: Any, reason: str) -> PlaceCode:
    """Revoke the code and give its place a new one."""
    return issue(revoke(code, by=by, reason=reason).place, by=by)


def note_printed(codes: Iterable[PlaceCode], *, by: Any) -> None:
    """Keep in the journal whose plates were printed, by whom: a printed plate may be stuck up."""
    label = "打印门牌"
    journal.write(
        _draft("codes.print", label, code, by, code.state, permission="codes.view")
        for code in codes
    )


@transaction.atomic
def report(
    place: Place,
    *,
    words: str,
    photos: Sequence[bytes] = (),
    id: UUID | None = None,
) -> Clue:
    """What somebody who scanned the plate reports: a clue by nobody.

    Pictures lose what the camera wrote; nothing about the reporter is kept.
    """
    words = words.strip()
    title = words.splitlines()[0][:TITLE]
    return hazards.collect_clue(
        by=None,
        place=place,
        origin=Origin.PUBLIC,
        title=title,
        note=words if words != title else "",
        photos=[files.store_picture(images.clean_image(data).data) for data in photos],
        id=id,
    )


def _issue(places: list[Place], by: Any) -> list[PlaceCode]:
    """Codes for one batch; its places are locked, so that two issuers don't both make one."""
    list(Place.objects.select_for_update().filter(pk__in=[p.pk for p in places]).values_list("pk"))
    rows = PlaceCode.objects.filter(place__in=places, kind=Kind.INSPECTION, state=State.ACTIVE)
    known = {row.place_id: row for row in rows}
    missing = [place for place in places if place.pk not in known]
    if missing:
        serials = next_number("MP", len(missing))
        new = [
            PlaceCode(place=place, area_code=place.area_code, serial=serial, issued_by=by)
            for place, serial in zip(missing, serials, strict=True)
        ]
        PlaceCode.objects.bulk_create(new)
        journal.write(_draft("codes.issue", "发放门牌", code, by) for code in new)
        known |= {code.place_id: code for code in new}
    return [known[place.pk] for place in places]


def _locked(code: PlaceCode, by: Any) -> PlaceCode:
    rows = PlaceCode.objects.allowed(by, "codes.revoke").select_for_update(of=("self",))
    found: PlaceCode | None = rows.select_related("place").filter(pk=code.pk).first()
    if found is None:
        raise NotAllowed("作废门牌：不在您的职责范围内")
    return found


def _draft(
    step: str,
    label: str,
    code: PlaceCode,
    by: Any,
    source: str = "",
    note: str = "",
    permission: str = "",
) -> journal.Draft:
    return journal.draft(
        step,
        label,
        code,
        by=by,
        post=by.post_name(permission or step, code.place) if by else "",
        about=[code.place],
        area_code=code.place.area_code,
        source=source,
        target=code.state,
        changes={"serial": code.serial},
        note=note,
    )
