from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import HttpBearer, SessionAuth

from safegrid.people import roles, tokens
from safegrid.people.models import Post, User
from safegrid.shared.wire import FAILURES

router = Router(tags=["people"])


class Bearer(HttpBearer):
    """A token of an integration; it acts as its user, with the rights of that user's posts."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = tokens.user_of(token)
        if user:
            request.user = user
        return user


class Browser(SessionAuth):
    """A person signed in in a browser; changes need the form token in `X-CSRFToken`."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        user = request.user
        if not isinstance(user, User) or user.must_change_password:
            return None
        return user


class PostOut(Schema):
    id: int
    name: str
    organisation: str
    role: str
    area_code: str
    industries: list[str]
    is_empowered: bool
    permissions: list[str]


class MeOut(Schema):
    username: str
    name: str
    certificate_until: date | None
    posts: list[PostOut]


@router.get("/me", response={200: MeOut, **FAILURES}, summary="Whose token this is")
def me(request: HttpRequest) -> MeOut:
    """The token's user, the posts held today, and what each of them permits."""
    user: Any = request.auth  # type: ignore[attr-defined]
    return MeOut(
        username=user.username,
        name=user.name,
        certificate_until=user.certificate_until,
        posts=[_post(post) for post in user.posts],
    )


def _post(post: Post) -> PostOut:
    permissions = roles.permissions_of(post.role, is_empowered=post.is_empowered)
    return PostOut(
        id=post.pk,
        name=post.name,
        organisation=post.organisation.name,
        role=post.role,
        area_code=post.area_code,
        industries=post.industries,
        is_empowered=post.is_empowered,
        permissions=sorted(permissions),
    )
