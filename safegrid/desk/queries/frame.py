"""Who somebody is, in the words of the frame; every read here is cheap."""

from typing import Any

from safegrid.notices.models import Notice

MOST_UNREAD = 99


def holds(user: Any, permission: str) -> bool:
    """Whether a post grants this, or a place that the user keeps: `may` with a place at hand."""
    if user.posts_granting(permission):
        return True
    return bool(user.may_as_keeper(permission) and user.kept_places)


def unread(user: Any) -> int:
    """Unread notices, counted up to 99."""
    rows = Notice.objects.of(user).unread().order_by()[: MOST_UNREAD + 1]
    return min(int(rows.count()), MOST_UNREAD)


def post_name(user: Any) -> str:
    if user.posts:
        return str(user.posts[0])
    return "场所负责人" if user.kept_places else "没有岗位"


def reach_name(user: Any) -> str:
    """The area of the first post."""
    return str(user.posts[0].area.full_name) if user.posts else ""
