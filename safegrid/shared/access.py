"""Pages need a signed-in user unless they say that they are public."""

from collections.abc import Callable
from typing import Any, TypeVar

from safegrid.shared.refusals import NotAllowed

Page = TypeVar("Page", bound=Callable[..., Any])


def public(page: Page) -> Page:
    """Open this page to everybody; it may read named public columns only."""
    page.is_public = True  # type: ignore[attr-defined]
    return page


def require(user: Any, permission: str) -> None:
    """Raise `NotAllowed` unless some post of the user, or keeping a place, grants this."""
    if not user.is_authenticated or not user.may(permission):
        raise NotAllowed("不在您的职责范围内")
