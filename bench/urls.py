"""The product's addresses and one view that does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from safegrid.config.urls import handler404, handler500  # noqa: F401
from safegrid.shared.access import public


@public
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), path("", include("safegrid.config.urls"))]
