"""Jobs by the clock run once a turn."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from safegrid.shared import clock
from safegrid.shared.turns import Job, run_due

NOON = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_job_waits_for_its_turn(db):
    ran: list[str] = []
    jobs = [Job("count", 60, lambda: ran.append("count"))]
    with clock.moved(NOON):
        assert run_due(jobs) == ["count"]
        assert run_due(jobs) == []
    with clock.moved(NOON + timedelta(seconds=61)):
        assert run_due(jobs) == ["count"]
    assert ran == ["count", "count"]


def test_a_turn_taken_by_another_scheduler_is_not_taken_twice(db):
    ran: list[str] = []
    with clock.moved(NOON):
        run_due([Job("count", 60, lambda: ran.append("first"))])
        run_due([Job("count", 60, lambda: ran.append("second"))])
    assert ran == ["first"]
