"""A clue from what was seen to its end, beside the road, and into a hazard."""

import pytest

from safegrid.hazards import actions, queries
from safegrid.hazards.models import Clue, ClueState, Hazard, Origin, Severity, Stage, State
from safegrid.hazards.tests import make
from safegrid.people.models import Post
from safegrid.shared import clock
from safegrid.shared.calendar import add_workdays
from safegrid.shared.refusals import NotAllowed, StepRefused


@pytest.fixture
def clue(town, worker) -> Clue:
    return make.clue(town.place, worker)


@pytest.fixture
def assigned(town, worker, head, officer) -> Clue:
    return make.assigned(town.place, worker, head, officer, town.fire)


def test_a_clue_goes_its_seven_steps(town, assigned, inspector, officer):
    made = actions.handle_clue(assigned, by=inspector, outcome="已督促当场清走")
    made = actions.feed_back_clue(made, by=inspector, note="已电话告知")
    made = actions.verify_clue(made, by=officer, note="看过，已清走")
    made = actions.close_clue(made, by=officer)
    assert (made.state, made.due_on, made.handled_by) == (ClueState.CLOSED, None, inspector)


def test_the_public_reports_without_an_account(town):
    made = make.clue(town.place, None, origin=Origin.PUBLIC)
    assert (made.state, made.found_by) == (ClueState.COLLECTED, None)


def test_a_worker_reports_only_in_their_own_grid(town, worker):
    with pytest.raises(NotAllowed):
        make.clue(town.neighbour, worker)


@pytest.mark.parametrize(
    ("severity", "kind", "days"),
    [("general", "", 7), ("general", "complex", 15), ("general", "urgent", 2),
     ("suspected", "complex", 2)],
)  # fmt: skip
def test_the_days_of_an_assigned_clue_go_by_its_kind(
    town, worker, head, officer, severity, kind, days
):
    made = actions.accept_clue(make.clue(town.place, worker, severity=severity), by=head)
    made = actions.assign_clue(made, by=officer, department=town.fire, kind=kind)
    assert made.due_on == add_workdays(clock.today(), days)


def test_a_clue_is_not_assigned_to_a_body_of_another_area(town, worker, head, officer):
    accepted = actions.accept_clue(make.clue(town.place, worker), by=head)
    with pytest.raises(StepRefused, match="不管这里"):
        actions.assign_clue(accepted, by=officer, department=town.far_body)


def test_only_the_body_it_was_assigned_to_handles_or_confirms(
    town, worker, head, officer, inspector
):
    made = make.assigned(town.place, worker, head, officer, town.market)
    with pytest.raises(StepRefused, match="由他们处置"):
        actions.handle_clue(made, by=inspector, outcome="清走了")
    with pytest.raises(StepRefused, match="由他们认定"):
        actions.confirm_clue(made, by=inspector)


def test_a_body_without_the_power_confirms_nothing(assigned, officer, worker, chief):
    for by in (officer, worker, chief):
        with pytest.raises(NotAllowed):
            actions.confirm_clue(assigned, by=by)


def test_a_confirmed_clue_becomes_a_hazard_with_its_pictures(
    town, worker, head, officer, inspector
):
    made = make.clue(town.place, worker, photos=[make.picture()], severity="suspected")
    made = actions.accept_clue(made, by=head)
    made = actions.assign_clue(made, by=officer, department=town.fire)
    made = actions.confirm_clue(made, by=inspector, note="现场核实属实")
    hazard = Hazard.objects.get()
    assert (made.state, made.hazard, made.due_on) == (ClueState.HANDLED, hazard, None)
    assert (hazard.state, hazard.origin, hazard.origin_id) == (State.FOUND, "clue", made.pk)
    assert (hazard.department, hazard.severity) == (town.fire, Severity.SUSPECTED)
    assert hazard.photos.get().stage == Stage.BEFORE


def test_a_confirmed_clue_is_closed_after_its_hazard(assigned, inspector, officer):
    made = actions.confirm_clue(assigned, by=inspector)
    with pytest.raises(StepRefused, match="不能退回"):
        actions.return_clue(made, by=officer, note="退")
    made = actions.feed_back_clue(made, by=inspector)
    made = actions.verify_clue(made, by=officer)
    with pytest.raises(StepRefused, match="还没销号"):
        actions.close_clue(made, by=officer)
    actions.fix_on_spot(made.hazard, by=inspector)
    assert actions.close_clue(made, by=officer).state == ClueState.CLOSED


def test_the_handler_does_not_verify(town, worker, head, officer):
    made = make.assigned(town.place, worker, head, officer, town.street_body)
    made = actions.handle_clue(made, by=officer, outcome="已督促清走")
    made = actions.feed_back_clue(made, by=officer)
    with pytest.raises(StepRefused, match="由别人核查"):
        actions.verify_clue(made, by=officer)


@pytest.mark.parametrize(
    ("state", "back"),
    [("accepted", "collected"), ("assigned", "accepted"), ("handled", "assigned"),
     ("fed_back", "handled"), ("verified", "fed_back")],
)  # fmt: skip
def test_a_clue_goes_back_one_step_with_a_reason(clue, officer, state, back):
    make.set_to(clue, state=state)
    with pytest.raises(StepRefused, match="为什么退回"):
        actions.return_clue(clue, by=officer)
    made = actions.return_clue(clue, by=officer, note="情况没写清")
    assert (made.state, made.department) == (back, made.place.lead_department)


def test_a_clue_is_dismissed_with_a_reason(clue, head):
    with pytest.raises(StepRefused, match="不予受理"):
        actions.dismiss_clue(clue, by=head)
    assert actions.dismiss_clue(clue, by=head, note="看过，没有").outcome == "看过，没有"


def test_a_clue_is_merged_into_an_open_one_of_the_same_place(town, clue, worker, head, officer):
    again = make.clue(town.place, worker, photos=[make.picture()])
    assert list(queries.similar_clues(town.place, None, clue.title)) == [again, clue]
    elsewhere = make.clue(town.neighbour, None, origin=Origin.PUBLIC)
    for into, words in ((again, "同一场所"), (elsewhere, "同一场所")):
        with pytest.raises(StepRefused, match=words):
            actions.merge_clue(again, by=head, into=into)
    made = actions.merge_clue(again, by=head, into=clue)
    assert (made.state, made.merged_into) == (ClueState.MERGED, clue)
    assert clue.photos.count() == 1
    third = make.clue(town.place, worker)
    with pytest.raises(StepRefused, match="已经办完"):
        actions.merge_clue(third, by=head, into=made)


def test_a_handled_clue_says_how(assigned, inspector):
    with pytest.raises(StepRefused, match="怎么处置"):
        actions.handle_clue(assigned, by=inspector, outcome=" ")


def test_two_clues_merged_into_each_other_at_once_leave_one(town, clue, worker, head):
    other = make.clue(town.place, worker)
    as_read_before = Clue.objects.get(pk=clue.pk)
    actions.merge_clue(clue, by=head, into=other)
    with pytest.raises(StepRefused, match="已经办完"):
        actions.merge_clue(other, by=head, into=as_read_before)


def test_a_suspicion_is_not_lost_by_merging(town, clue, worker, head):
    suspected = make.clue(town.place, worker, severity=Severity.SUSPECTED)
    actions.merge_clue(suspected, by=head, into=clue)
    clue.refresh_from_db()
    assert (clue.severity, clue.version) == (Severity.SUSPECTED, 2)


def test_a_clue_is_not_assigned_to_a_body_that_is_no_more(town, clue, head, officer):
    accepted = actions.accept_clue(clue, by=head)
    town.fire.valid_to = clock.today()
    with pytest.raises(StepRefused, match="换一个单位"):
        actions.assign_clue(accepted, by=officer, department=town.fire)


def test_who_sees_only_own_cases_confirms_at_a_place_that_another_leads(
    town, worker, head, officer, inspector
):
    Post.objects.filter(organisation=town.fire).update(own_cases=True)
    town.place.lead_department = town.market
    town.place.save()
    clue = make.assigned(town.place, worker, head, officer, town.fire)
    made = actions.confirm_clue(clue, by=inspector)
    assert (made.hazard.department, made.hazard.origin_id) == (town.fire, clue.pk)
