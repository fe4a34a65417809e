from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from safegrid.shared import clock
from safegrid.shared.templatetags import words

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # 12:00 in Mudanjiang


@pytest.fixture(autouse=True)
def _noon():
    with clock.moved(NOON):
        yield


@dataclass
class Case:
    due_on: date | None = None
    is_open: bool = True
    is_overdue: bool = False
    severity: str = "general"
    state: str = "found"

    def get_severity_display(self) -> str:
        return {"general": "一般", "suspected": "疑似重大", "major": "重大"}[self.severity]

    def get_state_display(self) -> str:
        return {"found": "待处理", "ordered": "整改中"}[self.state]


def test_a_day_shows_its_year_only_when_it_is_another() -> None:
    assert words.day(date(2026, 11, 26)) == "11月26日"
    assert words.day(date(2025, 3, 1)) == "2025年3月1日"
    assert words.day(None) == ""


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "今天18:00"),
        (datetime(2026, 11, 23, 13, 47, tzinfo=UTC), "昨日21:47"),
        (datetime(2026, 11, 23, 16, 5, tzinfo=UTC), "今天0:05"),
        (datetime(2026, 11, 22, 1, 12, tzinfo=UTC), "11月22日 9:12"),
        (datetime(2025, 11, 22, 1, 12, tzinfo=UTC), "2025年11月22日 9:12"),
    ],
)
def test_a_moment_is_told_by_the_clock_of_the_city(at: datetime, said: str) -> None:
    assert words.moment(at) == said


def test_a_deadline_is_told_in_days() -> None:
    assert words.deadline(Case(date(2026, 11, 26))) == "剩2天"
    assert words.deadline(Case(date(2026, 11, 24))) == "今天到期"
    assert "超3天" in words.deadline(Case(date(2026, 11, 21), is_overdue=True))
    assert words.deadline(Case(date(2026, 11, 21))) == "已到期"


def test_what_is_over_or_has_no_day_has_no_deadline() -> None:
    assert words.deadline(Case(date(2026, 11, 21), is_open=False)) == ""
    assert words.deadline(Case(None)) == ""


def test_days_ago_starts_with_today() -> None:
    assert [words.days_ago(date(2026, 11, n)) for n in (24, 23, 20)] == ["今天", "昨天", "4天前"]


def test_numbers_are_grouped_by_thousands() -> None:
    assert (words.thousands(12860), words.thousands(None), words.thousands("—")) == (
        "12,860", "", "—",
    )  # fmt: skip


def test_a_phone_is_masked() -> None:
    assert words.masked("13800002671") == "138****2671"
    assert words.masked(None) == ""


def test_only_a_judged_major_hazard_is_a_red_block() -> None:
    assert words.risk(Case(severity="major")) == '<span class="risk" data-level="red">重大</span>'
    assert 'data-weight="light">疑似重大' in words.risk(Case(severity="suspected"))
    assert 'data-level="yellow" data-weight="light">一般' in words.risk(Case())


def test_a_state_is_a_word_beside_a_shape() -> None:
    assert words.state(Case()) == '<span class="state" data-state="found">待处理</span>'
    late = Case(date(2026, 11, 21), is_overdue=True, state="ordered")
    assert words.state(late) == '<span class="state" data-state="overdue">整改中，超3天</span>'


def test_an_icon_is_hidden_from_screen_readers() -> None:
    html = Template('{% icon "place" "large" %}').render(Context())
    assert 'data-size="large" aria-hidden="true"' in html
    assert "icons.svg#place" in html
