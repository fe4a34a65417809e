"""Headers on every answer, and one place where refusals become pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from safegrid.shared.refusals import NotAllowed, Refused

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def headers(answer: Answer) -> Answer:
    """Content security policy everywhere; personal pages are not kept by caches."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self)")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


def readable(answer: Answer) -> Answer:
    """Drop NULs from the questions of pages: PostgreSQL can neither store nor compare them."""

    def respond(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query and not request.path.startswith("/api/"):
            request.META["QUERY_STRING"] = query.replace("%00", "")
        return answer(request)

    return respond


class Refusals:
    """Answers a refusal with its status and its sentence, as a page or as a problem document."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if request.path.startswith("/api/"):
            return problem(error)
        name = "404.html" if isinstance(error, NotAllowed) else "refused.html"
        return render(request, name, {"refusal": error}, status=error.status)


def problem(error: Refused) -> JsonResponse:
    """RFC 9457 problem document."""
    title = "没有找到" if isinstance(error, NotAllowed) else str(error)
    body = {"type": "about:blank", "title": title, "status": error.status}
    return JsonResponse(body, status=error.status, content_type="application/problem+json")
