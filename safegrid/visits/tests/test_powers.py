"""Who may make which kind of visit, on each route."""

from datetime import date
from typing import Any

import pytest

from safegrid.people.models import Post, User
from safegrid.shared.refusals import NotAllowed, StepRefused
from safegrid.visits import actions, queries
from safegrid.visits.models import Visit
from safegrid.visits.tests import make
from tests import town as makers
from tests.api import Caller

MAY = {
    "worker": {"patrol"},
    "head": {"patrol"},
    "officer": {"patrol"},
    "empowered": {"patrol", "inspection"},
    "inspector": {"inspection"},
    "chief": set(),
    "office": set(),
    "city_office": set(),
    "leader": set(),
    "keeper": {"self_check"},
    "stranger": set(),
    "far_worker": set(),
    "other_keeper": set(),
    "auditor": set(),
    "machine": set(),
}
KINDS = ("patrol", "inspection", "self_check", "recheck", "expert_service", "", "nonsense")


@pytest.fixture
def empowered(town):
    """A township officer whose post has the power; a colleague like them exists."""
    return street_inspector(town, "empowered")


def street_inspector(town, name):
    return makers.person(
        name, name, "township_officer", town.street, town.street_body,
        is_empowered=True, certificate=f"示例-{name}",
    )  # fmt: skip


@pytest.fixture
def far_worker(town):
    return makers.person("far-worker", "丁冬", "grid_worker", town.far_grid, town.far_body)


@pytest.fixture
def other_keeper(town):
    user = makers.person("other-keeper", "白老板")
    makers.keep(town.neighbour, user)
    return user


@pytest.fixture
def auditor(town):
    return makers.person("auditor", "苏岚", "auditor", town.city, town.city_body)


@pytest.fixture
def machine(town):
    return makers.person("machine", "接口", "integration", town.city, town.city_body)


@pytest.fixture
def second(town, request, inspector2):
    """The second officer of the one who inspects."""
    street_inspector(town, "colleague")
    return {"empowered": "colleague"}


def lawful(who, kind):
    second = "colleague" if who == "empowered" else "inspector2"
    return {"second": second, **make.LAWFUL} if kind == "inspection" else {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", MAY)
def test_the_powers_hold_on_every_route(who, kind, town, items, second, request, client):
    user = request.getfixturevalue(who)
    is_allowed = kind in MAY[who]
    facts = {**make.payload(town.place, items[:2], kind=kind), **lawful(who, kind)}
    facts["items"] = [{"item": items[1].code, "result": "pass"}]

    if is_allowed:
        assert actions.submit_whole(facts, by=user).state == "complete"
    else:
        with pytest.raises(NotAllowed):
            actions.submit_whole(facts, by=user)
        with pytest.raises(NotAllowed):
            actions.start(town.place, kind=kind, by=user)
    Visit.objects.all().update(authority=None, counts_to_cap=False)

    answer = Caller(user).post("/visits", {**facts, "id": make.next_id(1)})
    assert answer.status_code == 200 if is_allowed else answer.status_code in (401, 404, 422)

    client.force_login(user)
    form = {"kind": kind or "none", **page_facts(user, who, kind)}
    path = f"/visits/start/{town.place.pk}/"
    assert client.get(path, {"kind": kind or "none"}).status_code == (200 if is_allowed else 404)
    assert client.post(path, form).status_code == (302 if is_allowed else 404)

    made = Visit.objects.count()
    assert made == (3 if is_allowed else 0)
    assert set(Visit.objects.values_list("kind", flat=True)) <= {kind}


def page_facts(user, who, kind):
    if kind != "inspection":
        return {}
    colleague = User.objects.get(username=lawful(who, kind)["second"])
    return {"second": colleague.pk, "basis": "年度检查计划", "cause": "daily"}


def test_a_grid_worker_creates_no_inspection_whatever_is_sent(town, items, worker, inspector2):
    for extra in ({"authority": town.fire.pk}, {"counts_to_cap": True}, {"by": inspector2.pk}):
        given = make.inspection(town.place, items[:1], inspector2)
        with pytest.raises((NotAllowed, StepRefused)):
            actions.submit_whole({**given, **extra}, by=worker)
    given = make.payload(town.place, items[:1]) | {"second": "inspector2", **make.LAWFUL}
    visit = make.submitted(worker, given)
    assert (visit.kind, visit.authority, visit.second, visit.certificates) == (
        "patrol", None, None, [],
    )  # fmt: skip
    assert not visit.counts_to_cap and visit.basis == ""


def test_an_inspection_takes_two_officers_with_power_here(
    town, items, inspector, inspector2, worker, chief
):
    market = makers.person(
        "market", "石磊", "department_officer", town.county, town.market,
        is_empowered=True, certificate="示例-0003",
    )  # fmt: skip
    for second in (inspector, worker, chief, market):
        with pytest.raises(StepRefused):
            actions.submit_whole(make.inspection(town.place, items[:1], second), by=inspector)
    missing = {**make.inspection(town.place, items[:1], inspector2), "second": ""}
    with pytest.raises(StepRefused, match="两名"):
        actions.submit_whole(missing, by=inspector)
    visit = make.submitted(inspector, make.inspection(town.place, items[:1], inspector2))
    assert (visit.authority, visit.second) == (town.fire, inspector2)
    assert visit.certificates == ["示例-0001", "示例-0002"]


@pytest.mark.parametrize("late", ["inspector", "inspector2"])
@pytest.mark.parametrize(
    "wrong",
    [{"certificate": ""}, {"certificate_until": None}, {"certificate_until": date(2026, 1, 1)}],
)
def test_both_certificates_are_valid_on_the_day(
    town, items, inspector, inspector2, late, wrong, request
):
    user = request.getfixturevalue(late)
    for name, value in wrong.items():
        setattr(user, name, value)
    user.save()
    with pytest.raises(StepRefused, match="执法证"):
        actions.submit_whole(make.inspection(town.place, items[:1], inspector2), by=inspector)
    assert not Visit.objects.exists()


def test_who_lost_the_power_inspects_no_more(town, items, inspector, inspector2):
    Post.objects.filter(tenures__user=inspector2).update(is_empowered=False)
    with pytest.raises(StepRefused, match="检查权"):
        actions.submit_whole(make.inspection(town.place, items[:1], inspector2), by=inspector)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"basis": " "}, "依据"),
        ({"cause": ""}, "事由"),
        ({"cause": "boredom"}, "事由"),
        ({"cause": "report", "cause_note": " "}, "来龙去脉"),
    ],
)
def test_basis_and_cause_are_stated(town, items, inspector, inspector2, wrong, words):
    given = make.inspection(town.place, items[:1], inspector2, **wrong)
    with pytest.raises(StepRefused, match=words):
        actions.submit_whole(given, by=inspector)


def inspect(town: Any, items: Any, by: Any, second: Any, number: int, **changes: Any) -> Visit:
    changes.setdefault("id", make.next_id(number))
    return make.submitted(by, make.inspection(town.place, items[:1], second, **changes))


def test_the_yearly_cap_stops_daily_inspections_only(town, items, inspector, inspector2):
    for number in range(town.place.yearly_cap):
        assert inspect(town, items, inspector, inspector2, number).counts_to_cap
    with pytest.raises(StepRefused, match="上限2次"):
        inspect(town, items, inspector, inspector2, 10)
    visit = inspect(
        town, items, inspector, inspector2, 11, cause="report", cause_note="12350第18号"
    )
    assert not visit.counts_to_cap
    assert queries.cap_of(town.place, town.fire, visit.year).used == 2


def test_the_cap_is_counted_per_authority_and_enterprise(town, items, inspector, inspector2):
    for number in range(2):
        inspect(town, items, inspector, inspector2, number)
    others = [street_inspector(town, name) for name in ("first", "other")]
    first, other = others
    assert inspect(town, items, first, other, 5).authority == town.street_body
    town.neighbour.enterprise = town.place.enterprise
    town.neighbour.save()
    with pytest.raises(StepRefused, match="上限"):
        make.submitted(
            inspector,
            make.inspection(town.neighbour, items[:1], inspector2, id=make.next_id(6)),
        )


def test_a_draft_holds_its_place_and_a_void_one_gives_it_back(
    town, items, inspector, inspector2, officer
):
    facts = {"kind": "inspection", "by": inspector, "second": inspector2, **make.LAWFUL}
    first = actions.start(town.place, **facts)
    actions.start(town.place, **facts)
    with pytest.raises(StepRefused, match="上限"):
        actions.start(town.place, **facts)
    actions.discard(first, by=inspector)
    third = actions.start(town.place, **facts)
    actions.answer(third.items.get(order=1), by=inspector, result="pass")
    actions.submit(third, by=inspector)
    actions.void(third, by=officer, note="走错了门")
    assert queries.cap_of(town.place, town.fire, third.year).used == 1


def test_the_form_shows_the_count_and_only_valid_colleagues(
    client, town, items, inspector, inspector2
):
    makers.person(
        "expired", "过期", "department_officer", town.county, town.fire,
        is_empowered=True, certificate="示例-0009",
    )  # fmt: skip
    type(inspector).objects.filter(username="expired").update(certificate_until=date(2020, 1, 1))
    inspect(town, items, inspector, inspector2, 0)
    client.force_login(inspector)
    path = f"/visits/start/?place={town.place.pk}&kind=inspection"
    text = client.get(path).content.decode()
    assert "今年已检查1次，上限2次" in text
    assert "方平" in text and "过期" not in text
    answer = client.post(f"/visits/start/{town.place.pk}/", {"kind": "inspection"})
    assert answer.status_code == 422 and "还没有选第二名执法人员" in answer.content.decode()
    assert Visit.objects.count() == 1
