"""Working days, by the yearly notices of the State Council kept in `data/holidays.yaml`."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

_SATURDAY = 5
_DAY = timedelta(days=1)


class _Notices(NamedTuple):
    years: frozenset[int]
    off: frozenset[date]
    swapped: frozenset[date]


def is_workday(day: date) -> bool:
    """Whether offices work that day; a weekday is one wherever no notice says otherwise."""
    notices = _notices()
    if day in notices.swapped:
        return True
    return day.weekday() < _SATURDAY and day not in notices.off


def add_workdays(day: date, n: int) -> date:
    """The n-th workday after `day`, before it when n is negative, the day itself when n is 0.

    The day itself does not count, as for legal periods (民法典 Art. 201).
    """
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_workday(day)
    return day


def workdays_between(a: date, b: date) -> int:
    """The number of workdays after `a` up to and including `b`; negative when `b` is earlier.

    When `a` lies after `b`, counts the workdays before `a` down to and including `b`.
    """
    step = _DAY if a < b else -_DAY
    days = (a + step * i for i in range(1, abs((b - a).days) + 1))
    count = sum(map(is_workday, days))
    return count if a < b else -count


def is_known(year: int) -> bool:
    """Whether the notice for that year is loaded; otherwise only weekends are off."""
    return year in _notices().years


@cache
def _notices() -> _Notices:
    path = Path(__file__).parent / "data" / "holidays.yaml"
    years = yaml.safe_load(path.read_text(encoding="utf-8"))
    holidays = [holiday for year in years for holiday in year["holidays"]]
    return _Notices(
        years=frozenset(year["year"] for year in years),
        off=frozenset(day for one in holidays for day in _span(one["first"], one["last"])),
        swapped=frozenset(day for one in holidays for day in one["workdays"]),
    )


def _span(first: date, last: date) -> list[date]:
    return [first + _DAY * i for i in range((last - first).days + 1)]
