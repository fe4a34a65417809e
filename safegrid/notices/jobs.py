"""By the clock: the journal's news become notices."""

from typing import Any

from safegrid.hazards.models import Clue, Hazard
from safegrid.notices import actions
from safegrid.notices.queries import Readers
from safegrid.notices.rules import RULES
from safegrid.shared import journal
from safegrid.shared.models import Entry

CASES: dict[str, Any] = {"hazard": Hazard, "clue": Clue}


def follow_journal() -> int:
    """Tell everybody what is new since the last run; return how many entries were read."""
    readers = Readers()

    def take(entries: list[Entry]) -> None:
        told = [entry for entry in entries if entry.kind in CASES and entry.step in RULES]
        cases = _cases(told)
        news = [(entry, cases[key]) for entry in told if (key := _key(entry)) in cases]
        actions.notify(news, readers)

    return journal.follow_many("notices", take)


def _cases(entries: list[Entry]) -> dict[tuple[str, str], Any]:
    """The cases that the entries are about, one query a kind."""
    found: dict[tuple[str, str], Any] = {}
    for kind, model in CASES.items():
        ids = {entry.subject for entry in entries if entry.kind == kind}
        rows = model.objects.select_related("place").filter(pk__in=ids) if ids else ()
        found |= {(kind, str(row.pk)): row for row in rows}
    return found


def _key(entry: Entry) -> tuple[str, str]:
    return entry.kind, entry.subject
