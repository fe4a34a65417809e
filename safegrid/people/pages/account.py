from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safegrid.people import actions, queries
from safegrid.people.forms import ChangePassword


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    shown = {"posts": user.posts, "sessions": queries.open_sessions(user)}
    return render(request, "people/account.html", shown)


@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = ChangePassword(user, request.POST or None)
    if form.is_valid():
        actions.change_password(user, form.cleaned_data["new"], by=user)
        update_session_auth_hash(request, user)
        messages.success(request, "密码改好了，别处的登录已退出")
        return redirect("people:account")
    status = 422 if form.errors else 200
    return render(request, "people/password.html", {"form": form}, status=status)


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    logout(request)
    actions.sign_out_everywhere(user, by=user)
    return redirect("people:sign-in")
