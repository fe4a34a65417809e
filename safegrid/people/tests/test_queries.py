from datetime import date

from safegrid.enterprises.models import Place
from safegrid.people import queries
from safegrid.people.models import OrganisationKind
from safegrid.people.tests import make
from safegrid.shared import clock
from tests import town as makers


def test_the_holder_is_the_one_nearest_above(town, officer, head, worker):
    def names(code: str, role: str) -> list[str]:
        return [tenure.user.username for tenure in queries.post_holder(code, role)]

    assert names(town.grid.code, "grid_worker") == ["worker"]
    assert names(town.other_grid.code, "grid_worker") == []
    assert names(town.other_grid.code, "community_head") == ["head"]
    assert names(town.far_grid.code, "township_officer") == []
    county = makers.person(
        "county-worker", "县里", "township_officer", town.county, town.office_body
    )
    assert names(town.far_grid.code, "township_officer") == [county.username]
    assert names(town.grid.code, "township_officer") == ["officer"]


def test_who_left_or_is_disabled_holds_nothing(town, worker):
    worker.tenures.update(ends_on=clock.today())
    assert queries.post_holder(town.grid.code, "grid_worker") == []
    worker.tenures.update(ends_on=None)
    worker.is_active = False
    worker.save()
    assert queries.post_holder(town.grid.code, "grid_worker") == []


def test_the_body_of_a_line_is_the_nearest_above(town):
    city = makers.body("牡丹江市消防支队", "市消防", OrganisationKind.DEPARTMENT, town.city, "fire")
    assert queries.organisation_of_line("fire", town.grid.code) == town.fire
    assert queries.organisation_of_line("fire", "231025") == city
    assert queries.organisation_of_line("housing", town.grid.code) is None
    assert queries.organisation_of_line("", town.grid.code) is None
    town.fire.valid_to = date(2026, 1, 1)
    town.fire.save()
    assert queries.organisation_of_line("fire", town.grid.code) == city


def test_colleagues_are_of_the_same_body(inspector, inspector2, chief, officer):
    assert set(queries.colleagues(inspector)) == {inspector2, chief}
    assert queries.colleagues(inspector, "visits.inspect") == [inspector2]
    assert queries.colleagues(chief, "visits.inspect") == []


def test_an_inspector_has_the_power_and_a_valid_certificate(inspector, inspector2, chief):
    post = inspector.posts[0]
    assert queries.inspectors(post) == [inspector, inspector2]
    inspector2.certificate_until = date(2020, 1, 1)
    inspector2.save()
    assert queries.inspectors(post) == [inspector]


def test_posts_come_with_their_holders_in_two_queries(
    town, officer, worker, django_assert_num_queries
):
    from safegrid.people.models import Post

    with django_assert_num_queries(2):
        rows = list(queries.posts_with_holders(Post.objects.order_by("area_code")))
        names = [(row.organisation.name, row.holders[0].user.name) for row in rows]
    assert names == [("大庆街道办事处", "周宁"), ("大庆街道办事处", "韩梅")]


def test_a_phone_names_a_user_only_when_it_is_one_persons(db):
    user = make.user(phone="13900000001")
    assert queries.user_named("13900000001") == user
    assert queries.user_named("HAN-mei") == user
    assert queries.user_named("") is None
    make.user("lv-jing", phone="13900000001")
    assert queries.user_named("13900000001") is None


def test_doors_are_those_whose_demo_account_exists(db):
    make.user("grid-worker", is_demo=True)
    make.user("auditor")
    make.user("somebody", is_demo=True)
    assert [door.username for door in queries.demo_doors()] == ["grid-worker"]


def test_a_grid_worker_does_not_reach_what_the_street_leads_elsewhere(town, worker, officer):
    town.neighbour.lead_department = town.street_body
    town.neighbour.save()
    places = Place.objects
    assert town.neighbour not in places.allowed(worker, "visits.patrol")
    assert not worker.covers("visits.patrol", town.neighbour)
    town.far_place.lead_department = town.street_body
    town.far_place.save()
    assert town.far_place in places.allowed(officer, "visits.patrol")
    assert officer.covers("visits.patrol", town.far_place)
