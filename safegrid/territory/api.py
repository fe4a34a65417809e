from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from safegrid.shared.wire import FAILURES, AreaCode, OneOf, Page, Window, find, window
from safegrid.territory.codes import parent_of
from safegrid.territory.models import Area, Kind, Level

router = Router(tags=["areas"])


class AreaOut(Schema):
    code: str
    name: str
    full_name: str
    parent: str | None
    level: int
    kind: Annotated[str, OneOf(Kind)]
    is_local: bool
    lon: float | None
    lat: float | None
    valid_from: date
    valid_to: date | None

    @staticmethod
    def resolve_parent(area: Area) -> str | None:
        return parent_of(area.code)


class AreaWithBoundary(AreaOut):
    """`boundary` is a GeoJSON geometry, WGS84."""

    boundary: dict[str, Any] | None


class AreaFilters(Window):
    prefix: AreaCode = Field("", description="This area and everything below it")
    level: int | None = Field(None, ge=Level.PROVINCE, le=Level.GRID)
    on: date | None = Field(None, description="In force on that day; today when left out")


@router.get("/areas", response={200: Page[AreaOut], **FAILURES}, summary="Areas in your reach")
def areas(request: HttpRequest, ask: Query[AreaFilters]) -> dict[str, Any]:
    """Areas by code; levels run from 1 (province) to 6 (grid)."""
    rows = Area.objects.allowed(request.auth, "territory.view").in_force(ask.on)  # type: ignore[attr-defined]
    if ask.prefix:
        rows = rows.below(ask.prefix)
    if ask.level:
        rows = rows.filter(level=ask.level)
    return window(rows.defer("boundary"), ask, key="code")


@router.get("/areas/{slug:code}", response={200: AreaWithBoundary, **FAILURES}, summary="One area")
def area(request: HttpRequest, code: str) -> Any:
    return find(Area.objects.allowed(request.auth, "territory.view"), code=code)  # type: ignore[attr-defined]
