"""Permission and scope as one question: on which rows may this user do this?"""

from dataclasses import dataclass
from typing import Any, Self

from django.db import models


@dataclass(frozen=True)
class Scope:
    """Where a model keeps what decides its scope, as field lookups; "" where it has none."""

    area: str = "area_code"
    industry: str = ""
    department: str = ""
    place: str = ""


class ScopedQuerySet(models.QuerySet[Any]):
    def allowed(self, user: Any, permission: str) -> Self:
        """The rows on which one of the user's posts, or their keeping of a place, grants this."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user.reach(permission, self.model.scope))
