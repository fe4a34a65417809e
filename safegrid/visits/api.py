from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, File, Query, Router, Schema
from ninja.files import UploadedFile

from safegrid.shared.images import ImageRefused
from safegrid.shared.wire import (
    FAILURES,
    AreaCode,
    Body,
    Moment,
    Number,
    OneOf,
    Page,
    Sha256,
    UuidWindow,
    Words,
    fault,
    find,
    window,
)
from safegrid.territory.codes import prefix_end
from safegrid.visits import actions
from safegrid.visits.models import Cause, Kind, Result, State, Visit, VisitItem, VisitPhoto
from safegrid.visits.payload import MOST_ITEMS, MOST_PHOTOS

router = Router(tags=["visits"])

ItemCode = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9-]+\.[a-z0-9.-]+$")]
Short = Annotated[str, Field(max_length=200)]


class VisitOut(Schema):
    id: UUID
    number: str
    kind: Annotated[str, OneOf(Kind)]
    state: Annotated[str, OneOf(State)]
    place_id: UUID
    place: str
    area_code: str
    by: str
    second: str | None
    authority: str | None
    basis: str
    cause: str
    counts_to_cap: bool
    started_at: datetime
    submitted_at: datetime | None
    duration: int = Field(..., description="Seconds")
    distance: int | None = Field(..., description="Metres from the place")
    by_scan: bool
    note: str
    passed: int
    problems: int
    skipped: int
    flags: list[str]
    version: int

    @staticmethod
    def resolve_place(visit: Visit) -> str:
        return visit.place.name

    @staticmethod
    def resolve_by(visit: Visit) -> str:
        return visit.by.name

    @staticmethod
    def resolve_second(visit: Visit) -> str | None:
        return visit.second.name if visit.second else None

    @staticmethod
    def resolve_authority(visit: Visit) -> str | None:
        return visit.authority.name if visit.authority else None


class AnswerOut(Schema):
    item: str = Field(..., description="Code of the check item")
    point: str
    reason: str
    result: str
    note: str
    spot: str
    is_fixed: bool

    @staticmethod
    def resolve_item(row: VisitItem) -> str:
        return row.item.code

    @staticmethod
    def resolve_point(row: VisitItem) -> str:
        return row.item.point


class VisitPhotoOut(Schema):
    """A promised photo; `is_here` once it has come."""

    sha256: str
    is_here: bool

    @staticmethod
    def resolve_is_here(photo: VisitPhoto) -> bool:
        return photo.file_id is not None


class VisitWithAnswers(VisitOut):
    answers: list[AnswerOut]
    photos: list[VisitPhotoOut]

    @staticmethod
    def resolve_answers(visit: Visit) -> list[VisitItem]:
        return list(visit.items.all())

    @staticmethod
    def resolve_photos(visit: Visit) -> list[VisitPhoto]:
        return list(visit.photos.all())


class NewAnswer(Body):
    item: Number | ItemCode = Field(
        ..., description="Id of the item, or its code for the version in use"
    )
    result: Annotated[str, OneOf(Result)]
    reason: Annotated[str, Field(max_length=80)] = ""
    note: Words = ""
    spot: Annotated[str, Field(max_length=60)] = ""
    is_fixed: bool = False
    photos: list[Sha256] = Field([], max_length=MOST_PHOTOS)


class NewVisit(Body):
    """One whole visit. The last four fields are for an inspection only."""

    id: UUID = Field(..., description="A UUIDv7 made by the caller")
    place: UUID
    kind: Literal["patrol", "inspection", "self_check"]
    started_at: Moment
    submitted_at: Moment | None = None
    by_scan: bool = False
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    accuracy: float | None = Field(None, ge=0, le=1_000_000)
    note: Words = ""
    items: list[NewAnswer] = Field(..., min_length=1, max_length=MOST_ITEMS)
    second: str = Field("", max_length=40, description="User name of the second officer")
    basis: Short = ""
    cause: Annotated[str, OneOf(Cause)] | None = None
    cause_note: Short = ""


class ReceiptOut(Schema):
    """Proof that the visit is kept. `cases` are the numbers of what was born of it."""

    id: UUID
    number: str
    state: Annotated[str, OneOf(State)]
    digest: str
    received_at: datetime
    cases: list[str]
    missing_photos: list[str]


class VisitFilters(UuidWindow):
    area: AreaCode = Field("", description="In this area and below")
    place: UUID | None = None
    kind: Annotated[str, OneOf(Kind)] | None = None
    state: Annotated[str, OneOf(State)] | None = None
    since: Moment | None = Field(None, description="Started then or later")


@router.get("/visits", response={200: Page[VisitOut], **FAILURES}, summary="Visits in reach")
def visits(request: HttpRequest, ask: Query[VisitFilters]) -> dict[str, Any]:
    rows = _seen(request)
    if ask.area:
        rows = rows.filter(area_code__gte=ask.area, area_code__lt=prefix_end(ask.area))
    if ask.since:
        rows = rows.filter(started_at__gte=ask.since)
    exact = ask.dict(include={"place", "kind", "state"})
    return window(rows.filter(**{name: value for name, value in exact.items() if value}), ask)


@router.get(
    "/visits/{uuid:visit_id}", response={200: VisitWithAnswers, **FAILURES}, summary="One visit"
)
def visit(request: HttpRequest, visit_id: UUID) -> Any:
    """With its answers and photos."""
    return find(_seen(request).prefetch_related("items__item", "photos"), pk=visit_id)


@router.post("/visits", response={200: ReceiptOut, **FAILURES}, summary="Submit a visit")
def submit(request: HttpRequest, body: NewVisit) -> Any:
    """Repeatable by `id`: the same content gets the same receipt, other content 409."""
    given = body.model_dump(mode="json", exclude_unset=True)
    return actions.submit_whole(given, by=request.auth)  # type: ignore[attr-defined]


@router.post(
    "/visits/{uuid:visit_id}/photos",
    response={200: VisitPhotoOut, **FAILURES},
    summary="Send a photo of a visit",
)
def add_photo(request: HttpRequest, visit_id: UUID, file: File[UploadedFile]) -> Any:
    """A photo that the visit named by its SHA-256; sending it again changes nothing."""
    row = find(_seen(request), pk=visit_id)
    try:
        return actions.add_photo(row, file.read(), by=request.auth)  # type: ignore[attr-defined]
    except ImageRefused as error:
        raise fault("file", str(error)) from error


def _seen(request: HttpRequest) -> Any:
    """What was submitted, also when voided later; a draft is its visitor's alone."""
    rows = Visit.objects.allowed(request.auth, "visits.view")  # type: ignore[attr-defined]
    rows = rows.filter(submitted_at__isnull=False)
    return rows.select_related("place", "by", "second", "authority")
