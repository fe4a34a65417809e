"""Pages that belong to no package: an expired form, and what goes wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "form_expired.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Without a request context: whatever broke may break it too."""
    return HttpResponse(render_to_string("500.html"), status=500)
