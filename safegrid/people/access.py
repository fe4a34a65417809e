"""Pages about accounts and posts: users have no area, so the permission alone decides."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

Page = Callable[..., HttpResponse]


def needs(permission: str) -> Callable[[Page], Page]:
    """Decorate a page that only holders of this permission may know of."""

    def guard(page: Page) -> Page:
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user: Any = request.user
            if not user.is_authenticated or not user.may(permission):
                raise Http404
            return page(request, *args, **kwargs)

        return guarded

    return guard
