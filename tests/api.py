"""Another system that calls the API with a token of a user."""

from datetime import timedelta
from typing import Any

from django.test import Client

from safegrid.people import tokens
from safegrid.people.models import ApiToken, User
from safegrid.shared import clock

ROOT = "/api/v1"


class Caller:
    """Calls as a user; without a user it shows no token."""

    def __init__(self, user: User | None = None, token: str = "") -> None:
        self.client = Client()
        self.token = token or (issue(user) if user else "")

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{ROOT}{path}", query, headers=self._headers())

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        return self.client.post(
            f"{ROOT}{path}", body or {}, content_type="application/json", headers=headers
        )

    def upload(self, path: str, **fields: Any) -> Any:
        return self.client.post(f"{ROOT}{path}", fields, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def issue(user: User, **changes: Any) -> str:
    """A token of the user, valid for a day unless changed."""
    token = f"token-of-{user.username}"
    facts = {"name": "测试", "expires_at": clock.now() + timedelta(days=1), **changes}
    ApiToken.objects.update_or_create(
        digest=tokens.digest_of(token), defaults={"user": user, **facts}
    )
    return token
