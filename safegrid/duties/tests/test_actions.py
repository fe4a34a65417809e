from datetime import date, timedelta

import pytest
import yaml
from django.core.exceptions import ValidationError

from safegrid.duties import actions, jobs, queries
from safegrid.duties.models import DutyKind, DutyRule, Line
from safegrid.duties.tests import make
from safegrid.enterprises import actions as enterprises
from safegrid.enterprises.models import Place
from safegrid.people import actions as people
from safegrid.people.models import OrganisationKind
from safegrid.shared import clock, journal
from safegrid.shared.models import Entry
from safegrid.shared.refusals import NotAllowed, StaleForm, StepRefused


def lead_of(place):
    return Place.objects.get(pk=place.pk).lead_department


def test_lines_are_loaded_once(db):
    assert actions.load_lines() == 0
    assert {"emergency", "fire", "housing", "market", "township"} <= set(
        Line.objects.values_list("code", flat=True)
    )


def test_the_default_rules_give_every_kind_a_lead_and_none_is_confirmed(town):
    enterprises.load_kinds()
    count = actions.load_rules(area_code="2310")
    assert count == DutyRule.objects.count() > 100
    leads = DutyRule.objects.filter(duty=DutyKind.LEAD)
    assert leads.count() == leads.values("kind").distinct().count() == 39
    assert set(DutyRule.objects.values_list("basis", "is_confirmed")) == {
        ("默认分工，待本地确认", False)
    }
    assert actions.load_rules(area_code="2310") == 0


def test_every_department_word_of_the_check_lists_is_a_line(db):
    words = {line.name for line in Line.objects.all()}
    words |= {alias for line in Line.objects.all() for alias in line.aliases}
    for used in ("住房和城乡建设局", "卫生健康委员会", "文体广电和旅游局", "乡镇人民政府"):
        assert used in words
    assert yaml.safe_load((actions._DATA / "rules.yaml").read_text(encoding="utf-8"))["kinds"]


def test_a_rule_is_numbered_within_its_area_and_journalled(town, office):
    rule = make.rule("market", area_code="231004", by=office)
    assert (rule.number, str(rule)) == (1, "责任规则1条")
    entry = Entry.objects.get(step="duties.add_rule")
    assert entry.changes["line_id"] == [None, "market"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"area_code": "9999"}, "area_code"),
        ({"kind": "moon-base"}, "kind"),
        ({"industry": "Z9"}, "industry"),
        ({"line": "astronauts"}, "line"),
        ({"matter": "燃气"}, "matter"),
        ({"basis": ""}, "basis"),
        ({"valid_to": date(2019, 1, 1)}, "valid_to"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(town, changes, field):
    with pytest.raises(ValidationError) as refused:
        make.rule(**{"line": "market", **changes})
    assert field in refused.value.message_dict


def test_nobody_makes_rules_for_other_areas(town, office, officer):
    with pytest.raises(NotAllowed):
        make.rule("market", by=office)
    with pytest.raises(NotAllowed):
        make.rule("market", area_code="231004005", by=officer)


def test_a_closed_rule_ends_and_stays_readable(town, office):
    rule = make.rule("market", area_code="231004")
    actions.close_rule(rule, by=office, version=1, reason="换了文件")
    assert queries.resolve(town.place).lead is None
    yesterday = clock.today() - timedelta(days=1)
    assert queries.resolve(town.place, on=yesterday).lead is not None
    with pytest.raises(StaleForm):
        actions.close_rule(rule, by=office, version=1)
    with pytest.raises(StepRefused):
        actions.close_rule(rule, by=office, version=2)


def test_assign_writes_the_lead_and_its_reason(town):
    make.rule("market")
    assert actions.assign([town.place, town.far_place]) == 1
    assert lead_of(town.place) == town.market
    assert Entry.objects.get(step="enterprises.set_lead_department").text.note.endswith(
        "的行业主管是市场监督管理局（待本地确认）"
    )
    assert actions.assign([Place.objects.get(pk=town.place.pk)]) == 0


def test_without_a_lead_the_place_is_shown_as_a_gap(town):
    actions.assign([town.place])
    assert lead_of(town.place) is None


def follow():
    journal.seal()
    return jobs.follow_places()


def test_a_new_place_gets_its_lead(town):
    make.rule("market")
    follow()
    place = enterprises.add_place(
        name="示例新开饭店", kind="restaurant", address="光明路20号", lon=129.603, lat=44.603
    )
    follow()
    assert lead_of(place) == town.market


def test_an_edited_place_gets_another_lead(town, officer):
    enterprises.load_kinds()
    make.rule("fire", kind="shop")
    make.rule("market")
    enterprises.edit_place(town.place, by=officer, kind="shop")
    follow()
    assert lead_of(town.place) == town.fire


def test_a_new_rule_and_a_closed_one_reach_the_places(town):
    rule = make.rule("market")
    follow()
    assert lead_of(town.place) == town.market
    actions.close_rule(rule, by=None)
    follow()
    assert lead_of(town.place) is None


def test_a_new_body_takes_over_from_the_city(town):
    make.rule("commerce")
    people.add_organisation(
        name="爱民区商务局",
        short_name="区商务局",
        kind=OrganisationKind.DEPARTMENT,
        area=town.county,
        line="commerce",
    )
    follow()
    assert lead_of(town.place).short_name == "区商务局"


def test_following_twice_does_nothing_twice(town):
    make.rule("market")
    follow()
    count = Entry.objects.count()
    follow()
    assert Entry.objects.count() == count


def test_a_rule_that_starts_today_is_put_into_effect_by_the_clock(town):
    make.rule("market", valid_from=clock.today())
    assert jobs.turn_the_day() == 3 - (town.far_place.lead_department == town.market)
    assert lead_of(town.place) == town.market
