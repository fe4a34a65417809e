"""More time, and another department."""

import pytest

from safegrid.hazards import actions
from safegrid.hazards.models import Answer, Extension, State, Transfer
from safegrid.hazards.tests import make
from safegrid.people.models import OrganisationKind
from safegrid.shared import clock
from safegrid.shared.refusals import NotAllowed, StepRefused
from tests import town as makers

ASKED = {"reason": "配件未到货", "measures": "停用并专人看守"}


@pytest.fixture
def ordered(town, inspector):
    return make.ordered(town.place, inspector)


@pytest.fixture
def asked(ordered, keeper):
    return actions.ask_extension(ordered, by=keeper, until=make.in_days(12), **ASKED)


def test_an_extension_is_granted_by_the_head_of_the_body_that_ordered(asked, chief, officer):
    with pytest.raises(StepRefused, match="由定期限的区消防审批"):
        actions.decide_extension(asked, by=officer, answer="granted")
    made = actions.decide_extension(asked, by=chief, answer="granted")
    assert (made.due_on, made.extensions) == (make.in_days(12), 1)
    assert Extension.objects.get().decided_by == chief


def test_an_extension_is_refused_with_a_reason_and_the_day_stays(asked, chief):
    with pytest.raises(StepRefused, match="理由"):
        actions.decide_extension(asked, by=chief, answer="refused")
    made = actions.decide_extension(asked, by=chief, answer="refused", opinion="不影响清走")
    assert (made.due_on, made.extensions) == (make.in_days(5), 0)


def test_time_is_extended_once_by_default(asked, chief, keeper):
    made = actions.decide_extension(asked, by=chief, answer="granted")
    with pytest.raises(StepRefused, match="已延过1次"):
        actions.ask_extension(made, by=keeper, until=make.in_days(20), **ASKED)


def test_one_request_waits_at_a_time(asked, keeper):
    with pytest.raises(StepRefused, match="还没答复"):
        actions.ask_extension(asked, by=keeper, until=make.in_days(13), **ASKED)


@pytest.mark.parametrize(
    ("days", "facts", "words"),
    [(5, ASKED, "晚于"), (36, ASKED, "最多延30天"), (9, {**ASKED, "measures": ""}, "怎么防范")],
)
def test_a_request_names_a_later_day_and_interim_measures(ordered, keeper, days, facts, words):
    with pytest.raises(StepRefused, match=words):
        actions.ask_extension(ordered, by=keeper, until=make.in_days(days), **facts)


def test_nobody_grants_their_own_request(asked, chief):
    Extension.objects.update(asked_by=chief)
    with pytest.raises(StepRefused, match="由别人审批"):
        actions.decide_extension(asked, by=chief, answer="granted")


def test_a_day_that_has_passed_is_not_granted_any_more(asked, chief):
    Extension.objects.update(until=make.in_days(-1))
    with pytest.raises(StepRefused, match="已经过了"):
        actions.decide_extension(asked, by=chief, answer="granted")


def test_there_must_be_something_to_decide(ordered, chief):
    with pytest.raises(StepRefused, match="没有等答复"):
        actions.decide_extension(ordered, by=chief, answer="granted")


def test_handing_in_the_repair_ends_a_waiting_request(asked, keeper):
    actions.submit_repair(asked, by=keeper, note="货架已移到库房")
    assert Extension.objects.get().answer == Answer.REFUSED


@pytest.fixture
def market_officer(town):
    return makers.person(
        "market", "卢青", "department_officer", town.county, town.market, is_empowered=True,
        certificate="示例-0003",
    )  # fmt: skip


@pytest.fixture
def handed(town, inspector):
    hazard = make.hazard(town.place, inspector)
    return actions.transfer(hazard, by=inspector, receiver=town.market, note="气瓶归市场监管")


def test_a_transfer_keeps_the_state_and_shows_it_to_the_receiver(town, handed, inspector):
    assert (handed.state, handed.department) == (State.FOUND, town.market)
    with pytest.raises(StepRefused, match="等对方答复"):
        actions.transfer(handed, by=inspector, receiver=town.street_body, note="再移")


def test_only_the_receiver_answers_a_transfer(town, handed, inspector, market_officer):
    with pytest.raises(StepRefused, match="由接收的区市场监管答复"):
        actions.answer_transfer(handed, by=inspector, answer="granted")
    made = actions.answer_transfer(handed, by=market_officer, answer="granted")
    assert (made.department, Transfer.objects.get().answer) == (town.market, Answer.GRANTED)


def test_a_returned_transfer_puts_the_department_back(town, handed, market_officer):
    with pytest.raises(StepRefused, match="理由"):
        actions.answer_transfer(handed, by=market_officer, answer="refused")
    made = actions.answer_transfer(handed, by=market_officer, answer="refused", opinion="归消防")
    assert made.department == town.fire


def test_the_receiver_sees_it_though_it_lies_outside_its_own_area(town, inspector):
    body = makers.body(
        "林口县消防救援大队", "林口消防", OrganisationKind.DEPARTMENT, town.other_county, "fire"
    )
    theirs = makers.person("far", "丁川", "department_officer", town.other_county, body)
    hazard = make.hazard(town.place, inspector)
    with pytest.raises(NotAllowed):
        actions.answer_transfer(hazard, by=theirs, answer="granted")
    handed = actions.transfer(hazard, by=inspector, receiver=body, note="总店在林口")
    assert actions.answer_transfer(handed, by=theirs, answer="granted").department == body


def test_who_accepted_an_ordered_hazard_verifies_it(
    town, inspector, keeper, market_officer, ordered
):
    handed = actions.transfer(ordered, by=inspector, receiver=town.market, note="归市场监管")
    handed = actions.answer_transfer(handed, by=market_officer, answer="granted")
    repaired = actions.submit_repair(handed, by=keeper, note="货架已移到库房")
    assert actions.verify_repair(repaired, by=market_officer).state == State.CLOSED


@pytest.mark.parametrize(("note", "words"), [("", "为什么移交"), ("归消防", "本来就归它")])
def test_a_transfer_says_why_and_goes_to_another(town, inspector, note, words):
    hazard = make.hazard(town.place, inspector)
    receiver = town.fire if note else town.market
    with pytest.raises(StepRefused, match=words):
        actions.transfer(hazard, by=inspector, receiver=receiver, note=note)


def test_nothing_is_handed_to_a_body_that_is_no_more(town, inspector):
    town.market.valid_to = clock.today()
    hazard = make.hazard(town.place, inspector)
    with pytest.raises(StepRefused, match="已撤销"):
        actions.transfer(hazard, by=inspector, receiver=town.market, note="归它管")
