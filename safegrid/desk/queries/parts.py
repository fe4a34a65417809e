"""What the first page of every role is made of: counts on top, sections below."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Count:
    """A number over its whole; leads to the list it was counted from."""

    title: str
    value: int
    whole: str
    url: str
    level: str = ""

    @property
    def shown_level(self) -> str:
        """A danger colour only when there is something."""
        return self.level if self.value else ""


@dataclass(frozen=True)
class Section:
    """A panel: rows shown by a template of their own, or why there are none."""

    slug: str
    title: str
    template: str
    rows: Sequence[Any]
    empty: str
    note: str = ""
    url: str = ""
    more: str = ""
    is_aside: bool = False


@dataclass(frozen=True)
class Home:
    """A first page: what it is called, what there is to do, in which order."""

    title: str
    lead: str
    tally: Sequence[Count] = ()
    sections: Sequence[Section] = ()
    doors: Sequence[tuple[str, str, str, str]] = field(default=())

    @property
    def main(self) -> list[Section]:
        return [section for section in self.sections if not section.is_aside]

    @property
    def aside(self) -> list[Section]:
        return [section for section in self.sections if section.is_aside]


def link(path: str, **filters: object) -> str:
    """A list with filters in its query string."""
    return f"{path}?{urlencode(filters)}" if filters else path
