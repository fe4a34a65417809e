"""The rows of a submitted visit, made from its payload and not yet written."""

from django.db.models import Q

from safegrid.shared import clock
from safegrid.shared.models import StoredFile
from safegrid.territory.coordinates import distance_m
from safegrid.visits.models import Visit, VisitItem, VisitPhoto
from safegrid.visits.payload import Payload

FAR = 300  # metres from the place, from which on a visit is flagged
FAR_WORDS = "离场所较远"


def locate(visit: Visit, position: dict[str, float]) -> None:
    """Where the visitor stood, and how far from the place that is."""
    if "lon" not in position or "lat" not in position:
        return
    visit.lon, visit.lat = position["lon"], position["lat"]
    visit.accuracy = position.get("accuracy")
    place = visit.place
    if place.lon is not None and place.lat is not None:
        visit.distance = round(distance_m(visit.lon, visit.lat, place.lon, place.lat))
        if visit.distance > FAR:
            visit.flags = [*visit.flags, FAR_WORDS]


def rows(visit: Visit, payload: Payload) -> list[VisitItem]:
    """The answers in the order in which they were given."""
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
            answered_at=min(payload.started_at, now),
        )
        for order, one in enumerate(payload.answers, 1)
    ]


def arrived(payload: Payload) -> dict[str, StoredFile]:
    """Pictures that came before the record, by either of their digests."""
    names = {sha for one in payload.answers for sha in one.photos}
    if not names:
        return {}
    rows = StoredFile.objects.filter(Q(sha256__in=names) | Q(original_sha256__in=names))
    return {name: row for row in rows for name in (row.sha256, row.original_sha256)}


def beside(payload: Payload, pictures: dict[str, StoredFile]) -> dict[int, list[StoredFile]]:
    """Those pictures by the item beside which they belong."""
    return {
        one.item.pk: [pictures[sha] for sha in one.photos if sha in pictures]
        for one in payload.answers
        if one.photos
    }


def promised(
    visit: Visit,
    answers: list[VisitItem],
    payload: Payload,
    pictures: dict[str, StoredFile],
) -> list[VisitPhoto]:
    """The photos of the visit, those that have not come yet without a file."""
    return [
        VisitPhoto(visit=visit, visit_item=row, sha256=sha, file=pictures.get(sha))
        for row, one in zip(answers, payload.answers, strict=True)
        for sha in one.photos
    ]
