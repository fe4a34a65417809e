"""Signing in by token: which user another system acts as."""

import hashlib

from safegrid.people.models import ApiToken, User
from safegrid.shared import clock


def digest_of(token: str) -> str:
    """What is kept of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_of(token: str) -> User | None:
    """The active user of a token that is neither expired nor revoked."""
    rows = ApiToken.objects.filter(
        digest=digest_of(token), revoked_at__isnull=True, expires_at__gt=clock.now()
    )
    found = rows.filter(user__is_active=True).select_related("user").first()
    if found is None:
        return None
    if found.used_on != clock.today():
        ApiToken.objects.filter(pk=found.pk).update(used_on=clock.today())
    return found.user
