from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from safegrid.duties import actions, queries
from safegrid.duties.forms import CloseForm, RuleForm
from safegrid.duties.models import DutyRule, Line
from safegrid.enterprises.models import Place, PlaceKind
from safegrid.enterprises.queries import area_choices, searched
from safegrid.shared import clock, tables
from safegrid.shared.access import require
from safegrid.territory.codes import WIDTHS
from safegrid.territory.models import Area

FOUND_AT_MOST = 8


@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "duties.view")
    user: Any = request.user
    kinds = dict(PlaceKind.objects.values_list("code", "name"))
    lines = list(Line.objects.all())
    kind = tables.choice(request, "kind", list(kinds))
    line = tables.choice(request, "line", [one.code for one in lines])
    area = _area(request)
    rows = queries.visible(user).in_force()
    page = tables.page(queries.rule_list(rows, area=area, kind=kind, line=line), request)
    shown = {
        "page": page,
        "kinds": kinds,
        "lines": lines,
        "areas": area_choices(user, "duties.view", area),
        "names": _names({rule.area_code for rule in page.rows}),
        "kind": kind,
        "line": line,
        "area": area,
        "today": clock.today(),
        "may_edit": user.may("duties.edit"),
    }
    return render(request, "duties/list.html", shown)


@require_http_methods(["GET", "POST"])
def add_rule(request: HttpRequest) -> HttpResponse:
    require(request.user, "duties.edit")
    user: Any = request.user
    form = RuleForm(request.POST or None, areas=_own_areas(user))
    if form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if value is not None}
        try:
            rule = actions.add_rule(by=user, **facts)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, f"已定第{rule.number}条；涉及的场所随后按它定牵头部门")
            return redirect("duties:list")
    return render(request, "duties/add_rule.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
def close_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rules = DutyRule.objects.allowed(request.user, "duties.edit").select_related("line")
    rule = get_object_or_404(rules, pk=pk)
    form = CloseForm(request.POST or None, initial={"version": rule.version})
    if form.is_valid():
        user: Any = request.user
        try:
            actions.close_rule(rule, by=user, **form.cleaned_data)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, f"第{rule.number}条已废止")
            return redirect("duties:list")
    shown = {
        "rule": rule,
        "form": form,
        "kind": PlaceKind.objects.filter(pk=rule.kind).first() if rule.kind else None,
        "area": Area.objects.filter(code=rule.area_code).first(),
    }
    return render(request, "duties/close_rule.html", shown, status=_status(form))


@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Who is in charge of a place, and by which rules."""
    require(request.user, "duties.view")
    rows = Place.objects.allowed(request.user, "enterprises.view").select_related("kind", "grid")
    text = searched(request.GET.get("q", ""))
    pk = _uuid(request.GET.get("place", ""))
    place = get_object_or_404(rows, pk=pk) if pk else None
    found = list(rows.filter(name__icontains=text)[: FOUND_AT_MOST + 1]) if text else []
    duties = queries.resolve(place) if place else None
    shown = {
        "place": place,
        "duties": duties,
        "text": text,
        "found": found[:FOUND_AT_MOST],
        "has_more": len(found) > FOUND_AT_MOST,
    }
    return render(request, "duties/ask.html", shown)


def _area(request: HttpRequest) -> str:
    code = request.GET.get("area", "").upper()
    return code if code.isascii() and code.isalnum() and len(code) in WIDTHS else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _names(codes: set[str]) -> dict[str, str]:
    return dict(Area.objects.filter(code__in=codes).values_list("code", "full_name"))


def _own_areas(user: Any) -> list[tuple[str, str]]:
    """The areas a rule may be made for: those of the user's posts down to the townships."""
    rows: list[Area] = []
    for post in user.posts_granting("duties.edit"):
        below = Area.objects.in_force().below(post.area_code).filter(level__lte=4)
        rows += below.order_by("code")
    return list(dict.fromkeys((area.code, area.full_name) for area in rows))


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _tell(form: Any, error: ValidationError) -> None:
    faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, words in faults.items():
        form.add_error(name if name in form.fields else None, words)
