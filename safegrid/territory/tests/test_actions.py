from datetime import date

import pytest
from django.core.exceptions import ValidationError

from safegrid.shared.models import Entry
from safegrid.shared.refusals import Refused, StaleForm
from safegrid.territory import actions
from safegrid.territory.models import Area, Kind, Level
from safegrid.territory.tests import make


@pytest.fixture
def street(db) -> Area:
    return make.street()


@pytest.fixture
def community(street: Area) -> Area:
    actions.import_grids(make.collection(make.community()))
    return Area.objects.get(code="231004005A01")


def test_an_area_is_named_from_the_county_down(community):
    grid = actions.add_area(code=community.code + "001", name="01网格", kind=Kind.BASIC_GRID)
    assert grid.full_name == "爱民区·大庆街道·庆兴社区·01网格"
    assert (grid.level, grid.is_local) == (Level.GRID, True)
    assert Entry.objects.filter(step="territory.add_area", area_code=grid.code).exists()


def test_an_area_without_its_parent_is_refused(db):
    with pytest.raises(ValidationError, match="先建上级"):
        actions.add_area(code="231004", name="爱民区")


def test_a_code_is_given_once(street):
    with pytest.raises(ValidationError, match="已有"):
        actions.add_area(code="231004005", name="另一条街道")


@pytest.mark.parametrize(("code", "name"), [("23100", "爱民区"), ("231005", " ")])
def test_a_wrong_code_or_an_empty_name_is_refused(street, code, name):
    with pytest.raises(ValidationError):
        actions.add_area(code=code, name=name)


def test_a_unit_without_a_code_gets_a_local_one(street):
    first = actions.add_area(code="", parent="231004", name="示例开发区", kind=Kind.ZONE)
    second = actions.add_area(code="", parent="231004", name="示例林场", kind=Kind.ZONE)
    assert (first.code, second.code) == ("231004A01", "231004A02")
    assert first.is_local and not first.is_verified


def test_the_code_of_a_closed_unit_is_not_given_again(street):
    first = actions.add_area(code="", parent="231004", name="示例开发区")
    actions.close_area(first, by=None, on=date(2026, 1, 1), succeeded_by=[], note="撤销")
    assert actions.add_area(code="", parent="231004", name="示例林场").code == "231004A02"


@pytest.mark.parametrize("parent", ["", "2399"])
def test_a_local_code_needs_a_known_parent(street, parent):
    with pytest.raises(ValidationError):
        actions.add_area(code="", parent=parent, name="示例开发区")


def test_a_new_name_is_carried_to_everything_below(community):
    actions.add_area(code=community.code + "001", name="01网格", kind=Kind.BASIC_GRID)
    county = Area.objects.get(code="231004")
    actions.edit_area(county, by=None, name="爱民新区", population=None)
    assert list(Area.objects.below("231004").values_list("full_name", flat=True)) == [
        "爱民新区",
        "爱民新区·大庆街道",
        "爱民新区·大庆街道·庆兴社区",
        "爱民新区·大庆街道·庆兴社区·01网格",
    ]


def test_an_edit_is_journalled_and_a_stale_one_loses(street):
    actions.edit_area(street, by=None, name="大庆街道", population=12000, version=street.version)
    entry = Entry.objects.get(step="territory.edit_area")
    assert entry.changes == {"population": [None, 12000]}
    with pytest.raises(StaleForm):
        actions.edit_area(street, by=None, name="甲街道", population=1, version=street.version)


def test_an_edit_without_a_change_leaves_no_trace(street):
    before = Entry.objects.count()
    actions.edit_area(street, by=None, name="大庆街道", population=None)
    assert Entry.objects.count() == before


def test_an_area_ends_only_after_what_is_below(community):
    street = Area.objects.get(code="231004005")
    with pytest.raises(Refused, match="先停用下面的"):
        actions.close_area(street, by=None, on=date(2026, 1, 1), succeeded_by=[], note="")
    actions.close_area(community, by=None, on=date(2026, 1, 1), succeeded_by=[], note="合并")
    closed = actions.close_area(
        street, by=None, on=date(2026, 1, 1), succeeded_by=["231004"], note="合并"
    )
    assert (closed.valid_to, closed.succeeded_by) == (date(2026, 1, 1), ["231004"])
    with pytest.raises(Refused, match="停用"):
        actions.close_area(street, by=None, on=date(2026, 1, 2), succeeded_by=[], note="")


@pytest.mark.parametrize(("on", "after"), [(date(2000, 1, 1), []), (date(2026, 1, 1), ["239999"])])
def test_an_end_before_the_beginning_or_an_unknown_successor_is_refused(street, on, after):
    with pytest.raises(ValidationError):
        actions.close_area(street, by=None, on=on, succeeded_by=after, note="")


def test_nothing_is_added_below_a_closed_area(street):
    actions.close_area(street, by=None, on=date(2026, 1, 1), succeeded_by=[], note="")
    with pytest.raises(ValidationError, match="已停用"):
        actions.add_area(code="231004005001", name="新社区")


def test_divisions_come_padded_or_not_and_unverified_ones_are_told(db):
    rows = [
        *make.divisions(),
        {"code": "231004006000", "name": "兴平街道", "verified": "no", "note": "另一来源写作009"},
        {
            "code": "231004400",
            "name": "示例林业局",
            "level": "township_like_unit",
            "verified": "no",
        },
    ]
    outcome = actions.import_divisions(rows)
    assert (outcome.added, outcome.unverified) == (5, ["231004006", "231004400"])
    street = Area.objects.get(code="231004006")
    assert (street.is_verified, street.note) == (False, "另一来源写作009")
    assert Area.objects.get(code="231004400").kind == Kind.ZONE
    assert Entry.objects.filter(step="territory.add_area").count() == 5


def test_the_same_divisions_again_change_nothing(street):
    outcome = actions.import_divisions(make.divisions())
    assert (outcome.added, outcome.changed, outcome.same) == (0, 0, 3)
    assert str(outcome) == "新增0，更新0，没变3"


def test_a_division_without_a_code_gets_one_and_keeps_it(street):
    rows = [{"code": "", "name": "示例开发区", "parent_code": "231004000", "verified": "yes"}]
    outcome = actions.import_divisions(rows)
    assert outcome.unverified == ["231004A01"]
    assert actions.import_divisions(rows).same == 1
    assert Area.objects.filter(name="示例开发区").count() == 1


def test_renames_on_two_levels_of_one_list_reach_the_grids(community):
    actions.add_area(code=community.code + "001", name="01网格", kind=Kind.BASIC_GRID)
    actions.import_divisions(
        [
            {"code": "231004", "name": "新爱民区", "verified": "yes"},
            {"code": "231004005", "name": "新大庆街道", "verified": "yes"},
        ]
    )
    names = Area.objects.below("231004").values_list("full_name", flat=True)
    assert list(names)[-1] == "新爱民区·新大庆街道·庆兴社区·01网格"


def test_a_list_with_bad_rows_changes_nothing_and_names_each(street):
    rows = [
        {"code": "231004007", "name": "北山街道", "verified": "yes"},
        {"code": "2310x", "name": "错代码", "verified": "yes"},
        {"code": "", "name": "没有代码", "verified": "yes"},
        {"code": "231005001", "name": "没有上级", "verified": "yes"},
        {"code": "231004007", "name": "两次", "verified": "yes"},
    ]
    with pytest.raises(ValidationError) as refusal:
        actions.import_divisions(rows)
    assert len(refusal.value.messages) == 4
    assert not Area.objects.filter(code="231004007").exists()


def test_the_packaged_divisions_hold_ten_counties(db):
    import csv
    from pathlib import Path

    path = Path(actions.__file__).parent / "data" / "divisions.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        outcome = actions.import_divisions(list(csv.DictReader(stream)))
    assert Area.objects.filter(level=Level.COUNTY).count() == 10
    assert outcome.added == Area.objects.count() and "231002008" in outcome.unverified
    assert Area.objects.get(code="231004005").full_name == "爱民区·大庆街道"
    assert Area.objects.get(code="2310").full_name == "牡丹江市"
