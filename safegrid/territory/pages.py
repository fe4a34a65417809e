from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from safegrid.shared import tables
from safegrid.shared.access import require
from safegrid.territory import actions, drawing, outlines, queries
from safegrid.territory.forms import CRS, AddArea, CloseArea, EditArea, ImportGrids
from safegrid.territory.models import Area, Kind, Level

ERRORS_SHOWN = 50


@require_GET
def area_list(request: HttpRequest) -> HttpResponse:
    """The area of the user's post with two levels below it; a search by name or code."""
    user: Any = request.user
    require(user, "territory.view")
    text = request.GET.get("q", "").strip()[:60]
    if text:
        return _found(request, text)
    wanted = queries.highest(post.area_code for post in user.posts_granting("territory.view"))
    rows = Area.objects.allowed(user, "territory.view").defer("boundary")
    tops = list(rows.filter(code__in=wanted))
    shown: dict[str, Any] = {"tops": tops}
    if len(tops) == 1:
        shown |= _tree(tops[0])
    return render(request, "territory/list.html", shown)


def _tree(top: Area) -> dict[str, Any]:
    level = min(top.level + 2, Level.GRID)
    return {
        "top": top,
        "groups": queries.two_levels(top),
        "counts": queries.counts_below(top.code, level),
        "levels": [one for one in Level if one > level],
    }


def _found(request: HttpRequest, text: str) -> HttpResponse:
    rows = Area.objects.allowed(request.user, "territory.view").in_force().defer("boundary")
    by_code = rows.filter(code__startswith=text.upper())
    page = tables.page(by_code if text.isascii() else rows.filter(name__contains=text), request)
    return render(request, "territory/found.html", {"text": text, "page": page})


@require_GET
def area(request: HttpRequest, code: str) -> HttpResponse:
    area = _area(request, code, "territory.view")
    user: Any = request.user
    children = list(queries.children_of(area.code)) if area.level < Level.GRID else []
    shown = {
        "area": area,
        "trail": [(one, user.covers("territory.view", one)) for one in queries.path_of(code)[:-1]],
        "children": children,
        "counts": queries.counts_below(code, area.level + 1) if children else {},
        "levels": [one for one in Level if one > area.level + 1],
        "drawing": drawing.draw(children) or drawing.draw([area]),
        "undrawn": sum(not child.boundary for child in children),
        "may_edit": user.covers("territory.edit", area),
        "systems": CRS,
    }
    return render(request, "territory/detail.html", shown)


@require_http_methods(["GET", "POST"])
def edit_area(request: HttpRequest, code: str) -> HttpResponse:
    area = _area(request, code, "territory.edit")
    initial = {
        "name": area.name,
        "population": area.population,
        "note": area.note,
        "version": area.version,
    }
    form = EditArea(request.POST or None, initial=initial)
    if form.is_valid() and _done(form, actions.edit_area, area, by=request.user):
        messages.success(request, "改好了")
        return redirect(area)
    return _form(request, area, form, "改资料", "保存")


@require_http_methods(["GET", "POST"])
def add_area(request: HttpRequest, code: str) -> HttpResponse:
    """A new area directly below this one."""
    area = _area(request, code, "territory.edit")
    kind = Kind.BASIC_GRID if area.level == Level.COMMUNITY else Kind.ZONE
    form = AddArea(request.POST or None, initial={"kind": kind})
    if form.is_valid():
        if form.cleaned_data["code"] and not form.cleaned_data["code"].startswith(area.code):
            form.add_error("code", f"代码要以{area.code}开头")
        elif new := _done(form, actions.add_area, by=request.user, parent=area.code):
            messages.success(request, f"已新设{new}，代码{new.code}")
            return redirect(new)
    return _form(request, area, form, "新设下级", "新设")


@require_http_methods(["GET", "POST"])
def close_area(request: HttpRequest, code: str) -> HttpResponse:
    area = _area(request, code, "territory.edit")
    form = CloseArea(request.POST or None)
    if form.is_valid() and _done(form, actions.close_area, area, by=request.user):
        messages.success(request, "已停用，代码仍查得到")
        return redirect(area)
    return _form(request, area, form, "停用", "停用", kind="danger")


@require_http_methods(["GET", "POST"])
def import_grids(request: HttpRequest, code: str) -> HttpResponse:
    """Check a file and see what it would do, or take it in: all of it or nothing."""
    area = _area(request, code, "territory.edit")
    form = ImportGrids(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {"area": area, "form": form}
    if form.is_valid():
        file, crs = form.cleaned_data["file"], form.cleaned_data["crs"]
        outcome = actions.preview_grids(file, crs=crs, below=area.code)
        if not outcome.errors and "check" not in request.POST:
            done = actions.import_grids(file, by=request.user, crs=crs, below=area.code)
            messages.success(request, f"已导入：{done}")
            return redirect(area)
        shown |= {"outcome": outcome, "errors": outcome.errors[:ERRORS_SHOWN]}
    has_faults = bool(form.errors or shown.get("errors"))
    return render(request, "territory/import_grids.html", shown, status=422 if has_faults else 200)


@require_GET
def geojson(request: HttpRequest, code: str) -> HttpResponse:
    """The area and everything below it that is drawn, in the system that `?crs=` names."""
    area = _area(request, code, "territory.view")
    crs = tables.choice(request, "crs", [name for name, _ in CRS]) or "wgs84"
    rows = Area.objects.allowed(request.user, "territory.view").below(area.code).in_force()
    collection = outlines.as_collection(rows.exclude(boundary=None).order_by("code"), crs)
    response = JsonResponse(collection, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = "application/geo+json"
    response.headers["Content-Disposition"] = f'attachment; filename="{area.code}-{crs}.geojson"'
    return response


def _area(request: HttpRequest, code: str, permission: str) -> Area:
    found: Area = get_object_or_404(Area.objects.allowed(request.user, permission), code=code)
    return found


def _done(form: Any, action: Any, *args: Any, **facts: Any) -> Any:
    """What the action gives for the form's facts; None, with the fault on the form, if invalid."""
    try:
        return action(*args, **facts, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _form(
    request: HttpRequest, area: Area, form: Any, title: str, verb: str, kind: str = "main"
) -> HttpResponse:
    shown = {"area": area, "form": form, "title": title, "verb": verb, "kind": kind}
    status = 422 if form.errors else 200
    return render(request, "territory/form.html", shown, status=status)
