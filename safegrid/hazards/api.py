"""Clues and hazards for other systems; each declared step is an operation."""

import inspect
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from ninja import Field, File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import create_model

from safegrid.checklists.models import Item
from safegrid.enterprises.models import Place
from safegrid.hazards import actions, queries
from safegrid.hazards.models import Case, Clue, ClueState, Hazard, Origin, Severity, State
from safegrid.people import once
from safegrid.people.models import Organisation
from safegrid.shared import files
from safegrid.shared.images import ImageRefused
from safegrid.shared.models import StoredFile
from safegrid.shared.refusals import Conflict, NotAllowed
from safegrid.shared.wire import (
    FAILURES,
    AreaCode,
    Body,
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
from safegrid.shared.workflow import Step, Workflow
from safegrid.territory.codes import prefix_end

router = Router(tags=["hazards"])

WITH_PICTURES = ("hazards.collect_clue", "hazards.submit_repair", "hazards.fix_on_spot")


class Department(Schema):
    id: int
    name: str


class CaseOut(Schema):
    """What clues and hazards share."""

    id: UUID
    number: str
    place_id: UUID
    place: str
    area_code: str
    item: str | None = Field(..., description="Code of the check item")
    title: str
    note: str
    spot: str
    severity: Annotated[str, OneOf(Severity)]
    department: Department | None
    origin: Annotated[str, OneOf(Origin)]
    origin_id: UUID | None
    found_at: datetime
    due_on: date | None
    is_overdue: bool
    version: int

    @staticmethod
    def resolve_place(case: Case) -> str:
        return case.place.name

    @staticmethod
    def resolve_item(case: Case) -> str | None:
        return case.item.code if case.item else None


class HazardOut(CaseOut):
    state: Annotated[str, OneOf(State)]
    is_urged: bool = Field(..., description="督促, which is no order")
    demand: str
    ordered_at: datetime | None
    repair_note: str
    repaired_at: datetime | None
    verified_at: datetime | None
    closed_at: datetime | None
    closed_on_spot: bool
    extensions: int


class ClueOut(CaseOut):
    state: Annotated[str, OneOf(ClueState)]
    hazard_id: UUID | None
    merged_into_id: UUID | None
    outcome: str


class StepOut(Schema):
    """A step that the caller's posts grant here; `refusal` says why not now, "" when open."""

    step: str
    label: str
    refusal: str


class HazardWithSteps(HazardOut):
    steps: list[StepOut]


class ClueWithSteps(ClueOut):
    steps: list[StepOut]


class CaseFilters(UuidWindow):
    area: AreaCode = Field("", description="In this area and below")
    place: UUID | None = None
    department: Number | None = None
    severity: Annotated[str, OneOf(Severity)] | None = None


class HazardFilters(CaseFilters):
    state: Annotated[str, OneOf(State)] | None = None
    overdue: bool = Field(False, description="Only those past their day and not handed in")


class ClueFilters(CaseFilters):
    state: Annotated[str, OneOf(ClueState)] | None = None


class NewClue(Body):
    """A clue of one place. `id` is a UUIDv7 made by the caller."""

    place: UUID
    title: Annotated[str, Field(min_length=1, max_length=200)]
    id: UUID | None = None
    item: Number | None = Field(None, description="Id of a check item in use")
    note: Words = ""
    spot: Annotated[str, Field(max_length=60)] = ""
    severity: Literal["general", "suspected"] | None = None
    photos: list[Sha256] = Field([], max_length=9, description="Hashes that `/photos` gave")


class PhotoOut(Schema):
    """`sha256` is the hash of the cleaned picture: name it in `photos` of a clue or a step."""

    sha256: str
    width: int
    height: int
    size: int


@router.get("/hazards", response={200: Page[HazardOut], **FAILURES}, summary="Hazards in reach")
def hazards(request: HttpRequest, ask: Query[HazardFilters]) -> dict[str, Any]:
    rows = _filtered(_seen(Hazard, request), ask)
    return window(queries.overdue_hazards(rows) if ask.overdue else rows, ask)


@router.get("/clues", response={200: Page[ClueOut], **FAILURES}, summary="Clues in reach")
def clues(request: HttpRequest, ask: Query[ClueFilters]) -> dict[str, Any]:
    return window(_filtered(_seen(Clue, request), ask), ask)


@router.get(
    "/hazards/{uuid:hazard_id}", response={200: HazardWithSteps, **FAILURES}, summary="One hazard"
)
def hazard(request: HttpRequest, hazard_id: UUID) -> Any:
    """With the steps that the caller may take now."""
    row = find(_seen(Hazard, request), pk=hazard_id)
    row.steps = _offers(actions.flow, row, request)
    return row


@router.get("/clues/{uuid:clue_id}", response={200: ClueWithSteps, **FAILURES}, summary="One clue")
def clue(request: HttpRequest, clue_id: UUID) -> Any:
    """With the steps that the caller may take now."""
    row = find(_seen(Clue, request), pk=clue_id)
    row.steps = _offers(actions.clue_flow, row, request)
    return row


@router.post(
    "/clues", response={200: ClueOut, **FAILURES}, summary="Report a clue", openapi_extra=once.EXTRA
)
@once.once
def collect_clue(request: HttpRequest, body: NewClue) -> ClueOut:
    """The same `id` a second time answers 409; use the Idempotency-Key to be answered again."""
    by: Any = request.auth  # type: ignore[attr-defined]
    place = find(Place.objects.allowed(by, "hazards.collect_clue"), pk=body.place)
    facts = body.dict(include={"id", "title", "note", "spot"})
    try:
        with transaction.atomic():
            row = actions.collect_clue(
                by=by,
                place=place,
                origin=Origin.API,
                item=_item(body.item),
                severity=body.severity or "",
                photos=_pictures(body.photos),
                **facts,
            )
    except IntegrityError as error:
        raise Conflict("这个id已经用过") from error
    return ClueOut.from_orm(row)


@router.post("/photos", response={200: PhotoOut, **FAILURES}, summary="Send a picture")
def photo(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """It is cleaned (no EXIF) and kept under its hash; sending it again changes nothing."""
    by: Any = request.auth  # type: ignore[attr-defined]
    if not any(by.may(permission) for permission in WITH_PICTURES):
        raise NotAllowed("不在您的职责范围内")
    try:
        return files.store_picture(file.read())
    except ImageRefused as error:
        raise fault("file", str(error)) from error


def _seen(model: type[Case], request: HttpRequest, permission: str = "hazards.view") -> Any:
    rows = model.objects.allowed(request.auth, permission)  # type: ignore[attr-defined]
    return rows.select_related("place", "department", "item")


def _filtered(rows: Any, ask: Any) -> Any:
    if ask.area:
        rows = rows.filter(area_code__gte=ask.area, area_code__lt=prefix_end(ask.area))
    exact = ask.dict(include={"place", "department", "severity", "state"})
    return rows.filter(**{name: value for name, value in exact.items() if value})


def _offers(flow: Workflow, row: Case, request: HttpRequest) -> list[StepOut]:
    offers = flow.offers(row, request.auth)  # type: ignore[attr-defined]
    return [
        StepOut(step=offer.step.slug, label=offer.step.label, refusal=offer.refusal)
        for offer in offers
    ]


def _item(pk: int | None) -> Item | None:
    if pk is None:
        return None
    found: Item | None = Item.objects.filter(checklist__state="published", pk=pk).first()
    if found is None:
        raise fault("item", "在用的清单里没有这一项")
    return found


def _pictures(hashes: list[str]) -> list[StoredFile]:
    known = StoredFile.objects.in_bulk(hashes)
    if missing := [sha256 for sha256 in hashes if sha256 not in known]:
        raise fault("photos", f"照片还没传上来：{missing[0][:12]}")
    return list(known.values())


# What the details of a step are on the wire, by their name in its declaration.
FIELDS: dict[str, Any] = {
    "answer": Literal["granted", "refused"],
    "severity": Literal["general", "major"],
    "department": Number,
    "receiver": Number,
    "into": UUID,
    "photos": Annotated[list[Sha256], Field(max_length=9)],
}


def _body_in_charge(field: str, case: Case, pk: int) -> Organisation:
    """A body that can be in charge of the case."""
    found: Organisation | None = queries.bodies_for(case).filter(pk=pk).first()
    if found is None:
        raise fault(field, "没有这个单位，或它不管这里")
    return found


def _clue_to_join(pk: UUID, by: Any) -> Clue:
    found: Clue | None = Clue.objects.allowed(by, "hazards.merge_clue").filter(pk=pk).first()
    if found is None:
        raise fault("into", "没有这条线索")
    return found


FINDERS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "department": lambda case, pk, by: _body_in_charge("department", case, pk),
    "receiver": lambda case, pk, by: _body_in_charge("receiver", case, pk),
    "into": lambda case, pk, by: _clue_to_join(pk, by),
    "photos": lambda case, hashes, by: _pictures(hashes),
}


def body_of(flow: Workflow, step: Step) -> type[Body]:
    """The body of a step's operation, from the details that its declaration takes."""
    declared = inspect.signature(flow.takes[step.name]).parameters.values()
    details = [one for one in declared if one.name not in ("by", "note")][1:]
    fields: dict[str, Any] = {
        "note": (Words, ""),
        "version": (Number | None, Field(None, description="Answers 409 when it has moved on")),
    }
    for one in details:
        kind = FIELDS.get(one.name) or (Words if one.annotation is str else one.annotation)
        is_needed = one.default is inspect.Parameter.empty
        default = [] if one.name == "photos" else one.default
        fields[one.name] = (kind, ... if is_needed else default)
    name = step.name.title().replace("_", "")
    made: type[Body] = create_model(f"{name}Body", __base__=Body, **fields)
    return made


def _operate(flow: Workflow, step: Step, shape: Any, path: str, parameter: str) -> None:
    """Add the operation of one step: its body, its answer, its place in the document."""

    def operation(request: HttpRequest, body: Any, **which: UUID) -> Any:
        by = request.auth  # type: ignore[attr-defined]
        case = find(_seen(flow.model, request, step.permission), pk=which[parameter])
        details = body.dict(exclude_unset=True)
        found = {
            name: FINDERS[name](case, value, by) if name in FINDERS else value
            for name, value in details.items()
        }
        return shape.from_orm(flow.takes[step.name](case, by=by, **found))

    operation.__name__ = step.name
    operation.__doc__ = flow.takes[step.name].__doc__
    operation.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            inspect.Parameter(parameter, inspect.Parameter.KEYWORD_ONLY, annotation=UUID),
            inspect.Parameter(
                "body", inspect.Parameter.KEYWORD_ONLY, annotation=body_of(flow, step)
            ),
        ]
    )
    router.post(
        f"{path}/{{uuid:{parameter}}}/{step.slug}",
        response={200: shape, **FAILURES},
        summary=f"{step.label} ({step.permission})",
        openapi_extra=once.EXTRA,
    )(once.once(operation))


for _step in actions.flow.steps.values():
    _operate(actions.flow, _step, HazardOut, "/hazards", "hazard_id")
for _step in actions.clue_flow.steps.values():
    _operate(actions.clue_flow, _step, ClueOut, "/clues", "clue_id")
