from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safegrid.duties import queries
from safegrid.duties.models import DutyKind, DutyRule
from safegrid.duties.tests import make
from safegrid.people.models import OrganisationKind
from tests.town import body

AREAS = ("2310", "231004", "231004005", "231004005A01")
KINDS = ("", "restaurant", "shop")
INDUSTRIES = ("", "H", "H62", "F52")
LINES = ("fire", "market", "township", "commerce")


def lead(place):
    found = queries.resolve(place).lead
    assert found is not None
    return found


def test_the_lead_is_named_with_its_reason(town):
    make.rule("market")
    duties = queries.resolve(town.place)
    assert duties.lead and duties.lead.organisation == town.market
    assert duties.reasons == ["牡丹江市“小餐饮（含燃气）”的行业主管是市场监督管理局（待本地确认）"]


def test_a_rule_of_the_county_beats_one_of_the_city(town):
    make.rule("fire")
    make.rule("market", area_code="231004", kind="", industry="H")
    duties = queries.resolve(town.place)
    assert duties.lead and duties.lead.organisation == town.market
    assert "压过第1条（消防救援机构）" in duties.reasons[1]


def test_kind_beats_industry_and_industry_beats_everything(town):
    make.rule("township", kind="")
    assert lead(town.place).line.code == "township"
    make.rule("fire", kind="", industry="H62")
    assert lead(town.place).line.code == "fire"
    make.rule("market")
    assert lead(town.place).line.code == "market"


def test_a_longer_industry_code_beats_a_shorter_one(town):
    make.rule("fire", kind="", industry="H")
    make.rule("market", kind="", industry="H62")
    assert lead(town.place).line.code == "market"


def test_the_main_kind_beats_a_further_one(town):
    from safegrid.enterprises import actions as enterprises

    enterprises.load_kinds()
    make.rule("fire", kind="shop")
    make.rule("market")
    town.place.more_kinds = ["shop"]
    assert lead(town.place).line.code == "market"


def test_two_rules_as_specific_are_a_conflict_and_nobody_leads(town):
    first, second = make.rule("fire"), make.rule("market")
    duties = queries.resolve(town.place)
    assert duties.lead is None
    assert {rule.pk for rule in duties.conflicts} == {first.pk, second.pk}
    assert "规则打架" in duties.reasons[0]


def test_two_rules_for_the_same_line_are_no_conflict(town):
    make.rule("market")
    make.rule("market")
    assert lead(town.place).rule.number == 1


def test_without_a_rule_the_gap_is_said(town):
    duties = queries.resolve(town.place)
    assert duties.lead is None
    assert duties.reasons == ["没有一条规则给“小餐饮（含燃气）”定行业主管"]


def test_the_township_line_is_the_street(town):
    make.rule("township")
    assert lead(town.place).organisation == town.street_body
    assert lead(town.far_place).organisation == town.far_body


def test_the_city_steps_in_where_the_county_has_no_body(town):
    make.rule("commerce")
    assert "往上都没有设这个单位" in queries.resolve(town.place).reasons[0]
    city = body("牡丹江市商务局", "市商务局", OrganisationKind.DEPARTMENT, town.city, "commerce")
    assert lead(town.place).organisation == city


def test_a_place_in_no_street_has_no_township(town):
    make.rule("township")
    town.place.area_code = "231004"
    assert "没有归到乡镇街道" in queries.resolve(town.place).reasons[0]


def test_specials_of_all_rules_come_together_each_once(town):
    make.rule("market")
    make.rule("fire", duty=DutyKind.SPECIAL)
    make.rule("fire", duty=DutyKind.SPECIAL, area_code="231004", basis="区里的依据")
    make.rule("market", duty=DutyKind.SPECIAL)
    make.rule("market", duty=DutyKind.SPECIAL, matter="特种设备")
    duties = queries.resolve(town.place)
    assert [(one.line.code, one.rule.matter) for one in duties.specials] == [
        ("fire", ""),
        ("market", "特种设备"),
    ]
    assert duties.specials[0].rule.basis == "区里的依据"


def test_a_rule_counts_on_its_days_only(town):
    make.rule("market", valid_from=date(2024, 1, 1), valid_to=date(2025, 1, 1))
    assert queries.resolve(town.place, on=date(2024, 12, 31)).lead is not None
    assert queries.resolve(town.place, on=date(2025, 1, 1)).lead is None
    assert queries.resolve(town.place, on=date(2023, 12, 31)).lead is None


def test_many_places_cost_as_many_queries_as_one(town, django_assert_max_num_queries):
    make.rule("market")
    places = [town.place, town.neighbour, town.far_place] * 50
    with django_assert_max_num_queries(
        5
    ):  # rules, bodies, kinds, the territory's edition and names
        found = queries.resolve_many(places)
    assert found[0] == queries.resolve(town.place)
    assert len(found) == 150


rules = st.lists(
    st.tuples(
        st.sampled_from(AREAS),
        st.sampled_from(KINDS),
        st.sampled_from(INDUSTRIES),
        st.sampled_from(LINES),
        st.sampled_from(list(DutyKind)),
        st.sampled_from((date(2020, 1, 1), date(2099, 1, 1))),
    ),
    max_size=8,
)


@given(rules)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_rules_give_one_lead_or_say_why_not(town, rows):
    DutyRule.objects.all().delete()
    DutyRule.objects.bulk_create(
        DutyRule(
            area_code=area,
            number=number,
            kind=kind,
            industry=industry,
            line_id=line,
            duty=duty,
            basis="待本地确认",
            valid_from=valid_from,
        )
        for number, (area, kind, industry, line, duty, valid_from) in enumerate(rows, 1)
    )
    for place in (town.place, town.far_place):
        duties = queries.resolve(place)
        assert duties.reasons and all(duties.reasons)
        if duties.lead:
            assert duties.lead.organisation is not None and not duties.conflicts
            assert place.area_code.startswith(duties.lead.organisation.area_code)
        if duties.conflicts:
            assert len({rule.line_id for rule in duties.conflicts}) > 1
        lines = [(one.line.code, one.rule.matter) for one in duties.specials]
        assert len(lines) == len(set(lines))


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_in_which_rules_were_made_does_not_matter(town, order):
    for line, facts in [("fire", {"kind": "", "industry": "H"}), ("market", {})][::order]:
        make.rule(line, **facts)
    assert lead(town.place).line.code == "market"
