"""The demo city: made through the import and the actions, the same for the same seed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from shapely import Polygon, unary_union
from shapely.geometry import shape

from safegrid.codes.models import PlaceCode
from safegrid.config.serving import load_content
from safegrid.demo import ground, load
from safegrid.demo.cast import Cast
from safegrid.enterprises.models import ImportState, Place, PlaceImport
from safegrid.hazards.models import Clue, Hazard
from safegrid.people.queries import demo_doors
from safegrid.shared import clock, journal
from safegrid.territory.models import Area
from safegrid.visits.models import Visit

NOON = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


class Undone(Exception):
    """Takes back what one building of the city wrote."""


def built(seed: int) -> dict[str, list[Any]]:
    with clock.moved(NOON):
        load.build(seed=seed, places=40, days=7)
    return {
        "areas": list(Area.objects.values_list("code", "full_name")),
        "places": list(Place.objects.values_list("number", "name", "phone", "area_code")),
        "visits": list(
            Visit.objects.order_by("number").values_list("number", "kind", "place__name", "passed")
        ),
        "hazards": list(
            Hazard.objects.order_by("number").values_list("number", "title", "state", "due_on")
        ),
        "clues": list(Clue.objects.order_by("number").values_list("number", "title", "state")),
    }


@pytest.fixture
def content(db):
    load_content()


def test_the_city_is_whole_and_every_door_opens(content):
    facts = built(1)
    assert len(facts["places"]) == Place.objects.count() == PlaceCode.objects.count() == 40
    assert all(name.startswith("示例") for _, name, _, _ in facts["places"])
    assert PlaceImport.objects.get().state == ImportState.COMMITTED
    assert len(facts["visits"]) > 15
    assert {kind for _, kind, _, _ in facts["visits"]} == {"patrol", "inspection", "self_check"}
    assert len(demo_doors()) == 13
    assert Area.objects.filter(level=3).count() == 10
    journal.seal()
    good, broken = journal.verify()
    assert broken is None
    assert good > 500


def test_the_same_seed_makes_the_same_city(content):
    first = {}
    try:
        with transaction.atomic():
            first = built(1)
            raise Undone
    except Undone:
        assert not Place.objects.exists()
    assert built(1) == first


def test_another_seed_draws_other_names():
    first, second = Cast(1), Cast(2)
    names = [first.place_name("shop") for _ in range(9)]
    assert names != [second.place_name("shop") for _ in range(9)]
    assert len(set(names)) == 9


def test_neighbours_share_their_border_without_hole_or_overlap():

    boxes = ground.communities({"a": 3, "b": 5, "c": 4, "d": 3}, per_row=8)
    cells = [cell for some in boxes.values() for box in some for cell in ground.grids(box)]
    shapes = [shape(ground.polygon([cell], 129.5, 44.5)) for cell in cells]
    whole = unary_union(shapes)
    assert isinstance(whole, Polygon)
    assert len(whole.interiors) == 0
    assert sum(one.area for one in shapes) == pytest.approx(whole.area, rel=1e-9)
