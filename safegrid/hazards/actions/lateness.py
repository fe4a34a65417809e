"""What the clock does to cases: it raises the overdue and calls the others to mind."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from safegrid.hazards import limits
from safegrid.hazards.models import Case, Hazard
from safegrid.shared import journal
from safegrid.shared.models import EntryAbout

REMIND = "hazards.remind"


@transaction.atomic
def raise_late(rows: Any, rung: limits.Rung, on: date, limit: int) -> int:
    """Raise up to `limit` of these overdue cases to a rung; return how many."""
    locked = rows.select_related("place").select_for_update(of=("self",)).order_by()
    cases = list(locked[:limit])
    for case in cases:
        case.escalation = rung.level
    if cases:
        type(cases[0]).objects.bulk_update(cases, ["escalation"])
        journal.write(_raised(case, rung, on) for case in cases)
    return len(cases)


def _raised(case: Any, rung: limits.Rung, on: date) -> journal.Draft:
    days = (on - case.due_on).days
    return journal.draft(
        "hazards.escalate",
        f"超{days}天，报到{rung.name}",
        case,
        about=[case.place],
        area_code=case.area_code,
        changes={"level": rung.level, "days": days},
    )


@transaction.atomic
def remind(hazards: Sequence[Hazard], days: int) -> int:
    """Call to mind that these are due in `days` days, each once for its present day."""
    told = _told(hazards, days)
    left = [one for one in hazards if (str(one.pk), one.due_on and str(one.due_on)) not in told]
    journal.write(_reminder(hazard, days) for hazard in left)
    return len(left)


def _told(hazards: Iterable[Hazard], days: int) -> set[tuple[str, str]]:
    """Which of them were reminded of which day before."""
    about = EntryAbout.objects.filter(
        kind="hazard", subject__in=[str(one.pk) for one in hazards], entry__step=REMIND
    )
    facts = about.values_list("subject", "entry__changes")
    return {(pk, said["due_on"]) for pk, said in facts if said["days"] == days}


def _reminder(case: Case, days: int) -> journal.Draft:
    left = case.days_left()
    return journal.draft(
        REMIND,
        f"还有{left}天到期" if left else "今天到期",
        case,
        about=[case.place],
        area_code=case.area_code,
        changes={"days": days, "due_on": str(case.due_on)},
    )
