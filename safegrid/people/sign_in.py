"""Signing in: the clock of a session, and waiting after too many failures.

After five failures for one account from one address every further one costs a longer wait; nobody
is ever locked for good, and a stranger's failures lock nobody at another address.
"""

import time
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

WAITS = (1, 2, 4, 8, 15)  # minutes
FORGOTTEN_AFTER = timedelta(days=1)
BEGAN, USED = "began", "used"


class Failures(AxesDatabaseHandler):  # type: ignore[misc]
    """Remembers failures longer than the wait that they cost, so that the wait can grow."""

    def clean_expired_user_attempts(
        self, request: HttpRequest | None = None, credentials: Any = None
    ) -> int:
        limit = timezone.now() - FORGOTTEN_AFTER
        return int(AccessAttempt.objects.filter(attempt_time__lte=limit).delete()[0])


def start_clock(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """A session begins. The wall clock counts here: moving the domain's clock signs nobody out."""
    request.session[BEGAN] = request.session[USED] = int(time.time())


def cool_off(request: HttpRequest | None = None) -> timedelta:
    """How long to wait after the last failure: 1, 2, 4, 8, then 15 minutes."""
    failures = (
        (_attempts(request).aggregate(n=Sum("failures_since_start"))["n"] or 0) if request else 0
    )
    extra = max(failures - settings.AXES_FAILURE_LIMIT, 0)
    return timedelta(minutes=WAITS[min(extra, len(WAITS) - 1)])


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """The page that says how long to wait."""
    last = _attempts(request).aggregate(at=Max("attempt_time"))["at"] or timezone.now()
    left = max(int((last + cool_off(request) - timezone.now()).total_seconds()), 1)
    page = render(request, "people/locked.html", {"minutes": -(-left // 60)}, status=429)
    page.headers["Retry-After"] = str(left)
    return page


def _attempts(request: HttpRequest) -> Any:
    """The failures for the account that is being signed in, from this address."""
    name = getattr(request, "signing_in", request.POST.get("username", ""))
    return AccessAttempt.objects.filter(
        username=name, ip_address=request.META.get("REMOTE_ADDR") or None
    )
