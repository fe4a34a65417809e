"""A call sent twice with the same Idempotency-Key is carried out once.

The answer is kept in the transaction of the effect: what was rolled back may be sent again.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from safegrid.people.models import IdempotentCall
from safegrid.shared import clock
from safegrid.shared.refusals import Conflict

HEADER = "Idempotency-Key"
REPLAY = "Idempotent-Replay"
KEPT_DAYS = 7
KEY_LENGTH = 100

PARAMETER = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "maxLength": KEY_LENGTH},
    "description": "Any text of the caller's own, such as a UUID; the same call again with the "
    "same key gets the first answer, another call with it 409. Kept for seven days.",
}
EXTRA = {"parameters": [PARAMETER]}


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate an operation that returns a schema, so that its key makes it repeatable."""

    @wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER, "")
        if not key:
            return _answer(view(request, *args, **kwargs).model_dump_json())
        if len(key) > KEY_LENGTH:
            raise Conflict(f"{HEADER}最多{KEY_LENGTH}个字符")
        try:
            with transaction.atomic():
                return _first(request, key, lambda: view(request, *args, **kwargs))
        except IntegrityError:
            if replay := _kept(request, key):
                return replay
            raise

    return call


def forget() -> int:
    """Drop the answers kept longer than `KEPT_DAYS`; return how many."""
    limit = clock.now() - timedelta(days=KEPT_DAYS)
    return IdempotentCall.objects.filter(at__lt=limit).delete()[0]


def _first(request: HttpRequest, key: str, run: Callable[[], Any]) -> HttpResponse:
    """Take the key, carry the call out, keep the answer; a taken key answers from what is kept."""
    if replay := _kept(request, key):
        return replay
    row = IdempotentCall.objects.create(user=_caller(request), key=key, digest=_digest(request))
    row.body = run().model_dump_json()
    row.save(update_fields=["body"])
    return _answer(row.body)


def _kept(request: HttpRequest, key: str) -> HttpResponse | None:
    found = IdempotentCall.objects.filter(user=_caller(request), key=key).first()
    if found is None:
        return None
    if found.digest != _digest(request):
        raise Conflict(f"这个{HEADER}已用在另一次请求上，换一个")
    response = _answer(found.body)
    response.headers[REPLAY] = "true"
    return response


def _digest(request: HttpRequest) -> str:
    call = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(call + request.body).hexdigest()


def _caller(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]


def _answer(body: str) -> HttpResponse:
    return HttpResponse(body, content_type="application/json; charset=utf-8")
