from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from safegrid.checklists import actions as checklists_actions
from safegrid.checklists.tests import make as checklists
from safegrid.hazards import actions as hazards
from safegrid.library import actions as library
from safegrid.shared import clock
from safegrid.visits import actions, queries
from safegrid.visits.choosing import LEAST, MOST, POINTS
from safegrid.visits.tests import make

WINTER, SUMMER = date(2026, 12, 1), date(2026, 7, 1)


def codes(place, kind="patrol", on=None):
    return [one.item.code for one in queries.choose_items(place, kind, on)]


def reason(place, code, on=None):
    return next(
        one.reason for one in queries.choose_items(place, "patrol", on) if one.item.code == code
    )


def test_between_eight_and_fifteen_items_each_with_a_reason(town, items):
    chosen = queries.choose_items(town.place, "patrol")
    assert LEAST <= len(chosen) <= MOST
    assert all(one.reason for one in chosen)
    assert codes(town.place) == codes(town.place)


def test_own_kind_comes_before_what_all_places_have(town, items):
    assert codes(town.place)[0].startswith("restaurant.")


def test_what_is_still_open_here_comes_first(town, items, inspector):
    hazards.record(
        by=inspector, place=town.place, title="上锁", item=items[11], origin="inspection"
    )
    assert codes(town.place)[0] == items[11].code
    assert reason(town.place, items[11].code) == "还没改完，再看一遍"
    assert items[11].code not in codes(town.far_place)[:1]


def test_an_open_clue_counts_like_a_hazard(town, items, worker):
    hazards.collect_clue(by=worker, place=town.place, title="上锁", item=items[10], origin="patrol")
    assert codes(town.place)[0] == items[10].code


def test_what_was_found_here_within_half_a_year_is_looked_at_again(town, items, inspector):
    at = datetime(2026, 9, 3, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.moved(at):
        hazard = hazards.record(
            by=inspector, place=town.place, title="上锁", item=items[5], origin="inspection"
        )
        hazards.fix_on_spot(hazard, by=inspector, note="当场改好")
    with clock.moved(at + timedelta(days=80)):
        assert codes(town.place)[0] == items[5].code
        assert reason(town.place, items[5].code) == "上次有问题，9月3日"
    with clock.moved(at + timedelta(days=200)):
        assert codes(town.place)[0] != items[5].code


def test_what_was_not_seen_for_a_quarter_says_so(town, items, worker):
    at = datetime(2026, 5, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.moved(at):
        make.submitted(worker, make.payload(town.place, items[12:13]))
    with clock.moved(at + timedelta(days=95)):
        assert reason(town.place, items[12].code) == "95天没看过"
    with clock.moved(at + timedelta(days=5)):
        assert items[12].code not in codes(town.place)[:1]
        assert reason(town.place, items[13].code) == "这里还没看过"


def test_a_draft_has_seen_nothing(town, items, worker):
    visit = actions.start(town.place, kind="patrol", by=worker)
    actions.answer(visit.items.get(order=1), by=worker, result="problem")
    assert all("有问题" not in one.reason for one in queries.choose_items(town.place, "patrol"))


def test_the_season_decides(town):
    checklist = checklists.checklist()
    for number in range(20):
        checklists.item(checklist, f"common.plain-{number:02}", order=number)
    checklists.item(checklist, "common.heating", order=30, tags=["boiler"])
    checklists.item(checklist, "common.gas", order=31, tags=["gas"])
    checklists.publish(checklist)
    assert codes(town.place, on=WINTER)[0] == "common.heating"
    assert reason(town.place, "common.heating", WINTER) == "冬季取暖，重点看"
    assert codes(town.place, on=SUMMER)[0] == "common.gas"


def test_major_before_general(town):
    checklist = checklists.checklist()
    for number in range(20):
        checklists.item(checklist, f"common.plain-{number:02}", order=number)
    checklists.item(checklist, "common.worst", order=40, severity="major")
    checklists.publish(checklist)
    assert codes(town.place, on=SUMMER)[0] == "common.worst"
    assert reason(town.place, "common.worst", SUMMER) == "能酿成重大事故"


def test_never_two_items_about_the_same_thing(town):
    make.lists(concept="exit_blocked")
    assert len(codes(town.place)) == 1


def test_an_owner_gets_only_items_for_owners(town, items):
    chosen = queries.choose_items(town.place, "self_check")
    assert chosen and all(one.item.is_for_self_check for one in chosen)


def test_all_items_are_all_lists_of_the_place(town, items):
    assert len(queries.all_items(town.place, "patrol")) == len(items)
    town.place.kind_id = "another"
    assert {item.checklist.code for item in queries.all_items(town.place, "patrol")} == {"common"}


def test_choosing_takes_four_queries_and_three_from_then_on(town, items, django_assert_num_queries):
    with django_assert_num_queries(4):  # lists, items, cases, answers
        queries.choose_items(town.place, "patrol")
    with django_assert_num_queries(3):
        queries.choose_items(town.place, "patrol")


def test_a_new_version_is_used_at_once(town, items):
    queries.choose_items(town.place, "patrol")
    newer = checklists.checklist("common", version="2")
    checklists.item(newer, "common.new", severity="major")
    checklists.publish(newer)
    assert "common.new" in codes(town.place)


@pytest.mark.parametrize("on", [WINTER, SUMMER])
def test_the_shipped_lists_make_a_sound_choice(town, on):
    library.load()
    checklists_actions.load()
    chosen = queries.choose_items(town.place, "patrol", on)
    concepts = [one.item.concept for one in chosen if one.item.concept]
    assert LEAST <= len(chosen) <= MOST
    assert len(concepts) == len(set(concepts))
    assert len({one.reason for one in chosen}) > 1


def test_what_went_wrong_outweighs_all_other_reasons():
    others = sum(POINTS[name] for name in ("major", "season", "not_seen", "own_kind"))
    assert POINTS["open_case"] > POINTS["recent_problem"] > others
