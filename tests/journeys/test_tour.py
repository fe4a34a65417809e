"""A newcomer opens every door and every page behind it."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import DESKTOP, PHONE, Check, SignIn

pytestmark = pytest.mark.journey

DOORS = (
    "city-office", "leader", "city-emergency", "county-office", "fire-officer", "fire-chief",
    "street-officer", "community-head", "grid-worker", "keeper", "system-admin",
    "security-admin", "auditor",
)  # fmt: skip
FORMS = {
    "county-office": ("/duties/new/", "/duties/ask/", "/places/new/", "/places/import/", "/about/"),
    "street-officer": ("/inbox/", "/search/?q=消防", "/clues/new/", "/account/password/"),
    "system-admin": ("/people/accounts/", "/people/accounts/add/", "/people/tokens/"),
}


def test_the_sign_in_page_shows_every_door(sign_in: SignIn, accessible: Check) -> None:
    page = sign_in()
    steps.visit(page, "/sign-in/")
    doors = page.get_by_role("region", name="演示：选一个身份进去看").get_by_role("button")
    assert doors.evaluate_all("all => all.map((door) => door.value)") == list(DOORS)
    _look_at(page, accessible)


@pytest.mark.parametrize("door", DOORS)
def test_every_entry_of_the_menu_opens(sign_in: SignIn, accessible: Check, door: str) -> None:
    page = sign_in(door)
    menu = page.get_by_role("navigation", name="主菜单").first.get_by_role("link")
    addresses = menu.evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert len(addresses) >= 2
    for address in addresses:
        steps.visit(page, address)
        _look_at(page, accessible)


@pytest.mark.parametrize("door", ["street-officer", "keeper"])
def test_the_first_of_every_list_opens(sign_in: SignIn, accessible: Check, door: str) -> None:
    page = sign_in(door)
    menu = page.get_by_role("navigation", name="主菜单").first.get_by_role("link")
    lists = menu.evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    for address in lists[1:]:
        steps.visit(page, address)
        if first := _first_behind(page, address):
            steps.visit(page, first)
            _look_at(page, accessible)


@pytest.mark.parametrize("door", FORMS)
def test_the_forms_open(sign_in: SignIn, accessible: Check, door: str) -> None:
    page = sign_in(door)
    for address in FORMS[door]:
        steps.visit(page, address)
        _look_at(page, accessible)


def test_the_menu_opens_on_a_phone(sign_in: SignIn, accessible: Check) -> None:
    page = sign_in("street-officer", phone=True)
    menu = page.get_by_role("navigation", name="主菜单")
    expect(menu).to_be_hidden()
    page.get_by_text("菜单", exact=True).click()
    accessible(page)
    steps.press(page, menu.get_by_role("link", name="隐患"))
    expect(steps.heading(page)).to_have_text("隐患")


def test_signing_out_closes_the_door(sign_in: SignIn) -> None:
    page = sign_in("street-officer")
    steps.press(page, steps.button(page, "退出"))
    expect(page).to_have_url("/sign-in/")
    page.goto("/hazards/")
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()


def _look_at(page: Page, accessible: Check) -> None:
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        steps.is_sound(page)
        accessible(page)


def _first_behind(page: Page, address: str) -> str:
    """The first link of the list that leads deeper, not to a filter, a form or a file."""
    found = (
        page.get_by_role("main")
        .get_by_role("link")
        .evaluate_all(
            """(all, start) => all.map((one) => one.getAttribute("href")).find((to) =>
            to.startsWith(start) && to.length > start.length && to.endsWith("/")
            && !/[?#]|\\/(new|import|ask|add|issue|export)\\//.test(to))""",
            address,
        )
    )
    return str(found or "")
