from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from safegrid.people import actions, queries, roles
from safegrid.people.forms import Administrator, City, SignIn
from safegrid.people.models import User
from safegrid.people.roles import Role
from safegrid.shared import clock
from safegrid.shared.access import public

BACKEND = "django.contrib.auth.backends.ModelBackend"
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_destination(request))
    if request.method == "GET" and _is_new():
        return redirect("people:set_up")
    if settings.IS_DEMO and "door" in request.POST:
        return _through_door(request, request.POST["door"])
    form = SignIn(request.POST or None)
    if form.is_valid() and (user := _known(request, form)):
        return _enter(request, user)
    shown = {"form": form, "doors": queries.demo_doors() if settings.IS_DEMO else []}
    return render(request, "people/sign_in.html", shown, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("people:sign-in")


@public
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The first run of a real installation; afterwards nobody finds this page."""
    if not _is_new():
        raise Http404
    data = request.POST or None
    city = City(data, prefix="city", initial={"name": settings.CITY})
    people = {role: Administrator(data, prefix=role) for role in ADMINISTRATORS}
    if data and all([city.is_valid(), *(form.is_valid() for form in people.values())]):
        user = _founded(city, people)
        if user:
            return _enter(request, user)
    labelled = [(role, roles.label(role), form) for role, form in people.items()]
    has_faults = bool(data and (city.errors or any(form.errors for form in people.values())))
    shown = {"city": city, "administrators": labelled}
    return render(request, "people/set_up.html", shown, status=422 if has_faults else 200)


def _is_new() -> bool:
    return not settings.IS_DEMO and not User.objects.exists()


def _known(request: HttpRequest, form: SignIn) -> User | None:
    """The user of these credentials; None, with the fault on the form, when there is none."""
    text = form.cleaned_data["username"].strip()
    named = queries.user_named(text)
    name = named.username if named else text.lower()
    request.signing_in = name  # type: ignore[attr-defined]
    user: Any = authenticate(request, username=name, password=form.cleaned_data["password"])
    if user is None or user.is_machine:
        form.add_error(None, "账号或密码不对")
        return None
    if user.password_until and user.password_until < clock.now():
        form.add_error(None, "初始密码已过期，找系统管理员重置")
        return None
    return user  # type: ignore[no-any-return]


def _through_door(request: HttpRequest, username: str) -> HttpResponse:
    """Sign a demo user in without a password; only those behind a button, only in demo mode."""
    if username not in {door.username for door in queries.demo_doors()}:
        raise Http404
    return _enter(request, User.objects.get(username=username, is_demo=True))


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    with transaction.atomic():
        login(request, user, backend=BACKEND)
        actions.note_sign_in(user)
    return redirect(_destination(request))


def _destination(request: HttpRequest) -> str:
    """Where `?next=` leads when that is one of our own pages, else home."""
    wanted = request.GET.get("next", "")
    own = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, own, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _founded(city: City, people: dict[Role, Administrator]) -> User | None:
    facts = {
        str(role): {key: form.cleaned_data[key] for key in ("username", "name", "password")}
        for role, form in people.items()
    }
    try:
        return actions.set_up(**city.cleaned_data, administrators=facts)
    except ValidationError as error:
        city.add_error(None, error.messages[0])
        return None
