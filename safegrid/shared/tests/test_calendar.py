from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from safegrid.shared import calendar
from safegrid.shared.calendar import add_workdays, is_known, is_workday, workdays_between

DATA = Path(calendar.__file__).parent / "data" / "holidays.yaml"
YEARS = yaml.safe_load(DATA.read_text(encoding="utf-8"))
DAYS = st.dates(date(2024, 6, 1), date(2027, 6, 30))

# Written out from the notices once more, so that a slip in the data shows.
OFF = (
    "0101 0128 0129 0130 0131 0201 0202 0203 0204 0404 0405 0406 0501 0502 0503 0504 0505 "
    "0531 0601 0602 1001 1002 1003 1004 1005 1006 1007 1008"
)
ON = "0126 0208 0427 0928 1011"
OFF_2026 = (
    "0101 0102 0103 0215 0216 0217 0218 0219 0220 0221 0222 0223 0404 0405 0406 0501 0502 0503 "
    "0504 0505 0619 0620 0621 0925 0926 0927 1001 1002 1003 1004 1005 1006 1007"
)
ON_2026 = "0104 0214 0228 0509 0920 1010"


def naive(day: date) -> bool:
    off, on = {2025: (OFF, ON), 2026: (OFF_2026, ON_2026)}.get(day.year, ("", ""))
    key = f"{day:%m%d}"
    return key in on.split() or (day.isoweekday() <= 5 and key not in off.split())


@given(DAYS)
def test_a_day_is_a_workday_as_the_notices_say(day: date) -> None:
    assert is_workday(day) == naive(day)


@given(DAYS, st.integers(0, 200))
def test_adding_workdays_counts_them_one_by_one(day: date, n: int) -> None:
    expected, left = day, n
    while left > 0:
        expected += timedelta(days=1)
        if naive(expected):
            left -= 1
    assert add_workdays(day, n) == expected


@given(DAYS, st.integers(-200, 200))
def test_workdays_between_undoes_adding_them(day: date, n: int) -> None:
    assert workdays_between(day, add_workdays(day, n)) == n


@given(DAYS, DAYS)
def test_workdays_between_counts_the_last_day_but_not_the_first(a: date, b: date) -> None:
    every = (date(2024, 5, 31) + timedelta(days=i) for i in range(1200))
    within = [day for day in every if (a < day <= b or b <= day < a) and naive(day)]
    assert workdays_between(a, b) == (len(within) if a < b else -len(within))


def test_three_workdays_before_the_national_day_end_after_it() -> None:
    assert add_workdays(date(2026, 9, 29), 3) == date(2026, 10, 9)
    assert add_workdays(date(2026, 10, 9), 1) == date(2026, 10, 10)


def test_a_year_without_notice_has_only_weekends_off() -> None:
    assert is_known(2025)
    assert is_known(2026)
    assert not is_known(2030)
    assert is_workday(date(2030, 10, 1))
    assert not is_workday(date(2030, 10, 5))


@pytest.mark.parametrize("year", YEARS, ids=lambda year: year["year"])
def test_the_data_names_its_document_and_swaps_only_weekends(year: dict[str, object]) -> None:
    holidays = year["holidays"]
    assert isinstance(holidays, list)
    assert f"〔{int(str(year['year'])) - 1}〕" in str(year["document"])
    assert all(one["first"] <= one["last"] for one in holidays)
    assert all(day.isoweekday() > 5 for one in holidays for day in one["workdays"])
