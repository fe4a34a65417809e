"""By the clock: overdue cases climb the ladder, cases near their day are called to mind."""

from datetime import date, timedelta
from typing import Any

from safegrid.hazards import actions, limits
from safegrid.hazards.models import OPEN_CLUES, WAITING, Clue, Hazard, State
from safegrid.shared import clock

BATCH = 500


def escalate(on: date | None = None) -> int:
    """Raise each overdue case to the levels its days call for; return how many times.

    Run as often as one likes: a case is raised once to a level and reminded once of a day.
    """
    on = on or clock.today()
    raised = sum(_climb(rung, on) for rung in limits.LADDER)
    for days in limits.REMIND_DAYS:
        _remind(days, on)
    return raised


def _climb(rung: limits.Rung, on: date) -> int:
    """A batch, a transaction: what a crash leaves is raised by the next run."""
    late = {"due_on__lte": on - timedelta(days=rung.days), "escalation__lt": rung.level}
    rows: tuple[Any, ...] = (
        Hazard.objects.filter(state__in=WAITING, **late),
        Clue.objects.filter(state__in=OPEN_CLUES, **late),
    )
    raised = 0
    for one in rows:
        while count := actions.raise_late(one, rung, on, BATCH):
            raised += count
    return raised


def _remind(days: int, on: date) -> None:
    """The repairs due within `days` days, but not yet so near that the next reminder is due."""
    nearer = max((other for other in limits.REMIND_DAYS if other < days), default=-1)
    window = (on + timedelta(days=nearer + 1), on + timedelta(days=days))
    rows = Hazard.objects.filter(state=State.ORDERED, due_on__range=window)
    due = [one for one in rows.select_related("place").order_by() if _is_settled(one, on)]
    for start in range(0, len(due), BATCH):
        actions.remind(due[start : start + BATCH], days)


def _is_settled(hazard: Hazard, on: date) -> bool:
    """Who set the day only today has it in mind."""
    return hazard.ordered_at is None or clock.day_of(hazard.ordered_at) < on
