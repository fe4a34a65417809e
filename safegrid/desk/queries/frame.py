"""Who somebody is, in the words of the frame; every read here is cheap."""

from typing import Any


def post_name(user: Any) -> str:
    if user.posts:
        return str(user.posts[0])
    return "场所负责人" if user.kept_places else "没有岗位"


def reach_name(user: Any) -> str:
    """The area of the first post."""
    return str(user.posts[0].area.full_name) if user.posts else ""
