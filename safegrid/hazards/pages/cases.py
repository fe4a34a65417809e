from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from safegrid.hazards import actions, limits, queries
from safegrid.hazards.forms import FORMS
from safegrid.hazards.models import Clue, Hazard, Photo, Stage
from safegrid.shared import files
from safegrid.shared.refusals import StepRefused
from safegrid.shared.workflow import Offer, Step, Workflow

ENTRIES_SHOWN = 100
SIMILAR_SHOWN = 5


@require_GET
def hazard(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    rows = queries.whole_hazard(Hazard.objects.allowed(user, "hazards.view"))
    case = get_object_or_404(rows, pk=pk)
    shown = _shown(case, user, actions.flow)
    shown["way"] = queries.way_of_hazard(case)
    shown["ladder"] = limits.LADDER
    return render(request, "hazards/detail.html", shown)


@require_GET
def clue(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    rows = queries.whole_clue(Clue.objects.allowed(user, "hazards.view"))
    case = get_object_or_404(rows, pk=pk)
    shown = _shown(case, user, actions.clue_flow)
    shown["way"] = queries.way_of_clue(case, shown["entries"])
    similar = queries.similar_clues(case.place, case.item_id, case.title).exclude(pk=pk)
    shown["similar"] = list(similar[:SIMILAR_SHOWN]) if case.is_open else []
    return render(request, "hazards/clue.html", shown)


def _shown(case: Any, user: Any, flow: Workflow) -> dict[str, Any]:
    photos = queries.photos_of(case)
    main, others = _first(flow.offers(case, user))
    return {
        "case": case,
        "item": queries.item_of(case) if case.item_id else None,
        "before": [photo for photo in photos if photo.stage == Stage.BEFORE],
        "after": [photo for photo in photos if photo.stage == Stage.AFTER],
        "entries": list(queries.timeline(case, user)[:ENTRIES_SHOWN]),
        "main": main,
        "form": FORMS[main.step.name](case=case, by=user) if main else None,
        "others": others,
    }


def _first(offers: list[Offer]) -> tuple[Offer | None, list[Offer]]:
    """The first thing to do, and the rest: quiet, then what ends it, then what is closed."""
    main = next((one for one in offers if one.step.kind == "main" and not one.refusal), None)
    rest = [one for one in offers if one is not main and not isinstance(one.refusal, actions.Moot)]
    return main, sorted(rest, key=lambda one: (bool(one.refusal), one.step.kind == "danger"))


@require_http_methods(["GET", "POST"])
def hazard_step(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    return _step(request, actions.flow, queries.whole_hazard, pk, slug)


@require_http_methods(["GET", "POST"])
def clue_step(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    return _step(request, actions.clue_flow, queries.whole_clue, pk, slug)


def _step(request: HttpRequest, flow: Workflow, whole: Any, pk: UUID, slug: str) -> HttpResponse:
    user: Any = request.user
    step = _declared(flow, slug)
    case = get_object_or_404(whole(flow.model.objects.allowed(user, step.permission)), pk=pk)
    if refusal := step.refusal(case, user):
        raise _refused(refusal, case)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FORMS[step.name](*given, case=case, by=user)
    if form.is_valid():
        flow.takes[step.name](case, by=user, **form.details())
        messages.success(request, f"{step.label}：已办好")
        return redirect(case)
    shown = {"case": case, "step": step, "form": form}
    return render(request, "hazards/step.html", shown, status=422 if form.errors else 200)


def _declared(flow: Workflow, slug: str) -> Step:
    step = next((one for one in flow.steps.values() if one.slug == slug), None)
    if step is None:
        raise Http404
    return step


def _refused(refusal: str, case: Any) -> StepRefused:
    """With the way back to the case."""
    error = StepRefused(refusal)
    error.record = case  # type: ignore[attr-defined]
    return error


@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture, for those who may see its case."""
    user: Any = request.user
    found = get_object_or_404(Photo.objects.select_related("file"), pk=pk)
    model: Any = Hazard if found.hazard_id else Clue
    rows = model.objects.allowed(user, "hazards.view")
    if not rows.filter(pk=found.hazard_id or found.clue_id).exists():
        raise Http404
    data = files.read(found.file, thumb="thumb" in request.GET)
    answer = HttpResponse(data, content_type=found.file.mime)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
