from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from safegrid.enterprises.models import EnterpriseKind, Grade, Place, PlaceState
from safegrid.shared import masking
from safegrid.shared.wire import FAILURES, AreaCode, Number, OneOf, Page, UuidWindow, find, window
from safegrid.territory.codes import prefix_end

router = Router(tags=["places"])


class EnterpriseOut(Schema):
    name: str
    credit_code: str | None
    kind: Annotated[str, OneOf(EnterpriseKind)]
    size: str
    is_above_scale: bool


class BodyOut(Schema):
    id: int
    name: str


class PlaceOut(Schema):
    """A place. Coordinates are WGS84; phones are masked."""

    id: UUID
    number: str
    name: str
    kinds: list[str] = Field(..., description="Codes of its kinds, the main one first")
    industry: str
    state: Annotated[str, OneOf(PlaceState)]
    area_code: str
    address: str
    lon: float | None
    lat: float | None
    is_nine_small: bool
    is_high_risk: bool
    grade: Annotated[str, OneOf(Grade)]
    principal: str
    phone: str
    safety_manager: str
    safety_phone: str
    lead_department: BodyOut | None
    enterprise: EnterpriseOut
    open_hazards: int
    last_visited_at: datetime | None
    version: int

    @staticmethod
    def resolve_phone(place: Place) -> str:
        return masking.mask_phone(place.phone)

    @staticmethod
    def resolve_safety_phone(place: Place) -> str:
        return masking.mask_phone(place.safety_phone)


class PlaceFilters(UuidWindow):
    area: AreaCode = Field("", description="In this area and below")
    kind: str = Field("", max_length=30, description="Code of the main kind")
    state: Annotated[str, OneOf(PlaceState)] | None = None
    grade: Annotated[str, OneOf(Grade)] | None = None
    lead_department: Number | None = None


@router.get("/places", response={200: Page[PlaceOut], **FAILURES}, summary="Places in your reach")
def places(request: HttpRequest, ask: Query[PlaceFilters]) -> dict[str, Any]:
    rows = _seen(request)
    if ask.area:
        rows = rows.filter(area_code__gte=ask.area, area_code__lt=prefix_end(ask.area))
    exact = ask.dict(include={"kind", "state", "grade", "lead_department"})
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    return window(rows, ask)


@router.get("/places/{uuid:place_id}", response={200: PlaceOut, **FAILURES}, summary="One place")
def place(request: HttpRequest, place_id: UUID) -> Any:
    return find(_seen(request), pk=place_id)


def _seen(request: HttpRequest) -> Any:
    rows = Place.objects.allowed(request.auth, "enterprises.view")  # type: ignore[attr-defined]
    return rows.select_related("enterprise", "lead_department")
