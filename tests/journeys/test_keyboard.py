"""Without a mouse: every step by Tab and Enter, and one always sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import SignIn
from tests.journeys.steps import heading, visit

pytestmark = pytest.mark.journey

FAR = 120  # presses of Tab after which something is out of reach


def test_signing_in_and_assigning_a_clue_need_no_mouse(sign_in: SignIn) -> None:
    clue = _accepted_clue(sign_in)
    page = sign_in()
    visit(page, "/sign-in/")
    _tab_to(page, "大庆街道")
    _enter(page)
    expect(heading(page)).to_have_text("今日分拨")
    _skip(page)
    _tab_to(page, clue)
    _enter(page)
    expect(heading(page)).to_have_text(clue)
    _tab_to(page, "分派给")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "分派")
    _enter(page)
    expect(page.get_by_text("分派：已办好")).to_be_visible()


def _accepted_clue(sign_in: SignIn) -> str:
    """A clue that waits to be assigned; its title."""
    title = "键盘旅途：楼道堆着杂物"
    page = sign_in("community-head")
    visit(page, "/places/")
    steps.press(page, page.get_by_role("table").get_by_role("link").first)
    steps.press(page, steps.link(page, "报线索").first)
    page.get_by_label("什么问题").fill(title)
    steps.press(page, steps.button(page, "报线索"))
    steps.take_step(page, "受理")
    return title


def _skip(page: Page) -> None:
    """The first Tab on a page offers to jump over the menu, and does."""
    page.keyboard.press("Tab")
    assert _here(page) == "跳到正文"
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def _tab_to(page: Page, name: str) -> None:
    for _ in range(FAR):
        page.keyboard.press("Tab")
        _is_seen(page)
        if _here(page).startswith(name):
            return
    raise AssertionError(f"Tab never reaches {name}")


def _here(page: Page) -> str:
    """The words of what has the focus: its label, or what stands in it."""
    return str(
        page.evaluate(
            """() => {
                const here = document.activeElement;
                return (here.labels?.[0] ?? here).innerText.trim();
            }"""
        )
    )


def _is_seen(page: Page) -> None:
    """Whatever has the focus is ringed, or the box around it."""
    shown = page.evaluate(
        """() => {
            const here = document.activeElement;
            const rings = (one) => {
                const style = getComputedStyle(one);
                return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
            };
            return here === document.body || rings(here) || rings(here.parentElement);
        }"""
    )
    assert shown, f"focus can't be seen on {_here(page)!r} of {page.url}"


def _enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")
