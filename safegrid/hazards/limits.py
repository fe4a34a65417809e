"""Time limits and the escalation ladder, from `data/deadlines.yaml`."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from safegrid.shared import calendar, clock

DATA: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "deadlines.yaml").read_text("utf-8")
)
EXTENSIONS: int = DATA["extension"]["times"]
EXTENSION_DAYS: int = DATA["extension"]["days"]
REMIND_DAYS: list[int] = DATA["remind"]


@dataclass(frozen=True)
class Rung:
    """Who hears of a case overdue by so many days."""

    level: int
    days: int
    name: str


LADDER = [Rung(**rung) for rung in DATA["ladder"]]


def hazard_due(found_on: date, item_days: int | None) -> date:
    """The day by which somebody must deal with a new hazard, by the days of its item."""
    facts = DATA["hazard"]
    days = facts["no_item"] if item_days is None else max(item_days, facts["least"])
    return _after(found_on, days, facts["count"])


def clue_due(on: date, state: str, kind: str = "usual") -> date:
    """The day by which a clue that came into this state must take its next step."""
    facts = DATA["clue"]
    days = facts[state]
    return _after(on, days[kind] if isinstance(days, dict) else days, facts["count"])


def longest(severity: str, *, with_works: bool = False) -> int:
    """The longest first term, in days, for a repair."""
    facts = DATA["repair"]["general" if severity == "general" else "major"]
    days: int = facts["with_works" if with_works else "usual"]
    return days


def term_fault(severity: str, due_on: date, *, with_works: bool = False) -> str:
    """What is wrong with the day set for a repair; "" when nothing is."""
    today, days = clock.today(), longest(severity, with_works=with_works)
    if due_on < today:
        return "期限不能早于今天"
    last = today + timedelta(days=days)
    if due_on <= last:
        return ""
    more = longest(severity, with_works=True)
    hint = f"；要施工的勾上“需要施工”，最长{more}天" if more > days else ""
    return f"最长{days}天，不能晚于{last}{hint}"


def extension_fault(due_on: date | None, until: date) -> str:
    """What is wrong with the day asked for; "" when nothing is."""
    if due_on is None or until <= due_on:
        return "延到的日子要晚于现在的期限"
    last = due_on + timedelta(days=EXTENSION_DAYS)
    if until <= clock.today():
        return "延到的日子要晚于今天"
    return f"最多延{EXTENSION_DAYS}天，到{last}" if until > last else ""


def _after(day: date, days: int, count: str) -> date:
    if count == "workdays":
        return calendar.add_workdays(day, days)
    return day + timedelta(days=days)
