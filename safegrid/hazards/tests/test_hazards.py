"""The rules of a hazard's way: powers, terms, proof, and that nobody closes their own fix."""

from datetime import timedelta

import pytest

from safegrid.hazards import actions
from safegrid.hazards.models import Hazard, Origin, RepairPlan, Severity, Stage, State, Supervision
from safegrid.hazards.tests import make
from safegrid.shared import clock
from safegrid.shared.refusals import NotAllowed, StepRefused

PLAN = {
    "duty": "店长牵头",
    "measures": "先停用再改",
    "funds": "自筹2万元",
    "time_limit": "12月20日前",
    "emergency": "专人看守，备足灭火器",
}


@pytest.fixture
def hazard(town, inspector) -> Hazard:
    return make.hazard(town.place, inspector)


def order(hazard, by, **changes):
    facts = {"due_on": make.in_days(5), "demand": make.DEMAND}
    return actions.order_repair(hazard, by=by, **{**facts, **changes})


def test_an_order_names_body_officer_demand_and_day(town, inspector, hazard):
    made = order(hazard, inspector)
    assert (made.state, made.is_urged, made.ordering_body) == (State.ORDERED, False, town.fire)
    assert (made.ordered_by, made.demand, made.due_on) == (inspector, make.DEMAND, make.in_days(5))


@pytest.mark.parametrize(
    ("days", "with_works", "is_fine"),
    [(-1, False, False), (0, False, True), (15, False, True), (16, False, False),
     (16, True, True), (30, True, True), (31, True, False)],
)  # fmt: skip
def test_a_general_hazard_has_fifteen_days_or_thirty_with_works(
    inspector, hazard, days, with_works, is_fine
):
    facts = {"due_on": make.in_days(days), "with_works": with_works}
    if is_fine:
        assert order(hazard, inspector, **facts).due_on == make.in_days(days)
    else:
        with pytest.raises(StepRefused, match=r"期限|最长"):
            order(hazard, inspector, **facts)


def test_an_order_says_what_to_do(inspector, hazard):
    with pytest.raises(StepRefused, match="写清"):
        order(hazard, inspector, demand="  ")


@pytest.mark.parametrize(
    ("certificate", "until"),
    [("", None), ("示例-0001", None), ("示例-0001", clock.today() - timedelta(days=1))],
)
def test_an_officer_without_a_valid_certificate_orders_nothing(
    inspector, hazard, certificate, until
):
    inspector.certificate, inspector.certificate_until = certificate, until
    with pytest.raises(StepRefused, match="执法证"):
        order(hazard, inspector)


def test_a_street_without_the_power_urges_but_never_orders(town, officer, hazard):
    with pytest.raises(NotAllowed):
        order(hazard, officer)
    made = actions.urge_repair(hazard, by=officer, due_on=make.in_days(3), demand="清走")
    assert (made.is_urged, made.ordering_body) == (True, town.street_body)


@pytest.mark.parametrize("origin", [Origin.SELF_CHECK, Origin.EXPERT])
def test_what_was_not_found_in_an_inspection_is_not_ordered(
    town, inspector, keeper, hazard, origin
):
    make.set_to(hazard, origin=origin)
    with pytest.raises(StepRefused, match="检查核实后再责令"):
        order(hazard, inspector)


def test_a_suspicion_is_judged_before_anything_is_ordered(town, inspector, officer, chief):
    hazard = make.hazard(town.place, inspector, severity=Severity.SUSPECTED)
    with pytest.raises(StepRefused, match="疑似重大"):
        order(hazard, inspector)
    with pytest.raises(StepRefused, match="疑似重大"):
        actions.urge_repair(hazard, by=officer, due_on=make.in_days(3), demand="清走")
    judged = actions.judge_major(hazard, by=chief, severity="general", note="不符合判定标准")
    assert order(judged, inspector).state == State.ORDERED


def test_only_the_head_of_a_department_judges_and_says_by_what(town, inspector, chief, hazard):
    with pytest.raises(NotAllowed):
        actions.judge_major(hazard, by=inspector, severity="major", note="第三条")
    with pytest.raises(StepRefused, match="判定标准"):
        actions.judge_major(hazard, by=chief, severity="major")
    judged = actions.judge_major(hazard, by=chief, severity="major", note="第三条")
    assert (judged.state, judged.severity) == (State.FOUND, Severity.MAJOR)
    with pytest.raises(StepRefused, match="已判定为重大"):
        actions.judge_major(judged, by=chief, severity="general", note="改判")


def test_what_the_visitor_saw_fixed_is_closed_by_that_visitor_only(
    town, inspector, inspector2, hazard
):
    with pytest.raises(StepRefused, match="发现的那个人"):
        actions.fix_on_spot(hazard, by=inspector2)
    made = actions.fix_on_spot(hazard, by=inspector, photos=[make.picture()])
    assert (made.state, made.closed_on_spot) == (State.CLOSED, True)
    assert made.photos.get().stage == Stage.AFTER


@pytest.mark.parametrize("severity", [Severity.SUSPECTED, Severity.MAJOR])
def test_what_may_be_major_is_never_closed_on_the_spot(inspector, hazard, severity):
    make.set_to(hazard, severity=severity)
    with pytest.raises(StepRefused, match="不能当场了结"):
        actions.fix_on_spot(hazard, by=inspector)


def test_a_keeper_promises_what_they_found_themselves(town, keeper, inspector, officer):
    own = make.hazard(town.place, keeper, origin=Origin.SELF_CHECK)
    made = actions.promise_repair(own, by=keeper, due_on=make.in_days(3))
    assert (made.state, made.is_urged, made.ordering_body) == (State.ORDERED, True, None)
    with pytest.raises(StepRefused, match="部门定期限"):
        actions.promise_repair(
            make.hazard(town.place, inspector), by=keeper, due_on=make.in_days(3)
        )
    made = actions.submit_repair(made, by=keeper, photos=[make.picture()])
    assert actions.verify_repair(made, by=officer).state == State.CLOSED


def test_a_repair_is_shown_by_a_picture_or_by_words(town, inspector, keeper):
    hazard = make.ordered(town.place, inspector)
    with pytest.raises(StepRefused, match="拍一张"):
        actions.submit_repair(hazard, by=keeper, note="改了")
    made = actions.submit_repair(hazard, by=keeper, photos=[make.picture()])
    assert (made.state, made.repaired_by) == (State.REPAIRED, keeper)


def test_the_body_that_ordered_verifies(town, inspector, inspector2, keeper, officer):
    hazard = make.repaired(town.place, inspector, keeper)
    with pytest.raises(StepRefused, match="区消防核查"):
        actions.verify_repair(hazard, by=officer)
    made = actions.verify_repair(hazard, by=inspector2, note="现场看过")
    assert (made.state, made.verified_by) == (State.CLOSED, inspector2)


def test_nobody_closes_their_own_fix(town, inspector, keeper):
    hazard = make.repaired(town.place, inspector, keeper, repaired_by=inspector)
    with pytest.raises(StepRefused, match="由别人核查"):
        actions.verify_repair(hazard, by=inspector)
    with pytest.raises(NotAllowed):
        actions.verify_repair(hazard, by=keeper)


def test_a_repair_comes_back_with_the_reason(town, inspector, keeper):
    hazard = make.repaired(town.place, inspector, keeper)
    with pytest.raises(StepRefused, match="还差什么"):
        actions.return_repair(hazard, by=inspector)
    made = actions.return_repair(hazard, by=inspector, note="通道仍不足1.4米")
    assert (made.state, made.repaired_by) == (State.ORDERED, None)


def test_a_major_hazard_wants_a_plan_and_a_second_head(town, inspector, keeper, chief, office):
    hazard = make.ordered(town.place, inspector, severity=Severity.MAJOR)
    with pytest.raises(StepRefused, match="五落实"):
        actions.submit_repair(hazard, by=keeper, note="门口都已清走了")
    with pytest.raises(StepRefused, match="五项都要填"):
        actions.plan_repair(hazard, by=keeper, **{**PLAN, "funds": " "})
    actions.plan_repair(hazard, by=keeper, **PLAN)
    assert RepairPlan.objects.get().by == keeper
    listed = actions.list_supervision(hazard, by=office, note="市里挂牌")
    with pytest.raises(StepRefused, match="已经挂牌"):
        actions.list_supervision(listed, by=office, note="再挂")
    made = actions.submit_repair(hazard, by=keeper, note="门口都已清走了")
    made = actions.verify_repair(made, by=inspector)
    assert (made.state, made.closed_at) == (State.VERIFIED, None)
    with pytest.raises(NotAllowed):
        actions.confirm_close(made, by=inspector)
    make.set_to(made, verified_by=chief)
    with pytest.raises(StepRefused, match="别的负责人"):
        actions.confirm_close(made, by=chief)
    make.set_to(made, verified_by=inspector, repaired_by=chief)
    with pytest.raises(StepRefused, match="您交回的"):
        actions.confirm_close(made, by=chief)
    make.set_to(made, repaired_by=keeper)
    assert actions.confirm_close(made, by=chief).state == State.CLOSED
    assert Supervision.objects.get().lifted_at is not None


def test_only_major_hazards_are_listed_or_planned(office, keeper, town, inspector):
    hazard = make.ordered(town.place, inspector)
    with pytest.raises(StepRefused, match="只有判定为重大"):
        actions.list_supervision(hazard, by=office, note="挂牌")
    with pytest.raises(StepRefused, match="不用填方案"):
        actions.plan_repair(hazard, by=keeper, **PLAN)


def test_a_suspicion_repaired_meanwhile_is_judged_before_it_is_verified(
    town, inspector, keeper, chief
):
    hazard = make.repaired(town.place, inspector, keeper, severity=Severity.SUSPECTED)
    with pytest.raises(StepRefused, match="疑似重大"):
        actions.verify_repair(hazard, by=inspector)
    judged = actions.judge_major(hazard, by=chief, severity="major", note="第三条")
    assert actions.verify_repair(judged, by=inspector).state == State.VERIFIED


def test_what_came_back_is_opened_again_with_a_new_day(town, inspector, keeper, officer):
    closed = actions.verify_repair(make.repaired(town.place, inspector, keeper), by=inspector)
    with pytest.raises(StepRefused, match="为什么"):
        actions.reopen(closed, by=officer, due_on=make.in_days(3))
    made = actions.reopen(closed, by=inspector, due_on=make.in_days(3), note="又堆上了")
    assert (made.state, made.ordering_body, made.is_urged) == (State.ORDERED, town.fire, False)
    assert (made.verified_by, made.closed_at, made.due_on) == (None, None, make.in_days(3))


def test_another_body_that_opens_it_again_urges_in_its_own_name(town, inspector, keeper, officer):
    closed = actions.verify_repair(make.repaired(town.place, inspector, keeper), by=inspector)
    made = actions.reopen(closed, by=officer, due_on=make.in_days(3), note="又堆上了")
    assert (made.manner, made.ordering_body, made.ordered_by) == ("督促", town.street_body, officer)


def test_what_was_fixed_on_the_spot_is_urged_when_it_comes_back(town, inspector, officer):
    closed = actions.fix_on_spot(make.hazard(town.place, inspector), by=inspector)
    made = actions.reopen(closed, by=officer, due_on=make.in_days(3), note="又堆上了")
    assert (made.is_urged, made.ordering_body) == (True, town.street_body)


def test_a_mistake_is_made_void_with_a_reason(town, inspector, chief, hazard):
    with pytest.raises(StepRefused, match="为什么"):
        actions.void(hazard, by=chief)
    assert actions.void(hazard, by=chief, note="重复登记").state == State.VOID
    town.place.refresh_from_db()
    assert town.place.open_hazards == 0


@pytest.mark.parametrize("origin", ["public", "recheck", "api", "patrol", "self_check"])
def test_only_an_inspection_or_a_confirmed_clue_is_ordered(town, inspector, keeper, origin):
    by = keeper if origin == "self_check" else inspector
    hazard = make.hazard(town.place, by, origin=origin)
    with pytest.raises(StepRefused, match="检查核实后再责令"):
        due = clock.today() + timedelta(days=3)
        actions.order_repair(hazard, by=inspector, due_on=due, demand="改好")


def test_a_street_does_not_void_what_a_department_inspected(town, inspector, officer, chief):
    hazard = make.hazard(town.place, inspector)
    with pytest.raises(StepRefused, match="区消防作废"):
        actions.void(hazard, by=officer, note="登记错了")
    assert actions.void(hazard, by=chief, note="登记错了").state == "void"
