"""The numbers on the first pages, a kind of record a query."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from safegrid.enterprises.models import Place, PlaceState
from safegrid.hazards.models import OPEN_CLUES, OPEN_STATES, Clue, ClueState, Hazard, Severity
from safegrid.hazards.models import State as HazardState
from safegrid.shared import clock


@dataclass(frozen=True)
class HazardCounts:
    open: int
    found: int
    ordered: int
    repaired: int
    verified: int
    overdue: int
    major: int
    suspected: int


@dataclass(frozen=True)
class ClueCounts:
    open: int
    collected: int
    accepted: int
    assigned: int
    fed_back: int


@dataclass(frozen=True)
class PlaceCounts:
    total: int
    unled: int
    ungridded: int

    @property
    def gaps(self) -> int:
        """Places that lack a lead department, a grid or both, are counted once for each lack."""
        return self.unled + self.ungridded


def late() -> Q:
    """Hazards past their day and not handed in; as `Hazard.is_overdue`."""
    waiting = (HazardState.FOUND, HazardState.ORDERED)
    return Q(state__in=waiting, due_on__lt=clock.today())


def hazard_rows(user: Any) -> QuerySet[Hazard]:
    rows: QuerySet[Hazard] = Hazard.objects.allowed(user, "hazards.view")
    return rows


def clue_rows(user: Any) -> QuerySet[Clue]:
    rows: QuerySet[Clue] = Clue.objects.allowed(user, "hazards.view")
    return rows


def place_rows(user: Any) -> QuerySet[Place]:
    """The places open for business that the user may see."""
    rows: QuerySet[Place] = Place.objects.allowed(user, "enterprises.view")
    return rows.filter(state=PlaceState.OPEN)


def hazards(rows: QuerySet[Hazard]) -> HazardCounts:
    facts = rows.filter(state__in=OPEN_STATES).aggregate(
        open=Count("pk"),
        found=Count("pk", filter=Q(state=HazardState.FOUND)),
        ordered=Count("pk", filter=Q(state=HazardState.ORDERED)),
        repaired=Count("pk", filter=Q(state=HazardState.REPAIRED)),
        verified=Count("pk", filter=Q(state=HazardState.VERIFIED)),
        overdue=Count("pk", filter=late()),
        major=Count("pk", filter=Q(severity=Severity.MAJOR)),
        suspected=Count("pk", filter=Q(severity=Severity.SUSPECTED)),
    )
    return HazardCounts(**facts)


def clues(rows: QuerySet[Clue]) -> ClueCounts:
    facts = rows.filter(state__in=OPEN_CLUES).aggregate(
        open=Count("pk"),
        collected=Count("pk", filter=Q(state=ClueState.COLLECTED)),
        accepted=Count("pk", filter=Q(state=ClueState.ACCEPTED)),
        assigned=Count("pk", filter=Q(state=ClueState.ASSIGNED)),
        fed_back=Count("pk", filter=Q(state=ClueState.FED_BACK)),
    )
    return ClueCounts(**facts)


def places(rows: QuerySet[Place]) -> PlaceCounts:
    facts = rows.aggregate(
        total=Count("pk"),
        unled=Count("pk", filter=Q(lead_department__isnull=True)),
        ungridded=Count("pk", filter=Q(grid__isnull=True)),
    )
    return PlaceCounts(**facts)
