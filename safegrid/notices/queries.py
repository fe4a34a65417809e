"""Reads of notices, and who the readers of a rule are."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from safegrid.enterprises.models import Keeper
from safegrid.hazards.models import Case, Hazard
from safegrid.notices.models import Notice
from safegrid.people.models import Post, User
from safegrid.people.queries import codes_above
from safegrid.people.roles import Role

MOST_UNREAD = 99


def unread_count(user: User) -> int:
    """Unread notices of a person, counted up to 99; one query on an index."""
    rows = Notice.objects.of(user).unread().order_by()[: MOST_UNREAD + 1]
    return min(int(rows.count()), MOST_UNREAD)


@dataclass(frozen=True)
class Reader:
    """A post, or a person without one."""

    post_id: int | None = None
    user_id: int | None = None
    name: str = ""


class Readers:
    """Who a rule means for a case. The posts are read once, for a run over many entries."""

    @cached_property
    def _by_area(self) -> dict[tuple[str, str], list[Reader]]:
        found: dict[tuple[str, str], list[Reader]] = defaultdict(list)
        for post in self._posts:
            found[post.role, post.area_code].append(_reader(post))
        return found

    @cached_property
    def _by_body(self) -> dict[tuple[str, int], list[Reader]]:
        found: dict[tuple[str, int], list[Reader]] = defaultdict(list)
        for post in self._posts:
            found[post.role, post.organisation_id].append(_reader(post))
        return found

    @cached_property
    def _posts(self) -> list[Post]:
        rows = Post.objects.filter(valid_to__isnull=True).select_related("organisation")
        return list(rows.order_by("id"))

    def of(self, name: str, case: Any) -> list[Reader]:
        """The readers that a name such as `area:township_officer` means for this case."""
        kind, _, role = name.partition(":")
        readers: list[Reader] = getattr(self, f"_{kind}")(case, role)
        return readers

    def _area(self, case: Case, role: str) -> list[Reader]:
        codes = reversed(codes_above(case.area_code))
        found = (self._by_area.get((role, code)) for code in codes)
        return next((readers for readers in found if readers), [])

    def _department(self, case: Case, role: str) -> list[Reader]:
        return self._by_body.get((role, case.department_id or 0), [])

    def _orderer(self, case: Any, role: str) -> list[Reader]:
        if case.ordering_body_id is None:
            return self._area(case, role) if role == Role.TOWNSHIP_OFFICER else []
        return self._by_body.get((role, case.ordering_body_id), [])

    def _giver(self, case: Any, role: str) -> list[Reader]:
        last = case.transfers.order_by("-at").first() if isinstance(case, Hazard) else None
        return self._by_body.get((role, last.giver_id or 0), []) if last else []

    def _keepers(self, case: Any, role: str) -> list[Reader]:
        rows = Keeper.objects.current().filter(place_id=case.place_id, user__isnull=False)
        return [Reader(user_id=pk) for pk in rows.values_list("user_id", flat=True)]

    def _finder(self, case: Any, role: str) -> list[Reader]:
        return [Reader(user_id=case.found_by_id)] if case.found_by_id else []


def _reader(post: Post) -> Reader:
    return Reader(post_id=post.pk, name=str(post))
