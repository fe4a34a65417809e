"""Bodies and posts: who sits where, and for the security administrator, who shall."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from safegrid.people import actions, queries, roles
from safegrid.people.forms import LeavePost, NewOrganisation, NewPost, PostFacts, TakePost
from safegrid.people.models import Organisation, Post, Tenure
from safegrid.shared import clock, tables
from safegrid.shared.access import require
from safegrid.territory.codes import asked, prefix_end
from safegrid.territory.models import Area, Level

VIEW, MANAGE = "people.view", "people.manage_posts"


@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, VIEW)
    lines = _lines(user)
    chosen = {
        "area": asked(request.GET.get("area", "")),
        "line": tables.choice(request, "line", [code for code, _ in lines]),
        "role": tables.choice(request, "role", [code for code, _ in roles.CHOICES]),
        "text": request.GET.get("q", "").strip()[:60],
    }
    rows = _filtered(Post.objects.allowed(user, VIEW).filter(valid_to__isnull=True), chosen)
    shown = {
        "page": tables.page(queries.posts_with_holders(rows), request),
        "chosen": chosen,
        "areas": _areas(user),
        "lines": lines,
        "roles": roles.CHOICES,
        "may_manage": user.may(MANAGE),
        "may_manage_accounts": user.may("people.manage_accounts"),
    }
    return render(request, "people/directory.html", shown)


def _filtered(rows: Any, chosen: dict[str, str]) -> Any:
    if chosen["area"]:
        end = prefix_end(chosen["area"])
        rows = rows.filter(area_code__gte=chosen["area"], area_code__lt=end)
    if chosen["line"]:
        rows = rows.filter(organisation__line=chosen["line"])
    if chosen["role"]:
        rows = rows.filter(role=chosen["role"])
    for word in chosen["text"].split():
        held = Tenure.objects.on(clock.today()).filter(user__name__contains=word).values("post")
        named = Q(name__contains=word) | Q(organisation__name__contains=word)
        rows = rows.filter(named | Q(organisation__short_name__contains=word) | Q(pk__in=held))
    return rows


def _areas(user: Any) -> list[tuple[str, str]]:
    """The counties and streets within the user's reach, to choose from."""
    rows = Area.objects.allowed(user, VIEW).in_force().filter(level__lte=Level.TOWNSHIP)
    return list(rows.order_by("code").values_list("code", "full_name"))


def _lines(user: Any) -> list[tuple[str, str]]:
    """The department lines, each under the name of its highest body."""
    rows = Organisation.objects.allowed(user, VIEW).exclude(line="").order_by("-area_code", "-id")
    found = dict(rows.values_list("line", "short_name"))
    return sorted(found.items(), key=lambda one: one[1])


@require_GET
def post(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    rows = Post.objects.allowed(user, VIEW).select_related("organisation", "area")
    rows = rows.defer("area__boundary")
    post = get_object_or_404(rows, pk=pk)
    tenures = post.tenures.select_related("user").order_by("-starts_on", "-id")
    may_manage = user.covers(MANAGE, post)
    shown = {
        "post": post,
        "tenures": [(row, _standing(row)) for row in tenures[:50]],
        "permissions": _permissions(post),
        "may_manage": may_manage and not post.valid_to,
    }
    return render(request, "people/post.html", shown)


def _standing(tenure: Tenure) -> str:
    today = clock.today()
    if tenure.starts_on > today:
        return "将到岗"
    return "离岗" if tenure.ends_on and tenure.ends_on <= today else "在岗"


def _permissions(post: Post) -> list[str]:
    held = roles.permissions_of(post.role, is_empowered=post.is_empowered)
    return [label for name, label in roles.PERMISSIONS.items() if name in held]


@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    body = _organisation(user, pk, VIEW)
    posts = queries.posts_with_holders(body.posts.filter(valid_to__isnull=True))
    shown = {
        "organisation": body,
        "page": tables.page(posts, request),
        "may_manage": user.covers(MANAGE, body),
    }
    return render(request, "people/organisation.html", shown)


@require_http_methods(["GET", "POST"])
def add_organisation(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, MANAGE)
    form = NewOrganisation(request.POST or None)
    if form.is_valid():
        facts = form.cleaned_data
        area = _area(user, form, facts.pop("area_code"))
        if area and (body := _done(form, actions.add_organisation, area=area, by=user, **facts)):
            messages.success(request, f"已设{body}，接着设岗")
            return redirect("people:organisation", body.pk)
    return _form(request, form, "设单位", "设单位", "people:directory")


@require_http_methods(["GET", "POST"])
def add_post(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    body = _organisation(user, pk, MANAGE)
    form = NewPost(request.POST or None, initial={"area_code": body.area_code})
    if form.is_valid():
        facts = form.cleaned_data
        area = _area(user, form, facts.pop("area_code"))
        if area and (
            new := _done(form, actions.add_post, organisation=body, area=area, by=user, **facts)
        ):
            messages.success(request, f"已设{new}，现在空缺")
            return redirect("people:post", new.pk)
    return _form(request, form, f"设岗·{body}", "设岗", "people:organisation", body.pk)


@require_http_methods(["GET", "POST"])
def edit_post(request: HttpRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    names = ("name", "phone", "own_cases", "is_empowered", "version")
    initial = {name: getattr(post, name) for name in names}
    initial["industries"] = "，".join(post.industries)
    form = PostFacts(request.POST or None, initial=initial)
    if form.is_valid() and _done(
        form, actions.edit_post, post, by=request.user, **form.cleaned_data
    ):
        messages.success(request, "岗位改好了")
        return redirect("people:post", post.pk)
    return _form(request, form, f"改岗位·{post}", "保存", "people:post", post.pk)


@require_http_methods(["GET", "POST"])
def take_post(request: HttpRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    form = TakePost(request.POST or None, initial={"starts_on": clock.today()})
    if form.is_valid():
        facts = form.cleaned_data
        person = queries.user_named(facts.pop("username").strip())
        if person is None:
            form.add_error("username", "没有这个账号，或几个账号用同一个手机号；填账号")
        elif _done(form, actions.take_post, post, person, by=request.user, **facts):
            messages.success(request, f"{person.name}到岗")
            return redirect("people:post", post.pk)
    return _form(request, form, f"到岗·{post}", "到岗", "people:post", post.pk)


@require_http_methods(["GET", "POST"])
def leave_post(request: HttpRequest, pk: int, tenure: int) -> HttpResponse:
    post = _post(request, pk)
    held = get_object_or_404(post.tenures.select_related("user"), pk=tenure)
    form = LeavePost(request.POST or None, initial={"ends_on": clock.today()})
    if form.is_valid() and _done(
        form, actions.leave_post, held, by=request.user, **form.cleaned_data
    ):
        messages.success(request, f"{held.user.name}离岗，手上的事留在岗位上")
        return redirect("people:post", post.pk)
    return _form(request, form, f"{held.user.name}离岗·{post}", "离岗", "people:post", post.pk)


@require_http_methods(["GET", "POST"])
def close_post(request: HttpRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    if request.method == "POST":
        actions.close_post(post, by=request.user)
        messages.success(request, f"{post}已撤销")
        return redirect("people:organisation", post.organisation_id)
    return render(request, "people/close_post.html", {"post": post})


def _post(request: HttpRequest, pk: int) -> Post:
    rows = Post.objects.allowed(request.user, MANAGE).select_related("organisation", "area")
    found: Post = get_object_or_404(rows, pk=pk)
    return found


def _organisation(user: Any, pk: int, permission: str) -> Organisation:
    rows = (
        Organisation.objects.allowed(user, permission)
        .select_related("area")
        .defer("area__boundary")
    )
    found: Organisation = get_object_or_404(rows, pk=pk)
    return found


def _area(user: Any, form: Any, code: str) -> Area | None:
    """The area of this code within the user's reach; None, with the fault on the form."""
    rows = Area.objects.allowed(user, MANAGE).in_force()
    area: Area | None = rows.filter(code=code.strip().upper()).first()
    if area is None:
        form.add_error("area_code", "您的范围里没有这个代码；在区划网格里查")
    return area


def _done(form: Any, action: Any, *args: Any, **facts: Any) -> Any:
    """What the action gives; None, with the fault on the form, when the input is invalid."""
    try:
        return action(*args, **facts)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None


def _form(
    request: HttpRequest, form: Any, title: str, verb: str, back: str, *args: Any
) -> HttpResponse:
    shown = {"form": form, "title": title, "verb": verb, "back": redirect(back, *args).url}
    return render(request, "people/form.html", shown, status=422 if form.errors else 200)
