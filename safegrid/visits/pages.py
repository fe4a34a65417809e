from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safegrid.checklists.queries import by_section, with_bases
from safegrid.checklists.models import Item
from safegrid.enterprises.models import Place
from safegrid.people.queries import inspectors
from safegrid.shared import clock, files, tables
from safegrid.shared.access import require
from safegrid.shared.refusals import NotAllowed
from safegrid.visits import actions, powers, queries
from safegrid.visits.forms import InspectionForm, ProblemForm, SubmitForm, VoidForm
from safegrid.visits.models import Kind, Result, State, Visit, VisitItem, VisitPhoto

SHOWN = (State.SUBMITTED, State.COMPLETE, State.VOID)


@require_GET
def visit_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "visits.view")
    kind = tables.choice(request, "kind", Kind.values)
    rows = Visit.objects.allowed(request.user, "visits.view").filter(state__in=SHOWN)
    rows = rows.filter(kind=kind) if kind else rows
    if request.GET.get("mine"):
        rows = rows.filter(by=request.user)
    if request.GET.get("problems"):
        rows = rows.filter(problems__gt=0)
    if request.GET.get("today"):
        rows = queries.begun_today(rows)
    if area := request.GET.get("area", ""):
        rows = queries.within(rows, area)
    if place := request.GET.get("place", ""):
        rows = queries.at_place(rows, place)
    page = tables.page(rows.select_related("place__grid", "by", "second", "authority"), request)
    shown = {"page": page, "kind": kind, "kinds": Kind.choices[:3]}
    return render(request, "visits/list.html", shown)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    visit = _seen(request, pk)
    if visit.state == State.DRAFT:
        if visit.by_id == request.user.pk:
            return redirect("visits:overview", pk)
        raise Http404
    rows = visit.items.select_related("item__checklist").prefetch_related("photos")
    page = {
        "visit": visit,
        "rows": rows,
        "cases": queries.cases_of(visit),
        "receipt": visit.digest[:16],
        "may_void": _user(request).covers("visits.void", visit) and visit.state != State.VOID,
    }
    return render(request, "visits/detail.html", page)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, place: UUID) -> HttpResponse:
    """Begin a visit here: what kinds are open to this person, and what an inspection needs."""
    where = _place(request, place)
    kinds = powers.kinds_open_to(_user(request), where)
    kind = request.POST.get("kind") or request.GET.get("kind") or (kinds[0] if kinds else "")
    if kind not in kinds:
        raise NotAllowed("不在您的职责范围内")
    form = None
    if kind == Kind.INSPECTION:
        post = _user(request).post_for("visits.inspect", where)
        officers = [one for one in inspectors(post) if one.pk != request.user.pk]
        form = InspectionForm(request.POST or None, officers=officers)
    if request.method == "POST" and (form is None or form.is_valid()):
        visit = actions.start(
            where,
            kind=kind,
            by=_user(request),
            by_scan=bool(request.POST.get("scan")),
            position=_position(request),
            **(form.facts() if form else {}),
        )
        return redirect("visits:check", visit.pk, 1)
    page = {
        "place": where,
        "kind": Kind(kind),
        "others": [one for one in kinds if one != kind],
        "form": form,
        "cap": _cap(request, where) if form else None,
        "chosen": queries.choose_items(where, kind),
        "drafts": queries.drafts_of(_user(request), where),
        "by_scan": request.GET.get("scan", ""),
    }
    status = 422 if form and form.errors else 200
    return render(request, "visits/start.html", page, status=status)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """One item fills the screen; a problem opens its second half."""
    visit = _draft(request, pk)
    rows = list(visit.items.select_related("item__checklist", "item__criterion_clause"))
    if not 1 <= number <= len(rows):
        raise Http404
    row = rows[number - 1]
    result = request.POST.get("result", "")
    opens = result == "problem" and not request.POST.get("told")
    form = ProblemForm(
        None if opens or not result else request.POST,
        request.FILES or None,
        initial={"note": row.note, "spot": row.spot, "is_fixed": row.is_fixed},
    )
    if result and not opens:
        if result != Result.PROBLEM:
            actions.answer(row, by=_user(request), result=result)
            return _onward(visit, rows, number)
        if form.is_valid():
            actions.answer(row, by=_user(request), result=result, **form.cleaned_data)
            return _onward(visit, rows, number)
    item = with_bases(Item.objects.filter(pk=row.item_id)).get()
    page = {
        "visit": visit,
        "row": row,
        "item": item,
        "number": number,
        "total": len(rows),
        "form": form,
        "asks": opens or bool(form.errors) or request.GET.get("problem"),
        "photos": row.photos.all(),
        "previous": number - 1,
    }
    template = "visits/problem.html" if page["asks"] else "visits/check.html"
    return render(request, template, page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All items with their answers; submitted from here."""
    visit = _draft(request, pk)
    form = SubmitForm(request.POST or None)
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
    return render(request, "visits/more.html", {"visit": visit, "lists": sections})


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
    form = VoidForm(request.POST or None)
    if form.is_valid():
        actions.void(visit, by=_user(request), note=form.cleaned_data["note"])
        messages.success(request, "已作废")
        return redirect(visit)
    page = {"visit": visit, "form": form}
    return render(request, "visits/void.html", page, status=422 if form.errors else 200)


@require_GET
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    seen = Visit.objects.allowed(request.user, "visits.view").values("pk")
    row = get_object_or_404(
        VisitPhoto.objects.select_related("file"), pk=pk, visit__in=seen, file__isnull=False
    )
    data = files.read(row.file, thumb="thumb" in request.GET)
    return HttpResponse(data, content_type=row.file.mime)


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


def _cap(request: HttpRequest, place: Place) -> queries.Cap | None:
    post = _user(request).post_for("visits.inspect", place)
    return queries.cap_of(place, post.organisation, clock.today().year) if post else None


def _position(request: HttpRequest) -> dict[str, float]:
    found = {}
    for name in ("lon", "lat", "accuracy"):
        try:
            found[name] = float(request.POST.get(name, ""))
        except ValueError:
            return {}
    return found


def _user(request: HttpRequest) -> Any:
    return request.user
