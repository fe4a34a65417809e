from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from safegrid.codes import actions, limits, plates, queries
from safegrid.codes.forms import ReportForm, RevokeForm
from safegrid.codes.models import PlaceCode, State
from safegrid.enterprises.models import Place
from safegrid.hazards.models import Clue
from safegrid.shared import tables
from safegrid.shared.access import public, require
from safegrid.shared.refusals import StepRefused
from safegrid.territory.queries import children_of, name_of
from safegrid.visits import powers

MISSING = "missing"
TABS = {State.ACTIVE: "在用", MISSING: "没有门牌", State.REVOKED: "已作废"}
SALT = "codes.reported"
MOST_SHEET = 400
MOST_ISSUED = 2000
LONGEST_CODE = 15
KEPT_SECONDS = 15


@public
@require_safe
def landing(request: HttpRequest, token: str) -> HttpResponse:
    """What a scanned plate opens: for everybody whom to call, for staff and owner their work."""
    is_anybody = settings.SESSION_COOKIE_NAME not in request.COOKIES
    if is_anybody and (kept := _kept(request, token)):
        return HttpResponse(kept)
    code = _scanned(request, token)
    if isinstance(code, HttpResponse):
        return code
    page = {
        "code": code,
        "place": code.place,
        "ground": queries.ground_name(code.place),
        "contacts": queries.contacts(code.place),
        **_work(request.user, code.place),
    }
    answer = render(request, "codes/landing.html", page)
    if is_anybody:
        cache.set(queries.kept_key(token), answer.content, KEPT_SECONDS)
    return answer


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Report a hazard without an account; nothing about the reporter is kept."""
    code = _scanned(request, token)
    if isinstance(code, HttpResponse):
        return code
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and (wait := limits.REPORTS.wait(request)):
        return _too_often(request, wait, code)
    if form.is_valid():
        clue = _reported(form, code.place)
        limits.REPORTS.count(request)
        receipt = signing.dumps([clue.number, clue.due_on and clue.due_on.isoformat()], salt=SALT)
        address = resolve_url("codes:reported", token=code.token)
        return redirect(f"{address}?{urlencode({'receipt': receipt})}")
    page = {"code": code, "place": code.place, "form": form}
    return render(request, "codes/report.html", page, status=422 if form.errors else 200)


@public
@require_safe
def reported(request: HttpRequest, token: str) -> HttpResponse:
    """The number of what was reported, and what happens next."""
    code = _scanned(request, token)
    if isinstance(code, HttpResponse):
        return code
    try:
        number, due_on = signing.loads(request.GET.get("receipt", ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        return redirect("codes:landing", token=code.token)
    page = {
        "code": code,
        "place": code.place,
        "number": number,
        "due": due_on and date.fromisoformat(due_on),
        "contacts": queries.contacts(code.place),
    }
    return render(request, "codes/reported.html", page)


@require_safe
def code_list(request: HttpRequest) -> HttpResponse:
    """Plates in use, places without one, plates revoked."""
    user = _user(request)
    require(user, "codes.view")
    tab = tables.choice(request, "tab", list(TABS)) or State.ACTIVE
    text = request.GET.get("q", "").replace("\0", "").strip()[:60]
    asked = {"area": _area(request), "text": text}
    if tab == MISSING:
        rows = queries.without_plate(Place.objects.allowed(user, "codes.view"), **asked)
    else:
        rows = queries.listed(PlaceCode.objects.allowed(user, "codes.view"), **asked)
        rows = rows.filter(state=tab)
    page = {
        "page": tables.page(rows, request),
        "tab": tab,
        "tabs": TABS.items(),
        "asked": asked,
        "area_name": name_of(asked["area"]) if asked["area"] else "",
        "areas": list(children_of(user.posts[0].area_code)) if user.posts else [],
        "may_issue": user.may("codes.issue"),
        "may_revoke": user.may("codes.revoke"),
    }
    return render(request, "codes/list.html", page)


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Plates for the chosen places, or for all of an area that have none."""
    require(request.user, "codes.issue")
    rows = Place.objects.allowed(request.user, "codes.issue")
    if area := _code(request.POST.get("area", "")):
        places = list(queries.without_plate(rows, area=area)[:MOST_ISSUED])
    else:
        wanted = [text for text in request.POST.getlist("place") if _is_uuid(text)]
        places = list(rows.filter(pk__in=wanted))
    if not places:
        raise StepRefused("这里没有要发的" if area else "一家都没有选，选了再发")
    codes = actions.issue_many(places, by=request.user)
    more = "；还有没发的，再发一次" if len(codes) == MOST_ISSUED else ""
    messages.success(request, f"已发{len(codes)}个门牌，印出来贴上{more}")
    return redirect(resolve_url("codes:list") + (f"?area={area}" if area else ""))


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    rows = PlaceCode.objects.allowed(request.user, "codes.revoke").select_related("place")
    code = get_object_or_404(rows, pk=pk)
    may_renew = _user(request).covers("codes.issue", code.place)
    form = RevokeForm(request.POST or None)
    if form.is_valid():
        renews = form.cleaned_data["renew"] and may_renew
        act = actions.reissue if renews else actions.revoke
        done = act(code, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"已作废{'，新门牌' + done.serial if renews else ''}")
        return redirect("codes:list")
    page = {"code": code, "form": form}
    return render(request, "codes/revoke.html", page, status=422 if form.errors else 200)


@require_GET
def plate(request: HttpRequest, pk: int) -> HttpResponse:
    """One plate as A6."""
    rows = PlaceCode.objects.allowed(request.user, "codes.view").filter(state=State.ACTIVE)
    code = get_object_or_404(queries.listed(rows), pk=pk)
    paper = plates.plate_pdf([code])
    actions.note_printed([code], by=request.user)
    return _pdf(paper, f"plate-{code.serial}.pdf")


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The plates of an area, four on an A4 page."""
    require(request.user, "codes.view")
    area = _area(request)
    rows = PlaceCode.objects.allowed(request.user, "codes.view").filter(state=State.ACTIVE)
    codes = list(queries.listed(rows, area=area)[: MOST_SHEET + 1])
    if not codes:
        raise StepRefused("这里还没有发过门牌")
    if len(codes) > MOST_SHEET:
        raise StepRefused(f"一次最多印{MOST_SHEET}个，选小一点的范围")
    paper = plates.sheet_pdf(codes)
    actions.note_printed(codes, by=request.user)
    return _pdf(paper, f"plates-{area or 'all'}.pdf")


def _kept(request: HttpRequest, token: str) -> bytes | None:
    """The page as anybody saw it a moment ago, unless this address guesses too much."""
    if limits.UNKNOWN.wait(request):
        return None
    page: bytes | None = cache.get(queries.kept_key(token))
    return page


def _scanned(request: HttpRequest, token: str) -> PlaceCode | HttpResponse:
    """The code of the token, or the answer that unknown and revoked ones get alike."""
    if wait := limits.UNKNOWN.wait(request):
        return _too_often(request, wait)
    code = queries.active(token)
    if code is None:
        limits.UNKNOWN.count(request)
        return render(request, "codes/unknown.html", status=404)
    return code


def _too_often(request: HttpRequest, wait: int, code: PlaceCode | None = None) -> HttpResponse:
    page = {"minutes": -(-wait // 60), "code": code}
    answer = render(request, "codes/too_often.html", page, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _work(user: Any, place: Place) -> dict[str, Any]:
    """What somebody signed in may do at this place; strangers and the public nothing."""
    if not user.is_authenticated:
        return {}
    keeps = place.pk in user.kept_places
    if not (keeps or user.covers("enterprises.view", place)):
        return {}
    return {
        "kinds": powers.kinds_open_to(user, place),
        "sees_file": True,
        "keeps": keeps,
        "hazards": queries.open_hazards(user, place),
    }


def _reported(form: ReportForm, place: Place) -> Clue:
    """The clue; a form that was sent twice gives the same one again."""
    given = dict(form.cleaned_data)
    known = Clue.objects.filter(pk=given["id"]) if given["id"] else Clue.objects.none()
    if again := known.filter(place=place, found_by=None).first():
        return again  # type: ignore[no-any-return]
    try:
        return actions.report(place, **given)
    except IntegrityError:
        return known.filter(place=place, found_by=None).first() or actions.report(
            place, **{**given, "id": None}
        )


def _area(request: HttpRequest) -> str:
    return _code(request.GET.get("area", ""))


def _code(text: str) -> str:
    """The code of an area, or "" for anything else."""
    return text if text.isascii() and text.isalnum() and len(text) <= LONGEST_CODE else ""


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _pdf(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _user(request: HttpRequest) -> Any:
    return request.user
