"""The load: a demo city of many places whose history is copied until it is large enough."""

from safegrid.demo import bulk, load
from safegrid.hazards.models import Hazard
from safegrid.shared import journal, progress
from safegrid.visits.models import Visit

ROUNDS = 40


def fill(places: int, visits: int, hazards: int) -> None:
    """Make the city, then copy histories within grids, further and further back in time."""
    if load.is_empty():
        load.build(places=places)

    def enough() -> bool:
        return Visit.objects.count() >= visits and Hazard.objects.count() >= hazards

    if not enough():
        bulk.spread(load.LIVED_IN, rounds=ROUNDS, first=1, enough=enough)
    with progress.step("封存流水"):
        journal.seal(limit=100_000_000)
