"""Long lists: one page of rows at a time, without counting the whole table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

LAST_PAGE = 1000
MOST_DIGITS = 9


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and whether there are more on either side."""

    rows: list[Any]
    number: int
    size: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def first(self) -> int:
        """The place of the first row in the whole list, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    def __bool__(self) -> bool:
        return bool(self.rows)


def page(rows: Any, request: HttpRequest, size: int = 50) -> Page:
    """The page that `?page=` asks for, of a queryset or a sequence; one query, no count."""
    number = page_number(request)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(found[:size], number, size, len(found) > size and number < LAST_PAGE)


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")[:MOST_DIGITS]
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() else 1


def choice(request: HttpRequest, name: str, allowed: Sequence[str]) -> str:
    """A filter of the query string when it is one of the known values, else ""."""
    value = request.GET.get(name, "")
    return value if value in allowed else ""
