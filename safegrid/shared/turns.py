"""Jobs that run by the clock: whoever takes a due turn runs it; two schedulers do no harm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from safegrid.shared import clock
from safegrid.shared.models import Turn


@dataclass(frozen=True)
class Job:
    """A function run every so many seconds; it must stand being run twice."""

    name: str
    every: int
    run: Callable[[], object]


def run_due(jobs: list[Job]) -> list[str]:
    """Run the jobs whose turn has come; return their names."""
    due = [job for job in jobs if _take(job)]
    for job in due:
        job.run()
    return [job.name for job in due]


def _take(job: Job) -> bool:
    now = clock.now()
    turn = Turn.objects.filter(job=job.name).first()
    if turn and turn.due_at > now:
        return False
    with transaction.atomic():
        turn, _ = Turn.objects.select_for_update().get_or_create(job=job.name)
        if turn.due_at > now:
            return False
        turn.due_at = now + timedelta(seconds=job.every)
        turn.save()
    return True
