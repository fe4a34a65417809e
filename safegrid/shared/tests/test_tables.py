import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory

from safegrid.shared import tables
from safegrid.shared.models import Numbered


def ask(query: str = ""):
    return RequestFactory().get("/list/" + query)


def test_a_page_knows_whether_more_rows_follow() -> None:
    page = tables.page(range(7), ask(), size=3)
    assert (page.rows, page.has_previous, page.has_next) == ([0, 1, 2], False, True)
    page = tables.page(range(7), ask("?page=3"), size=3)
    assert (page.rows, page.has_previous, page.has_next) == ([6], True, False)
    assert (page.first, page.last) == (7, 7)


@pytest.mark.parametrize("query", ["?page=", "?page=0", "?page=-2", "?page=x", "?page=２"])
def test_a_page_that_makes_no_sense_is_the_first(query: str) -> None:
    assert tables.page(range(7), ask(query), size=3).number == 1


def test_no_page_lies_beyond_the_last_one_served() -> None:
    for number in ("999999999999", "9" * 5000):
        assert tables.page(range(3), ask(f"?page={number}")).number == tables.LAST_PAGE


def test_a_page_is_one_query_and_never_a_count(db, django_assert_num_queries) -> None:
    Numbered.objects.bulk_create(Numbered(series=f"{n:03}") for n in range(60))
    with django_assert_num_queries(1) as seen:
        page = tables.page(Numbered.objects.order_by("series"), ask(), size=50)
    assert len(page.rows) == 50
    assert "COUNT" not in seen[0]["sql"]


def test_only_known_values_filter() -> None:
    assert tables.choice(ask("?state=open"), "state", ["open"]) == "open"
    assert tables.choice(ask("?state=evil"), "state", ["open"]) == ""


def test_turning_the_page_keeps_the_filter() -> None:
    request = ask("?q=%E7%83%A7%E7%83%A4&page=2")
    page = tables.page(range(200), request, size=50)
    template = Template('{% include "tables/_pages.html" %}')
    html = template.render(RequestContext(request, {"page": page}))
    assert "?q=%E7%83%A7%E7%83%A4&amp;page=3" in html
    assert "第51至100条" in html
