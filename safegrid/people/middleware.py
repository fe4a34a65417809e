"""Pages need a signed-in user; sessions end when idle, and at the latest after some hours."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from safegrid.people.sign_in import BEGAN, USED

Answer = Callable[[HttpRequest], HttpResponse]
MINUTE = 60


class SignedIn:
    """Keeps strangers out of every page not marked public; the API sees to its own callers."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and _has_ended(request.session):
            logout(request)
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "is_public", False) or request.path.startswith("/api/"):
            return None
        if not request.user.is_authenticated:
            query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return HttpResponseRedirect(f"{reverse('people:sign-in')}{'?' if query else ''}{query}")
        if request.user.must_change_password and not _may_wait(request):
            return HttpResponseRedirect(reverse("people:password"))
        return None


def _may_wait(request: HttpRequest) -> bool:
    return request.path in (reverse("people:password"), reverse("people:sign-out"))


def _has_ended(session: Any) -> bool:
    """Whether the session was idle or lasted too long; notes its use at most once a minute."""
    now = int(time.time())
    began = session.setdefault(BEGAN, now)
    used = session.setdefault(USED, now)
    if now - began > settings.SESSION_HOURS * 60 * MINUTE:
        return True
    if now - used > settings.SESSION_IDLE_MINUTES * MINUTE:
        return True
    if now - used >= MINUTE:
        session[USED] = now
    return False
