from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safegrid.hazards import filters, sheets
from safegrid.hazards.models import Clue, Hazard
from safegrid.shared import clock, tables
from safegrid.shared.access import require
from safegrid.shared.refusals import NotAllowed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def hazard_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, "hazards.view")
    asked = filters.read(request, filters.HAZARDS)
    rows = filters.narrow(Hazard.objects.allowed(user, "hazards.view"), asked, _my_hazards(user))
    shown = _shown(request, rows, asked, filters.HAZARDS)
    shown["can_record"] = user.may("hazards.record")
    return render(request, "hazards/list.html", shown)


@require_GET
def clue_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, "hazards.view")
    if not user.posts:
        raise NotAllowed("线索只给有岗位的人看")
    asked = filters.read(request, filters.CLUES)
    rows = filters.narrow(Clue.objects.allowed(user, "hazards.view"), asked, _my_clues(user))
    shown = _shown(request, rows, asked, filters.CLUES)
    shown["can_collect"] = user.may("hazards.collect_clue")
    return render(request, "hazards/clue_list.html", shown)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a file."""
    user: Any = request.user
    require(user, "hazards.view")
    asked = filters.read(request, filters.HAZARDS)
    rows = filters.narrow(Hazard.objects.allowed(user, "hazards.view"), asked, _my_hazards(user))
    found = _related(filters.in_state(rows, asked.state, filters.HAZARDS))
    answer = HttpResponse(sheets.ledger(found[: sheets.MOST_ROWS]), content_type=XLSX)
    name = f"hazards-{clock.today():%Y%m%d}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _shown(
    request: HttpRequest, rows: Any, asked: filters.Filters, kind: filters.Kind
) -> dict[str, Any]:
    return {
        "asked": asked,
        "tabs": filters.tabs(rows, asked, kind),
        "page": tables.page(_related(filters.in_state(rows, asked.state, kind)), request),
        **filters.choices(request.user),
    }


def _related(rows: Any) -> Any:
    is_hazard = rows.model is Hazard
    more = ("ordering_body",) if is_hazard else ("found_by",)
    return rows.select_related("place__grid", "department", *more).defer("place__grid__boundary")


def _my_hazards(user: Any) -> Q:
    names = ("found_by", "ordered_by", "repaired_by", "verified_by")
    mine = Q()
    for name in names:
        mine |= Q(**{name: user})
    return mine


def _my_clues(user: Any) -> Q:
    return Q(found_by=user) | Q(handled_by=user)
