"""Every role × permission × where the record lies, against a table made by hand."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from safegrid.enterprises.models import Place
from safegrid.hazards.models import Hazard
from safegrid.people import roles
from safegrid.people.models import Organisation, Post, User
from safegrid.shared.access import require
from safegrid.shared.refusals import NotAllowed
from safegrid.territory.models import Area, Level
from tests import town as makers
from tests.town import Town

SEATS = [role for role in roles.ROLES if role != "keeper"]
RESTAURANT, SHOP = "H6210", "F5212"


@dataclass(frozen=True)
class Sort:
    """How a post is narrowed, and which places it then reaches."""

    facts: dict[str, Any]
    reached: frozenset[str]


WITHIN = {"own", "own shop", "below"}
SORTS = {
    "whole area": Sort({}, frozenset({*WITHIN, "held", "held shop"})),
    "industries": Sort(
        {"industries": ["H62", "C"]}, frozenset({"own", "below", "held", "held shop"})
    ),
    "own cases": Sort({"own_cases": True}, frozenset({"held", "held shop"})),
    "own cases of industries": Sort(
        {"own_cases": True, "industries": ["H62"]}, frozenset({"held", "held shop"})
    ),
}


@pytest.fixture
def places(town: Town) -> dict[str, Place]:
    """One place for each way to lie towards a post of the street, led by the fire department."""
    far = makers.area("231025100", "林口镇", Level.TOWNSHIP, "林口县·林口镇")

    def put(name: str, where: Area, industry: str, lead: Organisation | None = None) -> Place:
        place = makers.shop(name, town.place.kind, town.grid, lead, f"CS-{name}", 129.6, 44.6)
        Place.objects.filter(pk=place.pk).update(area_code=where.code, industry=industry)
        place.refresh_from_db()
        return place

    rows = {
        "own": put("own", town.street, RESTAURANT),
        "own shop": put("own shop", town.street, SHOP, town.market),
        "below": put("below", town.grid, RESTAURANT, town.market),
        "parent": put("parent", town.county, RESTAURANT),
        "sibling": put("sibling", town.other_street, RESTAURANT, town.market),
        "other county": put("other county", far, RESTAURANT),
        "held": put("held", far, RESTAURANT, town.fire),
        "held shop": put("held shop", town.county, SHOP, town.fire),
    }
    Place.objects.exclude(pk__in=[place.pk for place in rows.values()]).delete()
    return rows


@pytest.fixture
def person(db) -> User:
    return User.objects.create(username="zhou-ning", name="周宁")


def _seat(town: Town, person: User, **facts: Any) -> Post:
    """Put the person into a post of the fire department for the street, in memory."""
    post = Post(
        organisation=town.fire, area=town.street, area_code=town.street.code, name="岗", **facts
    )
    person.posts = [post]
    return post


def _reached(person: User, permission: str, places: dict[str, Place]) -> set[str]:
    """Names of the places reached by the query; the check of one record must say the same."""
    found = set(Place.objects.allowed(person, permission).values_list("pk", flat=True))
    assert found == {one.pk for one in places.values() if person.covers(permission, one)}
    return {name for name, place in places.items() if place.pk in found}


def _expected(sort: str, role: str) -> frozenset[str]:
    """What a post of this sort reaches; a grid or community post never leaves its area."""
    reached = SORTS[sort].reached
    stays = roles.DATA["roles"][role].get("reach") == "area"
    return reached - {"held", "held shop"} if stays else reached


def _granted(role: str, permission: str, is_empowered: bool) -> bool:
    facts = roles.DATA["roles"][role]
    extra = facts.get("when_empowered", []) if is_empowered else []
    return permission in [*facts["permissions"], *extra]


@pytest.mark.parametrize("role", SEATS)
@pytest.mark.parametrize("is_empowered", [False, True])
def test_a_role_reaches_its_area_for_what_it_may_and_nothing_else(
    town, places, person, role, is_empowered
):
    for permission in roles.PERMISSIONS:
        post = _seat(town, person, role=role, is_empowered=is_empowered)
        granted = _granted(role, permission, is_empowered)
        expected = _expected("whole area", role) if granted else frozenset()
        assert _reached(person, permission, places) == expected, permission
        assert person.may(permission) is granted
        for name, place in places.items():
            assert person.post_for(permission, place) == (post if name in expected else None)


@pytest.mark.parametrize("role", SEATS)
@pytest.mark.parametrize("sort", SORTS)
def test_industries_and_own_cases_narrow_every_role_alike(town, places, person, role, sort):
    for permission in roles.ROLES[role]["permissions"]:
        _seat(town, person, role=role, **SORTS[sort].facts)
        assert _reached(person, permission, places) == _expected(sort, role), permission


def test_several_posts_reach_what_one_of_them_does(town, places, person):
    first = _seat(town, person, role="township_officer", own_cases=True)
    second = Post(
        organisation=town.market,
        area=town.other_street,
        area_code=town.other_street.code,
        role="township_officer",
    )
    person.posts = [first, second]
    reached = _reached(person, "enterprises.view", places)
    assert reached == {"held", "held shop", "own shop", "below", "sibling"}


def test_a_person_without_a_post_reaches_nothing(places, person):
    for permission in roles.PERMISSIONS:
        assert _reached(person, permission, places) == set()
        assert not person.may(permission)
    assert person.post_name("enterprises.view", places["own"]) == "场所负责人"


def test_a_stranger_without_an_account_reaches_nothing(places):
    assert not Place.objects.allowed(AnonymousUser(), "enterprises.view").exists()
    with pytest.raises(NotAllowed):
        require(AnonymousUser(), "enterprises.view")


def test_a_permission_is_required_or_the_page_is_not_there(worker):
    require(worker, "visits.patrol")
    with pytest.raises(NotAllowed):
        require(worker, "visits.inspect")


def test_a_keeper_reaches_the_own_place_for_what_keepers_may(town, places, person):
    makers.keep(places["sibling"], person)
    for permission in roles.PERMISSIONS:
        may = permission in roles.DATA["roles"]["keeper"]["permissions"]
        assert _reached(person, permission, places) == ({"sibling"} if may else set()), permission
        assert person.may(permission) is may


def test_keeping_a_place_gives_an_officer_and_a_machine_nothing(town, places, person):
    makers.keep(places["sibling"], person)
    _seat(town, person, role="grid_worker")
    assert "sibling" not in _reached(person, "enterprises.view", places)
    machine = User.objects.create(username="machine", name="接口", is_machine=True)
    makers.keep(places["sibling"], machine)
    assert _reached(machine, "enterprises.view", places) == set()
    assert not machine.may("enterprises.view")


def test_keeping_counts_only_where_the_model_has_a_place(town, person):
    makers.keep(town.place, person)
    assert not Area.objects.allowed(person, "journal.view").exists()
    assert not person.covers("journal.view", town.grid)


@pytest.mark.parametrize("sort", SORTS)
def test_a_model_without_industry_and_body_is_reached_by_area_alone(town, person, sort):
    _seat(town, person, role="township_officer", **SORTS[sort].facts)
    found = set(Area.objects.allowed(person, "territory.view"))
    assert found == {town.street, town.community, town.grid, town.other_grid}
    assert found == {area for area in Area.objects.all() if person.covers("territory.view", area)}


@pytest.mark.parametrize("sort", SORTS)
def test_a_case_follows_its_place_and_the_body_that_has_it_now(town, places, person, sort):
    cases = {
        name: Hazard.objects.create(
            number=f"YH-{name}",
            place=place,
            area_code=place.area_code,
            title="堵了",
            origin="inspection",
            department=place.lead_department,
        )
        for name, place in places.items()
    }
    _seat(town, person, role="department_officer", **SORTS[sort].facts)
    found = set(Hazard.objects.allowed(person, "hazards.view"))
    assert found == {cases[name] for name in SORTS[sort].reached}
    assert found == {one for one in cases.values() if person.covers("hazards.view", one)}


def test_a_neighbour_whose_code_continues_ours_is_not_below_us(town, person):
    """Codes are compared by bytes: letters come after digits, and the end is exclusive."""
    local = makers.area("231004A01", "示例开发区", Level.TOWNSHIP, "爱民区·示例开发区")
    after = makers.area("231004006A02", "社区", Level.COMMUNITY)
    _seat(town, person, role="township_officer")
    for area in (local, after, town.county):
        assert not person.covers("territory.view", area)
        assert not Area.objects.allowed(person, "territory.view").filter(pk=area.pk).exists()


def test_posts_are_those_held_today_that_still_exist(town, person):
    from datetime import date

    from safegrid.people.tests import make
    from safegrid.shared import clock

    today = clock.today()
    make.sit(make.post(town.street_body, town.street, name="现在"), person)
    past = make.sit(make.post(town.street_body, town.street, name="过去"), person)
    past.ends_on = today
    past.save()
    make.sit(make.post(town.street_body, town.street, name="将来"), person, date(2099, 1, 1))
    make.sit(make.post(town.street_body, town.street, name="撤了", valid_to=today), person)
    assert [post.name for post in person.posts] == ["现在"]
    assert person.post_name("territory.view", town.grid) == "大庆街道·现在"


def test_every_role_and_permission_of_the_data_is_known():
    known = set(roles.PERMISSIONS)
    for name, facts in roles.ROLES.items():
        assert set(facts["permissions"]) | set(facts.get("when_empowered", [])) <= known, name
    assert {str(role) for role in roles.Role} <= set(roles.ROLES)


def test_the_three_administrators_hold_no_business_right():
    business = ("hazards", "visits", "enterprises", "duties", "codes", "checklists")
    for name in roles.ROLES:
        if roles.is_administrator(name):
            held = roles.permissions_of(name, is_empowered=True)
            assert not any(one.startswith(business) for one in held), name
