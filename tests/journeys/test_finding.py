"""Two characters find a place, a clause and a hazard; a plate comes out of the printer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Check, SignIn
from tests.journeys.steps import press, visit

pytestmark = pytest.mark.journey


def test_a_word_of_two_characters_finds_places_clauses_and_hazards(
    sign_in: SignIn, accessible: Check, kept_place: str
) -> None:
    page = sign_in("street-officer")
    words = kept_place.removeprefix("示例")[:2]
    _search(page, words)
    expect(
        page.get_by_role("region", name="场所").get_by_role("link", name=kept_place)
    ).to_be_visible()
    page = sign_in("county-office")
    visit(page, "/hazards/")
    title = page.get_by_role("table").get_by_role("link").first.inner_text()
    _search(page, _two(title))
    expect(page.get_by_role("region", name="隐患").get_by_role("link").first).to_be_visible()
    _search(page, "消防")
    clause = page.get_by_role("region").filter(has_text=re.compile("法规|条款")).first
    accessible(page)
    press(page, clause.get_by_role("link").first)
    expect(page.get_by_role("main")).to_contain_text("消防")


def test_a_printed_plate_can_be_scanned(sign_in: SignIn, kept_place: str, site: str) -> None:
    page = sign_in("street-officer")
    visit(page, f"/codes/?q={kept_place}")
    printed = page.get_by_role("link", name=f"印 {kept_place}的门牌", exact=True)
    address = printed.get_attribute("href")
    assert address is not None
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    (found,) = steps.read_codes(answer.body())
    assert re.fullmatch(rf"{site.upper()}/C/[0-9A-Z]{{26}}", found)


def _search(page: Page, words: str) -> None:
    box = page.get_by_role("searchbox", name="全站搜索")
    box.fill(words)
    with page.expect_navigation():
        box.press("Enter")


def _two(title: str) -> str:
    """The first two characters that stand together in a title."""
    found = re.search("[\u4e00-\u9fff]{2}", title)
    assert found
    return found[0]
