"""The ladder by the clock: grid, street, county, city."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from safegrid.hazards import actions
from safegrid.hazards.jobs import escalate
from safegrid.hazards.tests import make
from safegrid.shared import clock
from safegrid.shared.models import Entry


def on(day):
    return clock.moved(datetime.combine(day, time(9), ZoneInfo("Asia/Shanghai")))


def levels(step: str = "hazards.escalate") -> list[int]:
    rows = Entry.objects.filter(step=step).order_by("id")
    return [entry.changes["level"] for entry in rows]


@pytest.fixture
def ordered(town, inspector):
    return make.ordered(town.place, inspector)


@pytest.mark.parametrize(
    ("days", "level"), [(0, 0), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (40, 3)]
)
def test_an_overdue_hazard_climbs_by_its_days(ordered, days, level):
    with on(ordered.due_on + timedelta(days=days)):
        escalate()
    ordered.refresh_from_db()
    assert ordered.escalation == level
    assert levels() == list(range(1, level + 1))


def test_the_ladder_is_climbed_once_however_often_it_runs(ordered):
    for days in (1, 1, 2, 3, 3, 7, 8):
        with on(ordered.due_on + timedelta(days=days)):
            escalate()
    assert levels() == [1, 2, 3]


def test_what_is_handed_in_or_closed_climbs_no_more(town, inspector, keeper, ordered):
    actions.submit_repair(ordered, by=keeper, note="货架已移到库房")
    with on(ordered.due_on + timedelta(days=9)):
        assert escalate() == 0


def test_a_new_day_starts_the_ladder_again(ordered, inspector, keeper, chief):
    with on(ordered.due_on + timedelta(days=1)):
        escalate()
        made = actions.ask_extension(
            ordered, by=keeper, until=clock.today() + timedelta(days=5), reason="等配件",
            measures="停用",
        )  # fmt: skip
        made = actions.decide_extension(made, by=chief, answer="granted")
    assert made.escalation == 0


def test_a_clue_climbs_too(town, worker):
    clue = make.clue(town.place, worker)
    assert clue.due_on
    with on(clue.due_on + timedelta(days=3)):
        escalate()
    clue.refresh_from_db()
    assert clue.escalation == 2
    assert set(Entry.objects.filter(step="hazards.escalate").values_list("kind", flat=True)) == {
        "clue"
    }


def test_a_repair_is_called_to_mind_three_days_before_and_on_its_day(ordered):
    for days in (-4, -3, -3, -2, 0, 0):
        with on(ordered.due_on + timedelta(days=days)):
            escalate()
    rows = Entry.objects.filter(step="hazards.remind").order_by("id")
    assert [entry.changes["days"] for entry in rows] == [3, 0]
    assert [entry.label for entry in rows] == ["还有3天到期", "今天到期"]


def test_many_climb_in_few_statements(town, inspector, django_assert_max_num_queries):
    for _ in range(30):
        make.hazard(town.place, inspector)
    with on(make.in_days(20)), django_assert_max_num_queries(60):
        assert escalate() == 90
