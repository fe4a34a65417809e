"""Every declared step: who may, from where, and that nothing else moves a case."""

import re
from pathlib import Path
from typing import Any

import pytest

import safegrid
from safegrid.hazards import actions
from safegrid.hazards.forms import FORMS
from safegrid.hazards.models import ClueState, Hazard, Origin, Severity, State
from safegrid.hazards.tests import make
from safegrid.people import roles
from safegrid.shared.models import Entry
from safegrid.shared.refusals import NotAllowed, StaleForm, StepRefused
from tests import town as makers

HAZARD_STEPS = list(actions.flow.steps.values())
CLUE_STEPS = list(actions.clue_flow.steps.values())
WRONG_HAZARD = [
    (step, state) for step in HAZARD_STEPS for state in State if state not in step.source
]
WRONG_CLUE = [
    (step, state) for step in CLUE_STEPS for state in ClueState if state not in step.source
]


@pytest.fixture
def everybody(town):
    """One holder for each role, all over the city; only the keeper of the place has no post."""
    found = {}
    for role in roles.ROLES:
        if role == "keeper":
            found[role] = makers.person("some-keeper", "宋店长")
            makers.keep(town.place, found[role])
        else:
            found[role] = makers.person(
                f"some-{role}", role, role, town.city, town.fire, is_empowered=True,
                certificate="示例-0009",
            )  # fmt: skip
    return found


def who_may(everybody, permission) -> Any:
    return next(
        user
        for role, user in everybody.items()
        if permission in roles.permissions_of(role, is_empowered=True)
    )


@pytest.mark.parametrize("flow", [actions.flow, actions.clue_flow])
def test_every_step_has_a_permission_and_a_form(flow):
    for step in flow.steps.values():
        assert step.permission == f"hazards.{step.name}"
        assert step.permission in roles.PERMISSIONS
        assert step.name in FORMS


@pytest.mark.parametrize(("step", "state"), WRONG_HAZARD)
def test_a_hazard_step_is_refused_from_any_other_state(town, inspector, everybody, step, state):
    hazard = make.hazard(town.place, inspector, severity="major")
    closed = {"closed_at": hazard.found_at} if state == State.CLOSED else {}
    make.set_to(hazard, state=state, **closed)
    with pytest.raises(StepRefused, match=state.label):
        actions.flow.takes[step.name](hazard, by=who_may(everybody, step.permission))
    hazard.refresh_from_db()
    assert (hazard.state, hazard.version) == (state, 1)


@pytest.mark.parametrize(("step", "state"), WRONG_CLUE)
def test_a_clue_step_is_refused_from_any_other_state(town, worker, everybody, step, state):
    clue = make.clue(town.place, worker, state=state)
    with pytest.raises(StepRefused, match=state.label):
        actions.clue_flow.takes[step.name](clue, by=who_may(everybody, step.permission))


@pytest.mark.parametrize("step", HAZARD_STEPS, ids=lambda step: step.name)
def test_a_hazard_step_is_hidden_from_strangers_and_from_roles_without_it(
    town, inspector, everybody, stranger, step
):
    hazard = make.hazard(town.place, inspector, state=step.source[0], closed_at="2026-01-01T00:00Z")
    without = [
        user
        for role, user in everybody.items()
        if step.permission not in roles.permissions_of(role, is_empowered=True)
    ]
    for user in (stranger, *without):
        with pytest.raises(NotAllowed):
            actions.flow.takes[step.name](hazard, by=user)


@pytest.mark.parametrize("step", CLUE_STEPS, ids=lambda step: step.name)
def test_a_clue_step_is_hidden_from_strangers_and_from_roles_without_it(
    town, worker, everybody, stranger, step
):
    clue = make.clue(town.place, worker, state=step.source[0])
    without = [
        user
        for role, user in everybody.items()
        if step.permission not in roles.permissions_of(role, is_empowered=True)
    ]
    for user in (stranger, *without):
        with pytest.raises(NotAllowed):
            actions.clue_flow.takes[step.name](clue, by=user)


def test_grid_workers_never_order_or_verify():
    granted = roles.permissions_of("grid_worker", is_empowered=True)
    assert not granted & {
        "hazards.record", "hazards.order_repair", "hazards.urge_repair", "hazards.verify_repair",
        "hazards.confirm_clue", "hazards.fix_on_spot",
    }  # fmt: skip


def test_a_step_is_journalled_about_the_place(town, inspector):
    hazard = make.ordered(town.place, inspector)
    entry = Entry.objects.get(step="hazards.order_repair")
    assert (entry.source, entry.target, entry.by) == ("found", "ordered", inspector)
    assert entry.post == "区消防·邵文的岗位"
    about = set(entry.about.values_list("kind", "subject"))
    assert about == {("hazard", str(hazard.pk)), ("place", str(town.place.pk))}


def test_a_stale_form_loses(town, inspector, inspector2):
    hazard = make.hazard(town.place, inspector)
    actions.order_repair(hazard, by=inspector, due_on=make.in_days(3), demand="开锁", version=1)
    with pytest.raises(StaleForm):
        actions.return_repair(
            make.set_to(hazard, state=State.REPAIRED), by=inspector2, note="x", version=1
        )


ASSIGNS = re.compile(r"\b(?:hazard|clue|case|record|row|one)\.state\s*=[^=]")
WRITES = re.compile(r"(?:Hazard|Clue)\.objects[^\n]*\.update\([^)]*\bstate=")


def test_nothing_but_the_steps_assigns_a_state():
    root = Path(safegrid.__file__).parent
    own = (root / "hazards" / "actions", root / "shared" / "workflow.py")
    for path in root.rglob("*.py"):
        if "tests" in path.parts or any(path == one or one in path.parents for one in own):
            continue
        text = path.read_text(encoding="utf-8")
        assert not WRITES.search(text), path
        if "hazards" in path.parts:
            assert not ASSIGNS.search(text), path


def test_the_place_counts_its_open_hazards_through_every_step(town, inspector, keeper):
    def count() -> int:
        town.place.refresh_from_db()
        return int(town.place.open_hazards)

    first = make.repaired(town.place, inspector, keeper)
    second = make.hazard(town.place, inspector)
    assert count() == 2
    actions.verify_repair(first, by=inspector)
    assert count() == 1
    actions.fix_on_spot(second, by=inspector)
    assert count() == 0
    actions.reopen(first, by=inspector, note="又堆上了", due_on=make.in_days(3))
    assert count() == 1
    assert Hazard.objects.get(pk=first.pk).closed_at is None


def test_what_may_be_major_is_recorded_as_suspected_only(town, inspector):
    hazard = make.hazard(town.place, inspector, severity=Severity.MAJOR)
    assert hazard.severity == Severity.SUSPECTED


def test_recording_needs_the_power_that_its_origin_calls_for(town, worker, officer, keeper):
    for by in (worker, officer):
        with pytest.raises(NotAllowed):
            make.hazard(town.place, by)
    assert make.hazard(town.place, keeper, origin=Origin.SELF_CHECK).state == State.FOUND
    with pytest.raises(NotAllowed):
        make.hazard(town.neighbour, keeper, origin=Origin.SELF_CHECK)
    with pytest.raises(NotAllowed):
        make.hazard(town.place, keeper, origin=Origin.INSPECTION)


def test_a_case_goes_to_the_department_that_leads_the_place(town, inspector, worker):
    assert make.hazard(town.place, inspector).department == town.fire
    assert make.clue(town.place, worker).department == town.fire


def test_many_are_recorded_in_a_handful_of_statements(
    town, inspector, django_assert_max_num_queries
):
    photos = [make.picture()]
    inspector.posts  # noqa: B018
    found = [actions.Finding(title=f"第{n}条", photos=photos) for n in range(20)]
    # Number (2), hazards, photos, journal (3), place; the rest are savepoints.
    with django_assert_max_num_queries(15):
        rows = actions.record_many(found, by=inspector, place=town.place, origin=Origin.INSPECTION)
    assert len({row.number for row in rows}) == 20
    town.place.refresh_from_db()
    assert town.place.open_hazards == 20
