"""Accounts and tokens, for the system administrator. No right is given here: posts grant."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safegrid.people import actions, queries
from safegrid.people.access import needs
from safegrid.people.forms import Account, NewAccount, Token
from safegrid.people.models import ApiToken, Tenure, User
from safegrid.shared import clock, tables

MANAGE = "people.manage_accounts"
STATES = {"active": "在用", "disabled": "停用", "machine": "接口账号"}


@needs(MANAGE)
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    state = tables.choice(request, "state", list(STATES))
    held = Tenure.objects.on(clock.today()).select_related("post__organisation")
    rows = User.objects.order_by("username").prefetch_related(
        Prefetch("tenures", held, to_attr="held")
    )
    if text:
        named = Q(username__icontains=text) | Q(name__contains=text) | Q(phone=text)
        rows = rows.filter(named)
    if state == "machine":
        rows = rows.filter(is_machine=True)
    elif state:
        rows = rows.filter(is_active=state == "active")
    shown = {
        "page": tables.page(rows, request),
        "text": text,
        "state": state,
        "states": STATES.items(),
    }
    return render(request, "people/accounts.html", shown)


@needs(MANAGE)
@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    shown = {
        "person": person,
        "posts": person.posts,
        "sessions": queries.open_sessions(person),
        "tokens": person.tokens.order_by("-id")[:20],
    }
    return render(request, "people/user.html", shown)


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def add_account(request: HttpRequest) -> HttpResponse:
    form = NewAccount(request.POST or None)
    if form.is_valid():
        try:
            return _added(request, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
    return _form(request, form, "开账号", "people:accounts")


@transaction.atomic
def _added(request: HttpRequest, facts: dict[str, Any]) -> HttpResponse:
    """The account, with a first password unless a machine owns it."""
    person = actions.add_user(by=request.user, **facts)
    if person.is_machine:
        messages.success(request, "接口账号已开，接着发凭证；岗位由安全管理员安排")
        return redirect("people:user", person.pk)
    password = actions.reset_password(person, by=request.user)
    return render(request, "people/secret.html", {"person": person, "password": password})


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def edit_account(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    initial = {name: getattr(person, name) for name in Account.base_fields}
    form = Account(request.POST or None, initial=initial)
    if form.is_valid():
        actions.edit_user(person, by=request.user, **form.cleaned_data)
        messages.success(request, "资料改好了")
        return redirect("people:user", person.pk)
    return _form(request, form, f"改资料·{person.name}", "people:user", person.pk)


@needs(MANAGE)
@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """The new password stands on the answer itself; there is no address where it can be read."""
    person = get_object_or_404(User, pk=pk)
    password = actions.reset_password(person, by=request.user)
    return render(request, "people/secret.html", {"person": person, "password": password})


@needs(MANAGE)
@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    is_active = request.POST.get("is_active") == "1"
    actions.set_active(person, by=request.user, is_active=is_active)
    messages.success(request, f"{person.name}的账号已{'启用' if is_active else '停用'}")
    return redirect("people:user", person.pk)


@needs(MANAGE)
@require_POST
def sign_out_user(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    actions.sign_out_everywhere(person, by=request.user)
    messages.success(request, f"{person.name}在各处的登录已退出")
    return redirect("people:user", person.pk)


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    form = Token(request.POST or None)
    machines = User.objects.filter(is_machine=True, is_active=True).order_by("username")
    named: Any = form.fields["user"]
    named.choices = [(str(one.pk), f"{one.name}（{one.username}）") for one in machines]
    shown: dict[str, Any] = {"form": form, "now": clock.now()}
    if form.is_valid():
        facts = form.cleaned_data
        person = get_object_or_404(machines, pk=facts["user"])
        expires_at = clock.now() + timedelta(days=int(facts["days"]))
        shown["token"] = actions.issue_token(person, facts["name"], expires_at, request.user)
        shown["person"] = person
    rows = ApiToken.objects.select_related("user").order_by("-id")
    shown["page"] = tables.page(rows, request)
    return render(request, "people/tokens.html", shown, status=422 if form.errors else 200)


@needs(MANAGE)
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk)
    actions.revoke_token(token, by=request.user)
    messages.success(request, "凭证已作废，马上失效")
    return redirect("people:tokens")


def _form(request: HttpRequest, form: Any, title: str, back: str, *args: Any) -> HttpResponse:
    shown = {"form": form, "title": title, "verb": "保存", "back": redirect(back, *args).url}
    return render(request, "people/form.html", shown, status=422 if form.errors else 200)
