from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from safegrid.enterprises import actions
from safegrid.enterprises.models import Enterprise, Place, PlaceKind
from safegrid.enterprises.tests import make
from safegrid.shared import clock
from safegrid.shared.models import Entry, EntryAbout
from safegrid.shared.refusals import NotAllowed, Refused, StaleForm


def test_kinds_are_loaded_once_and_what_the_city_changed_stays(db):
    PlaceKind.objects.filter(code="shop").update(name="食杂店")
    assert actions.load_kinds() == 0
    assert PlaceKind.objects.count() == 39
    assert PlaceKind.objects.get(code="shop").name == "食杂店"


def test_a_place_finds_its_grid_by_its_point(town, officer):
    place = actions.add_place(by=officer, **make.facts())
    assert (place.grid, place.area_code) == (town.grid, town.grid.code)
    assert place.number.startswith("CS-")
    assert place.is_nine_small


def test_a_place_without_a_point_goes_where_it_is_told(town):
    place = make.place(lon=None, lat=None, area_code=town.other_grid.code)
    assert place.grid == town.other_grid


def test_a_community_padded_with_zeros_is_understood(town):
    place = make.place(lon=None, lat=None, area_code="231004005A01000")
    assert (place.grid, place.area_code) == (None, town.community.code)


def test_points_from_maps_are_brought_into_wgs84(town):
    place = make.place(lon=129.610042, lat=44.604935, source_crs="高德")
    assert place.lon == pytest.approx(129.603, abs=2e-4)
    assert place.source_crs == "gcj02"


def test_the_entry_keeps_personal_facts_apart(town, officer):
    place = actions.add_place(by=officer, **make.facts())
    entry = Entry.objects.get(step="enterprises.add_place")
    assert entry.changes["address"] == [None, "光明路20号"]
    assert "phone" not in entry.changes
    assert entry.text.details["phone"] == [None, "13800001111"]
    assert EntryAbout.objects.filter(kind="place", subject=str(place.pk), entry=entry).exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"lon": 116.4, "lat": 39.9}, "lon", "本市范围"),
        ({"lon": 44.603, "lat": 129.603}, "lon", "写反了"),
        ({"lat": None}, "lat", "一起填"),
        ({"credit_code": "91350100M000100Y44"}, "credit_code", "第18位应是“3”"),
        ({"founded_on": "2099-01-01"}, "founded_on", "不能晚于今天"),
        ({"kind": "moon-base"}, "kind", "没有“moon-base”"),
        ({"industry": "Z99"}, "industry", "不是行业代码"),
        ({"phone": "12345"}, "phone", "电话"),
        ({"address": ""}, "address", "没有填地址"),
        ({"name": "长" * 121}, "name", "最多120个字"),
        ({"lon": None, "lat": None}, "area_code", "没有坐标"),
        ({"staff": "很多"}, "staff", "不是数"),
        ({"area_code": "231004006"}, "lon", "坐标落在"),
    ],
)
def test_a_wrong_fact_is_refused_with_a_sentence(town, changes, field, words):
    with pytest.raises(ValidationError) as refused:
        make.place(**changes)
    assert words in refused.value.message_dict[field][0]
    assert Place.objects.count() == 3


def test_nobody_files_a_place_outside_their_area(town, stranger):
    with pytest.raises(ValidationError, match="不在您的职责范围内"):
        actions.add_place(by=stranger, **make.facts())


def test_two_places_of_one_code_share_the_enterprise(town):
    first = make.place(credit_code=make.GOOD_CODE)
    second = make.place(credit_code=make.GOOD_CODE, name="示例分店", address="光明路30号")
    assert first.enterprise == second.enterprise
    assert first.enterprise.kind == "company"


def test_without_a_code_the_name_finds_the_enterprise_in_its_county(town):
    first = make.place()
    make.place(address="光明路40号")
    assert Enterprise.objects.filter(name=first.name).count() == 1


def test_an_edit_journals_what_differs(town, officer):
    place = actions.edit_place(
        town.place, by=officer, version=1, address="光明路19号", phone="13800009999"
    )
    assert place.version == 2
    entry = Entry.objects.get(step="enterprises.edit_place")
    assert entry.changes == {"address": ["光明路18号", "光明路19号"]}
    assert entry.text.details == {"phone": ["13800002671", "13800009999"]}


def test_an_edit_that_changes_nothing_leaves_no_trace(town, officer):
    place = actions.edit_place(town.place, by=officer, version=1, address="光明路18号")
    assert place.version == 1
    assert not Entry.objects.exists()


def test_a_moved_point_moves_the_grid(town, officer):
    place = actions.edit_place(town.place, by=officer, lon=129.625, lat=44.605)
    assert (place.grid, place.area_code) == (town.other_grid, town.other_grid.code)


def test_a_stale_edit_loses(town, officer):
    actions.edit_place(town.place, by=officer, version=1, address="光明路19号")
    with pytest.raises(StaleForm):
        actions.edit_place(town.place, by=officer, version=1, address="光明路21号")


def test_a_stranger_cannot_edit(town, stranger):
    with pytest.raises(NotAllowed):
        actions.edit_place(town.place, by=stranger, address="光明路19号")


def test_a_code_already_held_by_another_is_refused(town, officer):
    make.place(credit_code=make.GOOD_CODE)
    with pytest.raises(ValidationError, match="已登记在"):
        actions.edit_place(town.place, by=officer, credit_code=make.GOOD_CODE)


def test_the_classes_follow_the_kind(town, officer):
    place = actions.edit_place(town.place, by=officer, kind="fuel-station")
    assert (place.is_nine_small, place.is_high_risk) == (False, True)


def test_the_lead_is_set_with_its_reason_once(town):
    actions.set_lead_department(town.place, town.market, reason="按规则")
    actions.set_lead_department(Place.objects.get(pk=town.place.pk), town.market, reason="按规则")
    entry = Entry.objects.get()
    assert entry.changes == {"lead_department": ["区消防", "区市场监管"]}
    assert entry.text.note == "按规则"


def test_a_visit_is_noted_when_it_is_the_latest(town):
    now = clock.now()
    actions.note_visit(town.place, now)
    actions.note_visit(town.place, now - timedelta(days=2))
    town.place.refresh_from_db()
    assert town.place.last_visited_at == now
    with pytest.raises(Refused):
        actions.note_visit(town.place, now + timedelta(days=1))


def test_a_keeper_with_an_account_keeps_the_place(town, officer):
    from tests.town import person

    owner = person("owner", "孟老板")
    keeper = actions.add_keeper(
        town.place, user=owner, name="孟老板", phone="13800002671", by=officer
    )
    assert owner.may("visits.self_check")
    actions.remove_keeper(keeper, by=officer)
    assert not type(owner).objects.get(pk=owner.pk).may("visits.self_check")
    assert "phone" not in str(list(Entry.objects.values_list("changes", flat=True)))


def test_staff_are_no_keepers(town, officer, worker):
    with pytest.raises(ValidationError, match="工作人员"):
        actions.add_keeper(town.place, user=worker, name="韩梅", by=officer)


def test_many_places_are_filed_together_or_not_at_all(town):
    with pytest.raises(ValidationError, match="第2处"):
        actions.add_places([make.facts(), make.facts(name="示例二店", kind="")])
    assert Place.objects.count() == 3


def test_text_keeps_its_punctuation_and_loses_its_marks(town):
    place = make.place(name="示例\u200b老灶(爱民)２店", address="光明路，２０号")
    assert (place.name, place.address) == ("示例老灶（爱民）2店", "光明路，20号")
