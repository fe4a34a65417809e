"""Who sits where: reads that other packages share."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from safegrid.people.models import Organisation, Post, Session, Tenure, User
from safegrid.shared import clock
from safegrid.territory.queries import codes_above as codes_above

DOORS = Path(__file__).parent / "data" / "doors.yaml"


@dataclass(frozen=True)
class Door:
    """A button of the demo's sign-in page."""

    username: str
    label: str
    icon: str
    sentence: str


def holders(**where: Any) -> Any:
    """Today's holders of posts, as tenures with post, body and user; `where` asks of tenures."""
    held = Tenure.objects.on(clock.today()).filter(
        post__valid_to__isnull=True, user__is_active=True, **where
    )
    return held.select_related("user", "post__organisation").order_by("id")


def post_holder(area_code: str, role: str) -> list[Tenure]:
    """Those who hold a post of this role at the deepest area that contains the code."""
    rows = list(holders(post__role=role, post__area_code__in=codes_above(area_code)))
    deepest = max((len(row.post.area_code) for row in rows), default=0)
    return [row for row in rows if len(row.post.area_code) == deepest]


def organisation_of_line(line: str, area_code: str) -> Organisation | None:
    """The body of a department line that is nearest above the area."""
    if not line:
        return None
    rows = Organisation.objects.filter(line=line, area_code__in=codes_above(area_code))
    bodies = rows.filter(valid_to__isnull=True).order_by("id")
    return max(bodies, key=lambda body: len(body.area_code), default=None)


def posts_with_holders(rows: Any) -> Any:
    """The posts with organisation, area and today's holders, in two queries."""
    today = Tenure.objects.on(clock.today()).select_related("user")
    return (
        rows.select_related("organisation", "area")
        .defer("area__boundary")
        .prefetch_related(Prefetch("tenures", today, to_attr="holders"))
    )


def colleagues(user: User, permission: str = "") -> list[User]:
    """The others in the bodies where the user holds a post, or a post that grants this."""
    posts = user.posts_granting(permission) if permission else user.posts
    bodies = [post.organisation_id for post in posts]
    rows = holders(post__organisation__in=bodies).exclude(user=user)
    found = [row for row in rows if not permission or row.post.grants(permission)]
    return list({row.user_id: row.user for row in found}.values())


def inspectors(post: Post) -> list[Any]:
    """Those of the same body who may inspect: power, and a certificate valid today."""
    today = clock.today()
    rows = holders(post__organisation=post.organisation_id, post__is_empowered=True)
    rows = rows.filter(user__certificate_until__gte=today).exclude(user__certificate="")
    return list({row.user_id: row.user for row in rows}.values())


def user_named(text: str) -> User | None:
    """The user with this account name in any case, or the only one in use with this phone."""
    found = User.objects.filter(username__iexact=text).first()
    if found or not text:
        return found
    rows = User.objects.filter(phone=text, is_active=True, is_machine=False)[:2]
    return rows[0] if len(rows) == 1 else None


def open_sessions(user: User) -> int:
    """How many browsers are signed in as this user: those used within the idle limit."""
    saved = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1)
    limit = timezone.now() + saved - idle
    return Session.objects.filter(user_id=user.pk, expire_date__gt=limit).count()


def demo_doors() -> list[Door]:
    """The doors whose demo account exists."""
    doors = _doors()
    names = [door.username for door in doors]
    users = User.objects.filter(username__in=names, is_demo=True, is_active=True)
    known = set(users.values_list("username", flat=True))
    return [door for door in doors if door.username in known]


@cache
def _doors() -> list[Door]:
    return [Door(**facts) for facts in yaml.safe_load(DOORS.read_text(encoding="utf-8"))]
