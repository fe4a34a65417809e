from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from safegrid.checklists import queries
from safegrid.checklists.models import Item, ItemBasis, Severity
from safegrid.shared.access import require
from safegrid.shared.refusals import NotAllowed
from safegrid.shared.wire import FAILURES, Filters, OneOf

router = Router(tags=["checklists"])


class ChecklistOut(Schema):
    code: str
    version: str
    name: str
    is_trial: bool
    is_for_all: bool
    places: list[str]
    industries: list[str]
    tags: list[str]
    lead_department: str
    co_departments: list[str]
    published_at: datetime | None
    is_published: bool = Field(..., description="False for an old version")


class BasisOut(Schema):
    """What an item rests on. Only `citation` may be put on papers; null when not verified."""

    document: str
    clause: str | None = Field(..., description="Code of the clause in the library")
    citation: str | None
    warning: str

    @staticmethod
    def resolve_document(basis: ItemBasis) -> str:
        return basis.document_name

    @staticmethod
    def resolve_clause(basis: ItemBasis) -> str | None:
        return basis.clause_id

    @staticmethod
    def resolve_citation(basis: ItemBasis) -> str | None:
        return basis.citation or None


class ItemOut(Schema):
    """A check item. `severity` major means that a body with the power may judge it so."""

    id: int
    code: str
    section: str
    point: str
    how: str
    hazard: str
    severity: Annotated[str, OneOf(Severity)]
    criterion: str
    judged_by: str
    rectify: str
    deadline_days: int
    tags: list[str]
    photo_hint: str
    is_for_self_check: bool
    concept: str
    bases: list[BasisOut]

    @staticmethod
    def resolve_bases(item: Item) -> list[ItemBasis]:
        return list(item.bases.all())


class ChecklistWithItems(ChecklistOut):
    items: list[ItemOut]


class Lists(Schema):
    items: list[ChecklistOut]


class ListFilters(Filters):
    kind: str = Field("", max_length=30, description="The common list and that of this kind")


class VersionFilter(Filters):
    version: str = Field("", max_length=30, description="The one in use when left out")


@router.get("/checklists", response={200: Lists, **FAILURES}, summary="Lists in use")
def checklists(request: HttpRequest, ask: Query[ListFilters]) -> dict[str, Any]:
    require(request.auth, "checklists.view")  # type: ignore[attr-defined]
    found = queries.lists_for([ask.kind]) if ask.kind else queries.published()
    return {"items": list(found)}


@router.get(
    "/checklists/{slug:code}", response={200: ChecklistWithItems, **FAILURES}, summary="One list"
)
def checklist(request: HttpRequest, code: str, ask: Query[VersionFilter]) -> dict[str, Any]:
    """A version of a list with its items and what they rest on. Item ids belong to the version."""
    require(request.auth, "checklists.view")  # type: ignore[attr-defined]
    found = queries.choose(queries.versions(code), ask.version)
    if found is None:
        raise NotAllowed("没有这份清单或这一版")
    facts = {name: getattr(found, name) for name in ChecklistOut.model_fields}
    return {**facts, "items": list(queries.with_bases(found.items.all()))}
