"""What the frame around every page shows: menu, reach, unread notices, whether this is a demo."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from safegrid.desk.queries.frame import post_name, reach_name
from safegrid.notices.queries import unread_count
from safegrid.shared import clock


@dataclass(frozen=True)
class Entry:
    """A word of the menu; without a permission it is for everybody, if official for posts only."""

    title: str
    url: str
    icon: str
    permission: str = ""
    is_official: bool = False
    is_current: bool = False


MENU = (
    Entry("今日", "/", "home"),
    Entry("场所档案", "/places/", "place", "enterprises.view"),
    Entry("线索", "/clues/", "eye", "hazards.view", is_official=True),
    Entry("隐患", "/hazards/", "hazard", "hazards.view"),
    Entry("走访检查", "/visits/", "visit", "visits.view"),
    Entry("责任分工", "/duties/", "duty", "duties.view"),
    Entry("区划网格", "/areas/", "grid", "territory.view"),
    Entry("单位岗位", "/people/", "people", "people.view"),
    Entry("门牌", "/codes/", "codes", "codes.view", is_official=True),
    Entry("政策法规", "/library/", "book", "library.view"),
    Entry("检查清单", "/checklists/", "rule", "checklists.view"),
    Entry("审计流水", "/audit/", "history", "journal.audit"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of every page; strangers get nearly nothing of it, and cost no query."""
    user: Any = getattr(request, "user", None)
    facts = {"is_demo": settings.IS_DEMO, "city": settings.CITY, "today": clock.today()}
    if user is None or not user.is_authenticated:
        return facts
    return {
        **facts,
        "menu": SimpleLazyObject(lambda: menu(user, request.path)),
        "unread": SimpleLazyObject(lambda: unread_count(user)),
        "post_name": SimpleLazyObject(lambda: post_name(user)),
        "reach_name": SimpleLazyObject(lambda: reach_name(user)),
    }


def menu(user: Any, path: str) -> list[Entry]:
    """The entries this user may open, the one that leads to the path marked."""
    shown = [entry for entry in MENU if _is_shown(entry, user)]
    leading = [entry for entry in shown if path.startswith(entry.url)]
    here = max(leading, key=lambda entry: len(entry.url), default=None)
    if here and here.url == "/" and path != "/":
        here = None
    return [Entry(entry.title, entry.url, entry.icon, is_current=entry is here) for entry in shown]


def _is_shown(entry: Entry, user: Any) -> bool:
    if entry.is_official and not user.posts:
        return False
    return not entry.permission or user.may(entry.permission)
