"""Every address × every role: who gets in, who sees nothing, and that none is forgotten.

The expectation comes from two tables: the roles' permissions (`people/data/roles.yaml`) and who
reaches what in the town. A new address without a row here fails the last test.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from safegrid.checklists import actions as checklists
from safegrid.codes import actions as codes
from safegrid.duties import actions as duties
from safegrid.hazards import actions as hazards
from safegrid.library import actions as library
from safegrid.people.roles import ROLES
from safegrid.visits import actions as visits
from tests import town as makers

NEAR = (
    "worker",
    "head",
    "officer",
    "inspector",
    "chief",
    "office",
    "city_office",
    "leader",
    "keeper",
)
FAR = ("stranger",)
ADMINISTRATORS = ("system_admin", "security_admin", "auditor")
CAST = (*NEAR, *FAR, *ADMINISTRATORS)
ROLE_OF = {
    "worker": "grid_worker",
    "head": "community_head",
    "officer": "township_officer",
    "stranger": "township_officer",
    "inspector": "department_officer",
    "chief": "department_head",
    "office": "county_office",
}


@dataclass(frozen=True)
class Door:
    """An address: what it needs, and who reaches the record behind it ("" for a list)."""

    needs: str
    record: str = ""
    posts_only: bool = False


# Addresses for everybody, signed in or not.
PUBLIC = {"people:sign-in", "codes:landing", "codes:report"}
# Addresses for everybody who is signed in.
OWN = {
    "desk:home", "desk:inbox", "desk:read_all", "desk:search", "desk:about", "people:sign-out",
    "people:account", "people:password", "people:sign_out_everywhere",
}  # fmt: skip
# The first-run wizard is a 404 as soon as there is a user.
GONE = {"people:set_up"}

PLACE, HAZARD, CLUE, VISIT, CODE = "place", "hazard", "clue", "visit", "code"
DOORS: dict[str, Door] = {
    "desk:place": Door("enterprises.view", PLACE),
    "desk:timeline": Door("enterprises.view", PLACE),
    "desk:reveal_phone": Door("enterprises.reveal_phone", PLACE),
    "desk:audit": Door("journal.audit"),
    "people:directory": Door("people.view"),
    "people:accounts": Door("people.manage_accounts"),
    "people:add_account": Door("people.manage_accounts"),
    "people:tokens": Door("people.manage_accounts"),
    "people:add_organisation": Door("people.manage_posts"),
    "territory:list": Door("territory.view"),
    "enterprises:list": Door("enterprises.view"),
    "enterprises:export": Door("enterprises.view"),
    "enterprises:add_place": Door("enterprises.edit"),
    "enterprises:import_places": Door("enterprises.import_places"),
    "enterprises:import_template": Door("enterprises.import_places"),
    "enterprises:edit_place": Door("enterprises.edit", PLACE),
    "duties:list": Door("duties.view"),
    "duties:add_rule": Door("duties.edit"),
    "library:list": Door("library.view"),
    "checklists:list": Door("checklists.view"),
    "hazards:list": Door("hazards.view"),
    "hazards:export": Door("hazards.view"),
    "hazards:clues": Door("hazards.view", posts_only=True),
    "hazards:detail": Door("hazards.view", HAZARD),
    "hazards:clue": Door("hazards.view", CLUE, posts_only=True),
    "visits:list": Door("visits.view"),
    "visits:detail": Door("visits.view", VISIT),
    "visits:void": Door("visits.void", VISIT),
    "codes:list": Door("codes.view"),
}
# Tried one by one in the tests of their packages, where what they need can be set up.
ELSEWHERE = {
    "desk:read_notice",
    "people:organisation", "people:add_post", "people:post", "people:edit_post",
    "people:take_post", "people:leave_post", "people:close_post", "people:user",
    "people:edit_account", "people:reset_password", "people:set_active", "people:sign_out_user",
    "people:revoke_token",
    "territory:detail", "territory:edit_area", "territory:add_area", "territory:close_area",
    "territory:import_grids", "territory:geojson",
    "enterprises:import_preview", "enterprises:import_commit", "enterprises:import_undo",
    "enterprises:add_keeper", "enterprises:remove_keeper",
    "duties:ask", "duties:close_rule",
    "library:detail", "checklists:detail", "checklists:print",
    "hazards:new", "hazards:photo", "hazards:order", "hazards:step", "hazards:new_clue",
    "hazards:clue_step",
    "visits:start", "visits:photo", "visits:overview", "visits:check", "visits:more",
    "visits:discard",
    "codes:reported", "codes:revoke", "codes:plate", "codes:sheet", "codes:issue",
}  # fmt: skip


@pytest.fixture
def people(town, request) -> dict[str, Any]:
    cast = {name: request.getfixturevalue(name) for name in (*NEAR, *FAR)}
    for role in ADMINISTRATORS:
        cast[role] = makers.person(role, role, role, town.city, town.city_body)
    return cast


@pytest.fixture
def records(town, people) -> dict[str, Any]:
    """A place with a hazard, a clue, a visit and a code, all in the grid of the town."""
    library.load()
    checklists.load()
    duties.load_lines()
    place, inspector = town.place, people["inspector"]
    visit = visits.start(place, kind="patrol", by=people["worker"])
    for row in visit.items.select_related("item"):
        visits.answer(row, by=people["worker"], result="pass")
    return {
        PLACE: place,
        HAZARD: hazards.record(by=inspector, place=place, title="出口上锁", origin="inspection"),
        CLUE: hazards.collect_clue(
            by=people["worker"], place=place, title="出口上锁", origin="patrol"
        ),
        VISIT: visits.submit(visit, by=people["worker"]),
        CODE: codes.issue(place),
    }


def role_of(name: str) -> str:
    return ROLE_OF.get(name, name)


def may(name: str, door: Door) -> bool:
    """The oracle: the role has the permission, and the person reaches the record."""
    if door.posts_only and name == "keeper":
        return False
    facts = ROLES[role_of(name)]
    granted = set(facts["permissions"])
    if name == "inspector":
        granted |= set(facts.get("when_empowered", []))
    return door.needs in granted and (not door.record or name in NEAR)


def address(name: str, door: Door, records: dict[str, Any]) -> str:
    return reverse(name, args=[records[door.record].pk] if door.record else [])


def test_a_door_opens_for_those_who_may_and_for_nobody_else(client, people, records):
    wrong = []
    for who, user in people.items():
        client.force_login(user)
        for name, door in DOORS.items():
            got = client.get(address(name, door, records)).status_code
            wanted = (200, 302) if may(who, door) else (404,)
            if got not in wanted:
                wrong.append((name, who, got, wanted))
    assert wrong == []


def test_without_signing_in_every_door_leads_to_the_sign_in_page(client, records):
    for name in (*DOORS, *OWN):
        answer = client.get(address(name, DOORS.get(name, Door("")), records))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/sign-in/"), name


def test_public_doors_are_open(client, records):
    for name in PUBLIC:
        args = [records[CODE].token] if name.startswith("codes:") else []
        assert client.get(reverse(name, args=args)).status_code == 200, name


def test_the_wizard_is_gone_when_there_is_a_user(client, town, officer, settings):
    settings.IS_DEMO = False
    assert client.get("/setup/").status_code == 404


def test_no_address_is_forgotten():
    known = {*PUBLIC, *OWN, *GONE, *DOORS, *ELSEWHERE}
    assert set(names(get_resolver())) - known == set()
    assert known - set(names(get_resolver())) == set()


def names(resolver: URLResolver, prefix: str = "") -> list[str]:
    """The names of all pages; the API has its own tests."""
    found: list[str] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else prefix
            if not str(pattern.namespace or "").startswith("api"):
                found += names(pattern, space)
        elif isinstance(pattern, URLPattern):
            found.append(f"{prefix}{pattern.name}")
    return found
