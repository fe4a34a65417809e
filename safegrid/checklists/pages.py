from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safegrid.checklists import queries
from safegrid.shared.access import require

ITEMS_SHOWN = 50


@require_GET
def checklist_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "checklists.view")
    text = request.GET.get("q", "").strip()[:60]
    items = queries.search(text, ITEMS_SHOWN + 1)
    groups = queries.grouped()
    shown = {
        "text": text,
        "items": items[:ITEMS_SHOWN],
        "has_more": len(items) > ITEMS_SHOWN,
        "groups": groups,
        "lists": sum(len(lists) for _, lists in groups),
        "size": sum(one.size for _, lists in groups for one in lists),
    }
    return render(request, "checklists/list.html", shown)


@require_GET
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    require(request.user, "checklists.view")
    return render(request, "checklists/detail.html", _version(request, code))


@require_GET
def printed(request: HttpRequest, code: str) -> HttpResponse:
    require(request.user, "checklists.view")
    return render(request, "checklists/print.html", _version(request, code))


def _version(request: HttpRequest, code: str) -> dict[str, Any]:
    """One version of a list, the one in use unless `?version=` names another, by section."""
    known = queries.versions(code)
    chosen = queries.choose(known, request.GET.get("version", ""))
    if chosen is None:
        raise Http404
    items = list(queries.with_bases(chosen.items.all()))
    return {
        "checklist": chosen,
        "versions": known,
        "in_use": queries.choose(known),
        "sections": queries.by_section(items),
        "size": len(items),
        "unverified": sum(not basis.may_be_cited for one in items for basis in one.bases.all()),
    }
