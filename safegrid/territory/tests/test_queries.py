from datetime import date, timedelta

import pytest
from django.db import transaction

from safegrid.shared import clock
from safegrid.territory import actions, queries
from safegrid.territory.models import Area, Edition, Level
from safegrid.territory.tests import make


@pytest.fixture
def grid(db) -> Area:
    make.street()
    actions.import_grids(make.collection(make.community(), make.grid(1), make.grid(2)))
    return Area.objects.get(code="231004005A01001")


def test_a_point_falls_into_its_grid(grid):
    assert queries.area_at(129.605, 44.605) == grid
    assert queries.area_at(129.605, 44.705) is None
    assert queries.codes_at([(129.605, 44.605), (0, 0), (129.615, 44.605)]) == [
        grid.code,
        "",
        "231004005A01002",
    ]


def test_an_empty_territory_has_no_grid_and_refuses_no_point(db):
    assert queries.area_at(129.6, 44.6) is None
    assert queries.codes_at([(129.6, 44.6)]) == [""]
    assert queries.within_city(2.35, 48.85)


def test_an_exclusive_grid_wins_over_the_ground_around_it(grid):
    inner = make.grid(3, geometry=make.square(129.602, 44.602, 0.003), kind="exclusive_grid")
    actions.import_grids(make.collection(inner))
    assert queries.code_at(129.603, 44.603) == "231004005A01003"
    assert queries.code_at(129.608, 44.608) == grid.code


def test_a_community_without_drawn_grids_stands_for_them(db):
    make.street()
    actions.import_grids(make.collection(make.community()))
    assert queries.code_at(129.605, 44.605) == "231004005A01"


def test_a_change_is_seen_at_once(grid):
    assert queries.code_at(129.605, 44.605) == grid.code
    assert queries.name_of(grid.code).endswith("01网格")
    moved = make.grid(1, geometry=make.square(129.60, 44.62))
    actions.import_grids(make.collection(moved))
    actions.edit_area(Area.objects.get(pk=grid.pk), by=None, name="甲网格", population=None)
    assert queries.code_at(129.605, 44.605) == ""
    assert queries.code_at(129.605, 44.625) == grid.code
    assert queries.name_of(grid.code).endswith("甲网格")


def test_a_change_that_is_rolled_back_is_not_kept(grid):
    try:
        with transaction.atomic():
            actions.close_area(grid, by=None, on=clock.today(), succeeded_by=[], note="")
            assert queries.code_at(129.605, 44.605) != grid.code
            raise RuntimeError
    except RuntimeError:
        pass
    assert queries.code_at(129.605, 44.605) == grid.code


def test_a_change_by_another_process_is_seen_for_points(grid):
    assert queries.code_at(129.605, 44.605) == grid.code
    Area.objects.filter(pk=grid.pk).update(boundary=None)
    Edition.objects.update(token="another")
    assert queries.code_at(129.605, 44.605) != grid.code


def test_a_closed_grid_still_answers_for_earlier_days(grid):
    today = clock.today()
    actions.close_area(grid, by=None, on=today, succeeded_by=[], note="")
    assert queries.area_at(129.605, 44.605) is None
    assert queries.area_at(129.605, 44.605, on=today - timedelta(days=1)) == grid


def test_names_are_kept_between_questions(grid, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        for _ in range(50):
            queries.name_of(grid.code)
    assert queries.name_of("239999") == "239999"


def test_a_point_far_off_is_outside_even_while_only_parts_are_drawn(grid):
    assert queries.within_city(129.605, 44.605) and queries.within_city(130.1, 44.9)
    assert not queries.within_city(116.4, 39.9)


def test_with_all_counties_drawn_only_their_ground_counts(grid):
    actions.import_grids(
        make.collection(make.feature(make.square(129.5, 44.5, 0.2), code="231004"))
    )
    assert queries.within_city(129.55, 44.55)
    assert not queries.within_city(130.1, 44.9)


def test_the_path_leads_from_the_root_to_the_grid(grid):
    assert [area.code for area in queries.path_of(grid.code)] == [
        "2310",
        "231004",
        "231004005",
        "231004005A01",
        grid.code,
    ]


def test_children_are_those_directly_below_and_in_force(grid):
    assert [area.level for area in queries.children_of("231004")] == [Level.TOWNSHIP]
    actions.close_area(grid, by=None, on=date(2026, 1, 1), succeeded_by=[], note="")
    below = queries.children_of("231004005A01")
    assert [area.code for area in below] == ["231004005A01002"]


def test_a_town_directly_under_a_city_is_its_child(db):
    actions.add_area(code="4420", name="中山市")
    town = actions.add_area(code="442000001", name="石岐街道")
    assert list(queries.children_of("4420")) == [town]


def test_the_highest_of_some_codes_contain_the_others():
    assert queries.highest(["231004005", "231025", "231004", "231004"]) == ["231004", "231025"]
    assert queries.highest([]) == []


def test_two_levels_come_grouped_and_counted(grid):
    county = Area.objects.get(code="231004")
    groups = [
        (above.code, [one.code for one in below]) for above, below in queries.two_levels(county)
    ]
    assert groups == [("231004005", ["231004005A01"])]
    assert queries.counts_below("2310", Level.COUNTY) == {
        "231004": {Level.TOWNSHIP: 1, Level.COMMUNITY: 1, Level.GRID: 2}
    }
