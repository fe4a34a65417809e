from datetime import date

import pytest

from safegrid.enterprises import classes, industries
from safegrid.enterprises.models import PlaceKind


@pytest.mark.parametrize(
    ("kind", "facts", "value"),
    [
        ("shop", {"floor_area": 300}, True),
        ("shop", {"floor_area": 301}, False),
        ("shop", {}, True),
        ("hotel", {"beds": 51}, False),
        ("edu", {"pupils": 400, "boarders": 60}, False),
        ("warehouse", {"floor_area": 10}, False),
    ],
)
def test_nine_small_by_kind_and_what_is_known(db, kind, facts, value):
    verdict = classes.is_nine_small(PlaceKind.objects.get(code=kind), facts)
    assert verdict.value is value
    assert verdict.reason


@pytest.mark.parametrize(
    ("industry", "revenue", "value"),
    [
        ("C1399", 2000, True),
        ("C1399", 1999, False),
        ("F5212", 500, True),
        ("F5169", 500, False),
        ("H6210", 200, True),
        ("K7010", None, True),
        ("K7020", 900, False),
        ("H6210", None, None),
        ("", 9999, None),
        ("E4710", 9999, None),
    ],
)
def test_above_scale_by_industry_and_revenue(industry, revenue, value):
    verdict = classes.is_above_scale(industry, revenue)
    assert verdict.value is value
    assert verdict.reason


def test_size_needs_staff_and_revenue():
    assert classes.size_of("C1399", 25, 400)[0] == "small"
    assert classes.size_of("C1399", 25, 200)[0] == "micro"
    size, reason = classes.size_of("C1399", 25, None)
    assert (size, "不知道" in reason) == ("", True)


def test_general_knowledge_says_so():
    assert "待复核" in classes.size_of("C1399", 25, 400)[1]


def test_a_standard_counts_from_its_day():
    assert classes.size_of("C1399", 25, 400, on=date(2010, 1, 1))[0] == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [("H6210", "H6210"), ("6210", "H6210"), ("h62", "H62"), ("Ｈ６２１０", "H6210"), ("C", "C")],
)
def test_industry_codes_get_their_letter(given, code):
    assert industries.check_industry(given) == code


@pytest.mark.parametrize("given", ["A6210", "X12", "H6", "98", "餐饮"])
def test_wrong_industry_codes_are_refused(given):
    with pytest.raises(ValueError, match="行业代码"):
        industries.check_industry(given)


def test_an_unknown_class_is_named_by_its_group():
    assert industries.industry_name("H6219") == "正餐服务"
    assert industries.industry_name("H") == "住宿和餐饮业"
