from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from safegrid.enterprises.models import Place
from safegrid.hazards import actions, queries
from safegrid.hazards.forms import ClueForm, HazardForm
from safegrid.hazards.models import OPEN_CLUES, OPEN_STATES, Clue, Hazard, Origin
from safegrid.shared.access import require
from safegrid.shared.refusals import Conflict

KNOWN_SHOWN = 8


@require_http_methods(["GET", "POST"])
def new_clue(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, "hazards.collect_clue")
    place = _place(request, "hazards.collect_clue")
    if place is None:
        return render(request, "hazards/choose_place.html", {"title": "报线索"})
    form = ClueForm(*_given(request), place=place)
    if form.is_valid() and not _is_known(form, place):
        facts = {"place": place, "origin": Origin.PATROL, **form.details()}
        return _kept(request, Clue, actions.collect_clue, "线索已报", facts)
    rows = Clue.objects.allowed(user, "hazards.view").filter(state__in=OPEN_CLUES)
    return _new(request, "报线索", place, form, rows)


def _is_known(form: ClueForm, place: Place) -> bool:
    """Whether the same was reported before and the reporter has not said that it is another."""
    facts = form.cleaned_data
    if facts.get("is_another"):
        return False
    item = facts.get("item")
    same = queries.similar_clues(place, item.pk if item else None, facts.get("title", ""))
    known = same.exclude(pk=facts["id"]).first()
    if known:
        form.ask_again(known)
    return known is not None


@require_http_methods(["GET", "POST"])
def new_hazard(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, "hazards.record")
    place = _place(request, "hazards.record")
    if place is None:
        return render(request, "hazards/choose_place.html", {"title": "登记隐患"})
    form = HazardForm(*_given(request), place=place)
    if form.is_valid():
        facts = {"place": place, **form.details()}
        return _kept(request, Hazard, actions.record, "隐患已登记", facts)
    rows = Hazard.objects.allowed(user, "hazards.view").filter(state__in=OPEN_STATES)
    return _new(request, "登记隐患", place, form, rows)


@require_GET
def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper: 责令 only where a body with the power ordered; only verified clauses on it."""
    rows = queries.whole_hazard(Hazard.objects.allowed(request.user, "hazards.view"))
    hazard = get_object_or_404(rows, pk=pk, ordered_at__isnull=False)
    item = queries.item_of(hazard) if hazard.item_id else None
    bases: Any = item.bases.all() if item else ()
    shown = {
        "hazard": hazard,
        "citations": [basis.citation for basis in bases if basis.may_be_cited],
    }
    return render(request, "hazards/order.html", shown)


def _place(request: HttpRequest, permission: str) -> Place | None:
    """The place that `?place=` names; None when it names none."""
    wanted = request.GET.get("place", "")
    if not wanted:
        return None
    try:
        pk = UUID(wanted)
    except ValueError:
        return None
    rows = (
        Place.objects.allowed(request.user, permission)
        .select_related("kind", "grid")
        .defer("grid__boundary")
    )
    found: Place = get_object_or_404(rows, pk=pk)
    return found


def _kept(request: HttpRequest, model: Any, make: Any, said: str, facts: Any) -> HttpResponse:
    """To the case of this form; sent twice, even at once, it makes one."""
    mine = model.objects.filter(pk=facts["id"], found_by=request.user)
    case = mine.first()
    if case is None:
        try:
            case = make(by=request.user, **facts)
        except IntegrityError as error:
            case = mine.first()
            if case is None:
                raise Conflict("这张表已经用过，重新打开一张再填") from error
        else:
            messages.success(request, f"{said}，编号{case.number}")
    return redirect(case)


def _given(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _new(request: HttpRequest, title: str, place: Place, form: Any, known: Any) -> HttpResponse:
    shown = {
        "title": title,
        "place": place,
        "form": form,
        "known": known.filter(place=place).order_by("-found_at")[:KNOWN_SHOWN],
    }
    return render(request, "hazards/new.html", shown, status=422 if form.errors else 200)
