"""The table of who hears what is sound, and each rule reaches those it names."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from safegrid.hazards import actions as hazards
from safegrid.hazards.jobs import escalate
from safegrid.hazards.tests import make
from safegrid.notices import actions, queries
from safegrid.notices.jobs import follow_journal
from safegrid.notices.models import Notice
from safegrid.notices.queries import Readers
from safegrid.notices.rules import RULES
from safegrid.people.roles import ROLES
from safegrid.shared import clock, journal
from safegrid.shared.models import Cursor


def heard(user) -> list[str]:
    """The titles that a person reads, the oldest first."""
    return [notice.title for notice in Notice.objects.of(user).order_by("id")]


def follow() -> None:
    journal.seal()
    follow_journal()


def morning(hazard, days):
    """Nine o'clock so many days after its day."""
    day = hazard.due_on + timedelta(days=days)
    return clock.moved(datetime.combine(day, time(9), ZoneInfo("Asia/Shanghai")))


def test_every_rule_names_a_step_that_happens_and_readers_that_exist():
    steps = {f"hazards.{name}" for name in (*hazards.flow.steps, *hazards.clue_flow.steps)}
    steps |= {"hazards.collect_clue", "hazards.record", "hazards.remind", "hazards.escalate"}
    assert set(RULES) <= steps
    for rules in RULES.values():
        for rule in rules:
            for name in rule.to:
                kind, _, role = name.partition(":")
                assert hasattr(Readers, f"_{kind}")
                assert not role or role in ROLES
            assert rule.title.format(title="x", due="y")


def test_a_clue_is_heard_on_its_way(town, worker, head, officer, inspector, stranger):
    clue = make.clue(town.place, worker)
    follow()
    assert heard(head) == heard(officer) == ["新线索等受理：楼梯间停放电动自行车"]
    clue = hazards.accept_clue(clue, by=head)
    clue = hazards.assign_clue(clue, by=officer, department=town.fire)
    hazards.confirm_clue(clue, by=inspector)
    follow()
    assert "线索等分派：楼梯间停放电动自行车" in heard(officer)
    assert heard(inspector)[0] == "分派来的线索：楼梯间停放电动自行车"
    assert heard(worker) == ["线索认定为隐患：楼梯间停放电动自行车"]
    assert heard(stranger) == []


def test_an_owner_hears_of_the_order_and_of_its_end(town, inspector, inspector2, keeper):
    hazard = make.ordered(town.place, inspector)
    repaired = hazards.submit_repair(hazard, by=keeper, note="货架已移到库房")
    returned = hazards.return_repair(repaired, by=inspector, note="还差一点")
    repaired = hazards.submit_repair(returned, by=keeper, note="货架已移到库房")
    hazards.verify_repair(repaired, by=inspector)
    follow()
    words = [title.split("，")[0].split("：")[0] for title in heard(keeper)]
    assert words == ["您的场所查出隐患", "责令限期整改", "整改没通过", "核查通过"]
    assert sum(title.startswith("整改交回") for title in heard(inspector2)) == 2


def test_who_does_a_thing_is_not_told_of_it(town, inspector):
    make.hazard(town.place, inspector)
    follow()
    assert heard(inspector) == []


def test_a_suspicion_is_heard_by_the_head_of_the_department(town, inspector, chief):
    make.hazard(town.place, inspector, severity="suspected")
    make.hazard(town.place, inspector)
    follow()
    assert [title.split("：")[0] for title in heard(chief)] == ["疑似重大等判定"]


def test_an_extension_and_a_transfer_are_heard(town, inspector, inspector2, chief, keeper):
    hazard = make.ordered(town.place, inspector)
    asked = hazards.ask_extension(
        hazard, by=keeper, until=make.in_days(9), reason="等配件", measures="停用"
    )
    hazards.decide_extension(asked, by=chief, answer="refused", opinion="不影响清走")
    hazards.transfer(hazard, by=inspector, receiver=town.market, note="归它")
    follow()
    assert any(title.startswith("延期等审批") for title in heard(chief))
    assert any(title.startswith("不同意延期") for title in heard(keeper))


@pytest.mark.parametrize(
    ("days", "who"), [(1, "officer"), (3, "chief"), (3, "office"), (7, "city_office")]
)
def test_the_ladder_is_heard_a_level_at_a_time(request, town, inspector, days, who):
    hazard = make.ordered(town.place, inspector)
    user = request.getfixturevalue(who)
    for gone in (days - 1, days):
        with morning(hazard, gone):
            escalate()
            follow()
            told = [title for title in heard(user) if title.startswith("超期")]
            assert len(told) == (1 if gone == days else 0)


def test_a_grid_worker_is_sent_on_the_day_itself(town, inspector, worker, keeper):
    hazard = make.ordered(town.place, inspector)
    for days in (-3, 0):
        with morning(hazard, days):
            escalate()
            follow()
            assert len(heard(worker)) == (0 if days else 1)


def test_notices_come_once_after_a_crash(town, worker, head, officer, monkeypatch):
    for number in range(4):
        make.clue(town.place, worker, title=f"第{number}条")
    journal.seal()
    notify = actions.notify

    def crash(news, readers):
        notify(news, readers)
        raise RuntimeError("the power went off")

    monkeypatch.setattr(actions, "notify", crash)
    with pytest.raises(RuntimeError):
        follow_journal()
    assert not Notice.objects.exists() and not Cursor.objects.filter(reader="notices").exists()
    monkeypatch.undo()
    follow_journal()
    follow_journal()
    assert len(heard(head)) == len(heard(officer)) == 4


@pytest.mark.parametrize("who", ["officer", "keeper"])
def test_telling_again_tells_nothing(request, town, inspector, who):
    user = request.getfixturevalue(who)
    make.ordered(town.place, inspector)
    make.clue(town.place, None, origin="public")
    follow()
    before = heard(user)
    Cursor.objects.filter(reader="notices").update(seq=0)
    follow_journal()
    assert heard(user) == before
    assert before


def test_reading_marks_only_what_is_meant_for_the_reader(town, worker, head, stranger, officer):
    make.clue(town.place, worker)
    follow()
    assert queries.unread_count(head) == 1
    assert actions.mark_read(Notice.objects.all(), by=stranger) == 0
    assert actions.mark_read(list(Notice.objects.all()), by=head) == 1
    assert actions.mark_read(Notice.objects.of(head), by=head) == 0
    assert queries.unread_count(head) == 0
    assert queries.unread_count(officer) == 1


def test_counting_the_unread_is_one_query(town, worker, head, django_assert_num_queries):
    make.clue(town.place, worker)
    follow()
    assert head.posts
    with django_assert_num_queries(1):
        queries.unread_count(head)
