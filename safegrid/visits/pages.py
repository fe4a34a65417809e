from math import isfinite
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safegrid.checklists.models import Item
from safegrid.checklists.queries import by_section, with_bases
from safegrid.enterprises.models import Place
from safegrid.recognition.queries import propose
from safegrid.shared import clock, files, tables
from safegrid.shared.access import require
from safegrid.shared.refusals import NotAllowed
from safegrid.territory.queries import children_of
from safegrid.visits import actions, filters, powers, queries
from safegrid.visits.forms import InspectionForm, ProblemForm, SubmitForm, VoidForm
from safegrid.visits.models import Kind, Result, State, Visit, VisitItem, VisitPhoto
from safegrid.visits.payload import EAST, NORTH

MOST_SAID = 200


@require_GET
def visit_list(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    require(user, "visits.view")
    asked = filters.read(request)
    rows = filters.narrow(Visit.objects.allowed(user, "visits.view"), asked, user)
    page = {
        "page": tables.page(
            rows.select_related("place__grid", "by", "second", "authority").defer(
                "place__grid__boundary"
            ),
            request,
        ),
        "asked": asked,
        "kinds": filters.KINDS,
        "periods": filters.PERIODS.items(),
        "areas": list(children_of(user.posts[0].area_code)) if user.posts else [],
    }
    return render(request, "visits/list.html", page)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    visit = _seen(request, pk)
    if visit.state == State.DRAFT and visit.by_id == request.user.pk:
        return redirect("visits:overview", pk)
    if visit.submitted_at is None:
        raise Http404
    rows = visit.items.select_related("item__checklist").prefetch_related("photos")
    page = {
        "visit": visit,
        "rows": rows,
        "cases": queries.cases_of(visit, _user(request)),
        "receipt": visit.digest[:16],
        "may_void": _user(request).covers("visits.void", visit) and visit.state in queries.DONE,
        "sees_clues": bool(_user(request).posts),
    }
    return render(request, "visits/detail.html", page)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, place: UUID | None = None) -> HttpResponse:
    """Begin a visit here: what kinds are open to this person, and what an inspection needs."""
    where = _place(request, place or _uuid(request.GET.get("place", "")))
    user = _user(request)
    kinds = powers.kinds_open_to(user, where)
    kind = request.POST.get("kind") or request.GET.get("kind") or (kinds[0] if kinds else "")
    if kind not in kinds:
        raise NotAllowed("不在您的职责范围内")
    form = _inspection_form(request, where) if kind == Kind.INSPECTION else None
    if request.method == "POST" and (form is None or form.is_valid()):
        visit = actions.start(
            where,
            kind=kind,
            by=user,
            by_scan=bool(request.POST.get("scan")),
            position=_position(request),
            **(form.facts() if form else {}),
        )
        return redirect("visits:check", visit.pk, 1) if visit.items.exists() else redirect(visit)
    page = {
        "place": where,
        "kind": Kind(kind),
        "others": [one for one in kinds if one != kind],
        "form": form,
        "cap": _cap(request, where) if form else None,
        "chosen": queries.choose_items(where, kind),
        "drafts": queries.drafts_of(user, where),
        "by_scan": request.GET.get("scan", "") or request.POST.get("scan", ""),
    }
    status = 422 if form and form.errors else 200
    return render(request, "visits/start.html", page, status=status)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """One item fills the screen; a problem opens its second half."""
    visit = _draft(request, pk)
    rows = list(visit.items.select_related("item__checklist"))
    if not 1 <= number <= len(rows):
        raise Http404
    row = rows[number - 1]
    result = request.POST.get("result", "")
    form = _problem_form(request, row)
    if result == Result.PROBLEM and form.is_valid():
        actions.answer(row, by=_user(request), result=result, **form.cleaned_data)
        return _onward(visit, rows, number)
    if result in (Result.PASS, Result.NOT_APPLICABLE):
        actions.answer(row, by=_user(request), result=result)
        return _onward(visit, rows, number)
    asks = result == Result.PROBLEM or "problem" in request.GET
    page = {
        "visit": visit,
        "row": row,
        "item": with_bases(Item.objects.filter(pk=row.item_id)).get(),
        "number": number,
        "total": len(rows),
        "answered": sum(1 for one in rows if one.result),
        "form": form,
        "photos": row.photos.all() if asks else (),
        "previous": number - 1,
    }
    template = "visits/problem.html" if asks else "visits/check.html"
    return render(request, template, page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All items with their answers; submitted from here."""
    visit = _draft(request, pk)
    form = SubmitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = actions.submit(visit, by=_user(request), note=form.cleaned_data["note"])
        messages.success(request, f"已保存，编号{done.number}")
        return redirect(done)
    rows = list(visit.items.select_related("item"))
    page = {
        "visit": visit,
        "rows": rows,
        "form": form,
        "answered": sum(1 for row in rows if row.result),
        "problems": sum(1 for row in rows if row.result == Result.PROBLEM),
    }
    return render(request, "visits/overview.html", page)


@require_http_methods(["GET", "POST"])
def more(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All items of this place's lists, to add what was not chosen."""
    visit = _draft(request, pk)
    known = set(visit.items.values_list("item_id", flat=True))
    items = [item for item in queries.all_items(visit.place, visit.kind) if item.pk not in known]
    if request.method == "POST":
        wanted = set(request.POST.getlist("item"))
        chosen = [item for item in items if str(item.pk) in wanted]
        actions.add_items(visit, chosen, by=_user(request))
        if chosen:
            return redirect("visits:check", pk, len(known) + 1)
        return redirect("visits:overview", pk)
    lists: dict[str, list[Item]] = {}
    for item in items:
        lists.setdefault(item.checklist.name, []).append(item)
    sections = [(name, by_section(some)) for name, some in lists.items()]
    said = request.GET.get("q", "").strip()[:MOST_SAID]
    heard = [one.item for one in propose(said, visit.place.kinds) if one.item in items]
    page = {"visit": visit, "lists": sections, "said": said, "heard": heard}
    return render(request, "visits/more.html", page)


@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    visit = _draft(request, pk)
    actions.discard(visit, by=_user(request))
    messages.success(request, "没有保存")
    return redirect(visit.place)


@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, pk: UUID) -> HttpResponse:
    rows = Visit.objects.allowed(request.user, "visits.void").select_related("place")
    visit = get_object_or_404(rows, pk=pk)
    form = VoidForm(request.POST or None, initial={"version": visit.version})
    if form.is_valid():
        actions.void(visit, by=_user(request), **form.cleaned_data)
        messages.success(request, "已作废")
        return redirect(visit)
    page = {"visit": visit, "form": form}
    return render(request, "visits/void.html", page, status=422 if form.errors else 200)


@require_GET
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    seen = Visit.objects.allowed(request.user, "visits.view").values("pk")
    row: Any = get_object_or_404(
        VisitPhoto.objects.select_related("file"), pk=pk, visit__in=seen, file__isnull=False
    )
    data = files.read(row.file, thumb="thumb" in request.GET)
    return HttpResponse(data, content_type=row.file.mime)


def _inspection_form(request: HttpRequest, place: Place) -> InspectionForm:
    return InspectionForm(request.POST or None, officers=powers.seconds_for(_user(request), place))


def _problem_form(request: HttpRequest, row: VisitItem) -> ProblemForm:
    """The second half of an item; bound once it has been shown and filled in."""
    kept = {"note": row.note, "spot": row.spot, "is_fixed": row.is_fixed}
    if "told" not in request.POST:
        return ProblemForm(initial=kept)
    return ProblemForm(request.POST, request.FILES, initial=kept)


def _onward(visit: Visit, rows: list[VisitItem], number: int) -> HttpResponse:
    """To the next item without an answer, or to the overview after the last."""
    for place, row in enumerate(rows[number:], number + 1):
        if not row.result:
            return redirect("visits:check", visit.pk, place)
    return redirect("visits:overview", visit.pk)


def _seen(request: HttpRequest, pk: UUID) -> Visit:
    rows = Visit.objects.allowed(request.user, "visits.view")
    found: Visit = get_object_or_404(
        rows.select_related("place__grid", "by", "second", "authority"), pk=pk
    )
    return found


def _draft(request: HttpRequest, pk: UUID) -> Visit:
    """The user's own unfinished visit."""
    rows = Visit.objects.allowed(request.user, "visits.view").filter(by=request.user)
    found: Visit = get_object_or_404(
        rows.select_related("place__enterprise", "place__kind"), pk=pk, state=State.DRAFT
    )
    return found


def _place(request: HttpRequest, pk: UUID) -> Place:
    rows = Place.objects.allowed(request.user, "enterprises.view")
    found: Place = get_object_or_404(rows.select_related("enterprise", "kind", "grid"), pk=pk)
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _cap(request: HttpRequest, place: Place) -> queries.Cap | None:
    post = _user(request).post_for("visits.inspect", place)
    return queries.cap_of(place, post.organisation, clock.today().year) if post else None


def _position(request: HttpRequest) -> dict[str, float]:
    """What the browser says about where it is; nothing when that makes no sense."""
    try:
        found = {name: float(request.POST[name]) for name in ("lon", "lat", "accuracy")}
    except (KeyError, ValueError):
        return {}
    makes_sense = abs(found["lon"]) <= EAST and abs(found["lat"]) <= NORTH
    return found if makes_sense and isfinite(found["accuracy"]) else {}


def _user(request: HttpRequest) -> Any:
    return request.user
