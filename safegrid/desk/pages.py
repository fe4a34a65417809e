from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import safegrid
from safegrid.desk import actions
from safegrid.desk.forms import AuditFilter, RevealPhone
from safegrid.desk.queries import audit as audits
from safegrid.desk.queries import counts, dossier, finding, homes
from safegrid.desk.queries import today as todays
from safegrid.enterprises.models import Place
from safegrid.hazards import queries as hazards
from safegrid.hazards.models import OPEN_CLUES
from safegrid.library import queries as library
from safegrid.notices import actions as notices
from safegrid.notices.models import Notice
from safegrid.people.roles import Role
from safegrid.shared import journal, tables
from safegrid.shared.access import require

TEXT_LIMIT = 60

# The buttons of a dossier and what each needs.
DOORS = {
    "patrol": "visits.patrol",
    "inspect": "visits.inspect",
    "self_check": "visits.self_check",
    "collect_clue": "hazards.collect_clue",
    "record": "hazards.record",
    "edit": "enterprises.edit",
    "reveal_phone": "enterprises.reveal_phone",
    "see_duties": "duties.view",
    "see_timeline": "journal.view",
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.posts:
        return _keeper_home(request, user)
    post = _chosen_post(request, user)
    if post.role == Role.GRID_WORKER:
        return _worker_home(request, user, post)
    shown = {"home": homes.of_post(user, post), "post": post, "posts": user.posts}
    return render(request, "desk/home.html", shown)


def _chosen_post(request: HttpRequest, user: Any) -> Any:
    """The post that `?post=` names, else the first one."""
    wanted = request.GET.get("post", "")
    return next((post for post in user.posts if str(post.pk) == wanted), user.posts[0])


def _worker_home(request: HttpRequest, user: Any, post: Any) -> HttpResponse:
    clues = counts.clue_rows(user).filter(found_by=user, state__in=OPEN_CLUES)
    shown = {
        "post": post,
        "posts": user.posts,
        "round": todays.own_round(user),
        "clues": clues.select_related("place", "department").order_by("-found_at")[:5],
    }
    return render(request, "desk/worker.html", shown)


def _keeper_home(request: HttpRequest, user: Any) -> HttpResponse:
    return render(request, "desk/keeper.html", {"kept": todays.kept(user)})


@require_GET
def place(request: HttpRequest, pk: Any) -> HttpResponse:
    user: Any = request.user
    place = _place(user, pk)
    links, duties = dossier.chain(place)
    shown = {
        "place": place,
        "chain": links,
        "duties": duties,
        "cases": dossier.cases(user, place),
        "visited": dossier.visited(user, place),
        "ground": dossier.ground_name(place),
        "events": dossier.events(list(hazards.timeline(place, user)[: dossier.TIMELINE_SHOWN])),
        "can": _open_doors(user, place),
    }
    return render(request, "desk/place.html", shown)


def _place(user: Any, pk: Any) -> Place:
    rows = Place.objects.allowed(user, "enterprises.view")
    rows = dossier.with_plate(rows).select_related("kind", "enterprise", "grid", "lead_department")
    rows = rows.defer("grid__boundary")
    found: Place = get_object_or_404(rows, pk=pk)
    return found


def _open_doors(user: Any, place: Place) -> dict[str, bool]:
    """What this user may do at this place."""
    return {name: user.covers(permission, place) for name, permission in DOORS.items()}


@require_GET
def timeline(request: HttpRequest, pk: Any) -> HttpResponse:
    place = _place(request.user, pk)
    if not _open_doors(request.user, place)["see_timeline"]:
        raise Http404
    page = tables.page(hazards.timeline(place, request.user), request)
    shown = {"place": place, "page": page, "events": dossier.events(page.rows)}
    return render(request, "desk/timeline.html", shown)


@require_http_methods(["GET", "POST"])
def reveal_phone(request: HttpRequest, pk: Any) -> HttpResponse:
    """The numbers stand on the answer itself; there is no address at which they can be read."""
    user: Any = request.user
    rows = Place.objects.allowed(user, "enterprises.reveal_phone")
    place = get_object_or_404(rows, pk=pk)
    form = RevealPhone(request.POST or None)
    shown: dict[str, Any] = {"place": place, "form": form}
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        shown["phones"] = actions.reveal_phone(place, by=user, reason=reason)
    status = 422 if form.errors else 200
    return render(request, "desk/reveal_phone.html", shown, status=status)


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    page = tables.page(Notice.objects.of(user), request)
    return render(request, "desk/inbox.html", {"page": page})


@require_POST
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it read and go where it leads."""
    user: Any = request.user
    notice = get_object_or_404(Notice.objects.of(user), pk=pk)
    notices.mark_read([notice], by=user)
    return redirect(notice.url or "desk:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    count = notices.mark_read(Notice.objects.of(user).unread(), by=user)
    messages.success(request, f"{count}条标为已读" if count else "没有未读的")
    return redirect("desk:inbox")


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:TEXT_LIMIT]
    groups = finding.find(request.user, text)
    return render(request, "desk/search.html", {"text": text, "groups": groups})


@require_http_methods(["GET", "POST"])
def audit(request: HttpRequest) -> HttpResponse:
    require(request.user, "journal.audit")
    form = AuditFilter(request.GET or None)
    facts = form.cleaned_data if form.is_valid() else {}
    page = tables.page(audits.entries(**facts), request)
    rows = [(entry, audits.change(entry)) for entry in page.rows]
    shown: dict[str, Any] = {"form": form, "page": page, "rows": rows, "verdict": None}
    if request.method == "POST":
        good, broken = journal.verify()
        shown["verdict"] = {"good": good, "broken": broken}
    status = 422 if request.GET and form.errors else 200
    return render(request, "desk/audit.html", shown, status=status)


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    shown = {"version": getattr(safegrid, "__version__", ""), "edition": library.edition()}
    return render(request, "desk/about.html", shown)
