import pytest

from safegrid.codes import actions
from safegrid.codes.models import PlaceCode, State
from safegrid.shared.ids import is_token
from safegrid.shared.models import Entry
from safegrid.shared.refusals import NotAllowed, StepRefused


def test_a_place_has_one_code_however_often_it_is_issued(town, officer):
    first, again = (actions.issue(town.place, by=officer) for _ in range(2))
    assert first.pk == again.pk
    assert is_token(first.token) and first.serial.startswith("MP-")
    assert first.issued_by == officer


def test_many_codes_take_few_statements(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):  # lock, known, series, codes, journal, savepoints
        codes = actions.issue_many([town.place, town.neighbour, town.far_place])
    assert len({one.token for one in codes}) == len({one.serial for one in codes}) == 3
    assert Entry.objects.filter(step="codes.issue").count() == 3


def test_the_entry_is_about_the_place(town, officer):
    code = actions.issue(town.place, by=officer)
    entry = Entry.objects.get(about__kind="place", about__subject=str(town.place.pk))
    assert (entry.step, entry.changes, entry.by) == (
        "codes.issue",
        {"serial": code.serial},
        officer,
    )


def test_nobody_issues_outside_their_area(town, stranger, worker):
    for somebody in (stranger, worker):
        with pytest.raises(NotAllowed):
            actions.issue(town.place, by=somebody)
    assert not PlaceCode.objects.exists()


def test_a_revoked_code_stays_revoked(code, officer):
    done = actions.revoke(code, by=officer, reason=" 门牌丢了 ")
    assert (done.state, done.reason) == (State.REVOKED, "门牌丢了")
    with pytest.raises(StepRefused):
        actions.revoke(code, by=officer, reason="再来一次")


def test_a_code_is_revoked_with_a_reason_by_those_in_charge(code, officer, stranger, keeper):
    with pytest.raises(StepRefused):
        actions.revoke(code, by=officer, reason="  ")
    for somebody in (stranger, keeper):
        with pytest.raises(NotAllowed):
            actions.revoke(code, by=somebody, reason="丢了")
    code.refresh_from_db()
    assert code.state == State.ACTIVE


def test_a_new_code_replaces_the_old_one(code, officer):
    new = actions.reissue(code, by=officer, reason="脏了")
    code.refresh_from_db()
    assert code.state == State.REVOKED
    assert new.place_id == code.place_id and new.token != code.token
