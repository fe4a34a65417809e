"""The one clock. Actions ask it, so that history can be made by the real actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """The present moment, aware, UTC or as moved."""
    return _moved.get() or timezone.now()


def today() -> date:
    """The present day in the city's time zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day on which a moment falls in the city's time zone."""
    return timezone.localtime(moment).date()


@contextmanager
def moved(to: datetime) -> Iterator[None]:
    """Everything within happens at `to` (aware)."""
    token = _moved.set(to)
    try:
        yield
    finally:
        _moved.reset(token)
