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

    def take(entry: Entry) -> None:
        model = CASES.get(entry.kind)
        if model is None or entry.step not in RULES:
            return
        case = model.objects.select_related("place").filter(pk=entry.subject).first()
        if case is not None:
            actions.notify(entry, case, readers)

    return journal.follow("notices", take)
