"""Which items a visitor should look at in this place today, each with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from safegrid.checklists.models import Item, Severity
from safegrid.shared import clock

_DATA = Path(__file__).parent / "data"
RULES: dict[str, Any] = yaml.safe_load((_DATA / "choosing.yaml").read_text("utf-8"))
SEASONS: list[dict[str, Any]] = yaml.safe_load((_DATA / "seasons.yaml").read_text("utf-8"))
POINTS: dict[str, int] = RULES["points"]
WORDS: dict[str, str] = RULES["words"]
LEAST, MOST = RULES["least"], RULES["most"]


@dataclass(frozen=True)
class Chosen:
    """An item put before the visitor, and why."""

    item: Item
    reason: str


@dataclass(frozen=True)
class Past:
    """What is known of this place: codes with open cases, last problem and last look by code."""

    still_open: frozenset[str]
    problems: dict[str, datetime]
    looks: dict[str, datetime]


def choose(items: Iterable[Item], past: Past, on: date) -> list[Chosen]:
    """8–15 items, the weightiest first; of items about the same thing only the first."""
    weighed = [_weigh(item, past, on) for item in items]
    weighed.sort(key=lambda one: (-one[0], one[1].checklist.order, one[1].order, one[1].code))
    chosen: list[Chosen] = []
    concepts: set[str] = set()
    for points, item, reason in weighed:
        is_enough = len(chosen) >= LEAST and points < POINTS["fill"]
        if len(chosen) >= MOST or is_enough:
            break
        if item.concept and item.concept in concepts:
            continue
        concepts.add(item.concept)
        chosen.append(Chosen(item, reason))
    return chosen


def _weigh(item: Item, past: Past, on: date) -> tuple[int, Item, str]:
    found = [(POINTS[name], words) for name, words in _reasons(item, past, on)]
    total = sum(points for points, _ in found)
    best = max(found, key=lambda one: one[0], default=(0, WORDS["common"]))
    return total, item, best[1]


def _reasons(item: Item, past: Past, on: date) -> Iterable[tuple[str, str]]:
    if item.code in past.still_open:
        yield "open_case", WORDS["open_case"]
    if at := past.problems.get(item.code):
        yield "recent_problem", WORDS["recent_problem"].format(day=_day(at))
    if item.severity == Severity.MAJOR:
        yield "major", WORDS["major"]
    if season := _season(item, on):
        yield "season", WORDS["season"].format(season=season)
    yield from _not_seen(past.looks.get(item.code), on)
    if not item.checklist.is_for_all:
        yield "own_kind", WORDS["own_kind"]


def _not_seen(at: datetime | None, on: date) -> Iterable[tuple[str, str]]:
    if at is None:
        yield "not_seen", WORDS["never_seen"]
    elif (days := (on - clock.day_of(at)).days) >= RULES["unseen_days"]:
        yield "not_seen", WORDS["not_seen"].format(days=days)


def _season(item: Item, on: date) -> str:
    return next(
        (
            season["name"]
            for season in SEASONS
            if on.month in season["months"] and set(season["tags"]) & set(item.tags)
        ),
        "",
    )


def _day(at: datetime) -> str:
    day = clock.day_of(at)
    return f"{day.month}月{day.day}日"
