"""What follows from a finished visit: its counts, and the clues or hazards that were found."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from safegrid.checklists.models import Item
from safegrid.enterprises.actions import note_visit
from safegrid.hazards import actions as hazards
from safegrid.hazards.actions import Finding
from safegrid.hazards.models import Clue, Hazard, Severity, Stage
from safegrid.people.models import User
from safegrid.shared import clock
from safegrid.shared.models import StoredFile
from safegrid.visits.models import Kind, Result, State, Visit, VisitItem, VisitPhoto

PROMISE_DAYS = 7
LONGEST = timedelta(hours=24)

Pictures = Mapping[Any, Sequence[StoredFile]]


def close(visit: Visit, rows: Sequence[VisitItem]) -> None:
    """Fill the finished visit: when, how long, how many of each answer."""
    visit.submitted_at = clock.now()
    visit.state = State.COMPLETE
    visit.duration = visit.duration or _seconds(visit)
    results = [row.result for row in rows]
    visit.passed = results.count(Result.PASS)
    visit.problems = results.count(Result.PROBLEM)
    visit.skipped = results.count(Result.NOT_APPLICABLE)


def draw(visit: Visit, rows: Sequence[VisitItem], pictures: Pictures, by: User) -> list[Any]:
    """The consequences of a saved visit: the place was visited, what was wrong becomes cases."""
    note_visit(visit.place, min(visit.started_at, clock.now()))
    wrong = [row for row in rows if row.result == Result.PROBLEM]
    if not wrong:
        return []
    findings = [_finding(visit, row, pictures.get(row.item_id, ())) for row in wrong]
    facts: dict[str, Any] = {
        "by": by,
        "place": visit.place,
        "origin": visit.kind,
        "origin_id": visit.pk,
        "found_at": visit.submitted_at,
    }
    if visit.kind == Kind.PATROL:
        return list(hazards.collect_many(findings, **facts))
    if visit.kind == Kind.INSPECTION:
        facts["department"] = visit.authority
    found = hazards.record_many(findings, **facts)
    return [_settled(visit, row, case, by) for row, case in zip(wrong, found, strict=True)]


def hand_on(visit: Visit, photo: VisitPhoto, file: StoredFile, by: User) -> None:
    """A picture that came late goes beside the case that its item became, too."""
    item = photo.visit_item.item_id if photo.visit_item else None
    model: Any = Clue if visit.kind == Kind.PATROL else Hazard
    cases = model.objects.filter(origin=visit.kind, origin_id=visit.pk, item=item)
    hazards.add_photos([(case, file) for case in cases], Stage.BEFORE, by=by)


def _seconds(visit: Visit) -> int:
    """From start to submission; 0, unknown, for what was sent the next day or from the future."""
    spent = clock.now() - visit.started_at
    return int(spent.total_seconds()) if timedelta() < spent < LONGEST else 0


def _finding(visit: Visit, row: VisitItem, photos: Sequence[StoredFile]) -> Finding:
    item: Item = row.item
    note = row.note if row.note != item.hazard else ""
    if row.is_fixed and visit.kind != Kind.INSPECTION:
        note = f"{visit.get_kind_display()}时已当场改好。{note}"
    return Finding(title=item.hazard, item=item, note=note, spot=row.spot, photos=photos)


def _settled(visit: Visit, row: VisitItem, hazard: Hazard, by: User) -> Hazard:
    """What was put right at once: seen by an officer it is closed, done alone it is looked at.

    What is suspected to be major stays found in both, until a department has judged it.
    """
    if not row.is_fixed or hazard.severity != Severity.GENERAL:
        return hazard
    note = row.note or "当场改好"
    if visit.kind == Kind.INSPECTION:
        return hazards.fix_on_spot(hazard, by=by, note=note)  # type: ignore[no-any-return]
    due = clock.today() + timedelta(days=PROMISE_DAYS)
    promised = hazards.promise_repair(hazard, by=by, note=note, due_on=due)
    return hazards.submit_repair(promised, by=by, note=f"自查时改好：{note}")  # type: ignore[no-any-return]
