"""From a grid worker's scan to a verified repair, each step by another person."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Check, SignIn
from tests.journeys.steps import Problem, button, link, press, take_step, visit

pytestmark = pytest.mark.journey

FOUND = "后门内侧堆着纸箱，推不开"
DEMAND = "清走后门的纸箱，门能随时推开"


def test_what_a_patrol_finds_is_followed_to_its_end(
    sign_in: SignIn, accessible: Check, kept_place: str, photo: Path, after_photo: Path
) -> None:
    street = sign_in("street-officer")
    scanned = steps.scan(street, kept_place)
    clue = _patrol(sign_in, scanned, photo)
    _accept(sign_in, clue, accessible)
    _assign(street, clue)
    fire = sign_in("fire-officer")
    hazard = _confirm_and_order(fire, clue, accessible)
    _repair(sign_in, hazard, after_photo, accessible)
    _verify(fire, hazard)
    _finish_the_clue(fire, street, clue)
    for address in (
        hazard,
        street.get_by_role("link", name=kept_place).first.get_attribute("href"),
    ):
        visit(street, address)
        line = street.get_by_role("region", name="经过", exact=True)
        for step in ("责令限期整改", "交回整改", "核查通过"):
            expect(line.get_by_text(step, exact=True).first).to_be_visible()


def _patrol(sign_in: SignIn, scanned: str, photo: Path) -> str:
    """Without script, from the scanned plate; what is wrong becomes a clue, nothing more."""
    page = sign_in("grid-worker", phone=True, script=False)
    visit(page, scanned)
    press(page, page.get_by_role("link", name="开始走访"))
    _is_no_inspection(page)
    press(page, page.get_by_role("button", name="开始，"))
    steps.answer_all(page, [Problem(FOUND, [photo])])
    _is_no_inspection(page)
    press(page, page.get_by_role("button", name="提交，有问题1项"))
    expect(page.get_by_role("heading", level=1)).to_have_text("走访记录")
    _is_no_inspection(page)
    assert not steps.sideways(page)
    return steps.case_link(page, "报了线索")


def _is_no_inspection(page: Page) -> None:
    """A patrol's own words never say 检查 or 责令; the menu, the lists' names and items may."""
    parts = page.locator("h1, h2, dt, button, .tag, .notice").all_inner_texts()
    words = page.title() + "".join(parts)
    assert "责令" not in words
    assert "检查" not in words


def _accept(sign_in: SignIn, clue: str, accessible: Check) -> None:
    page = sign_in("community-head", phone=True)
    visit(page, clue)
    expect(page.get_by_text(FOUND).first).to_be_visible()
    expect(page.get_by_role("img", name="整改前").first).to_be_visible()
    accessible(page)
    take_step(page, "受理")


def _assign(page: Page, clue: str) -> None:
    visit(page, "/clues/?state=accepted")
    expect(page.locator(f'a[href="{clue}"]').first).to_be_visible()
    visit(page, clue)
    chosen = page.get_by_label("分派给")
    expect(chosen).not_to_have_value("")
    fire = chosen.get_by_role("option").filter(has_text="爱民区消防").first
    chosen.select_option(fire.get_attribute("value"))
    take_step(page, "分派")


def _confirm_and_order(page: Page, clue: str, accessible: Check) -> str:
    visit(page, "/")
    waiting = page.get_by_role("region", name="交来的线索")
    press(page, waiting.locator(f'a[href="{clue}"]').first)
    take_step(page, "认定为隐患")
    who = page.get_by_role("region", name="谁在管")
    hazard = who.locator('a[href^="/hazards/"]').get_attribute("href")
    assert hazard is not None
    visit(page, hazard)
    page.get_by_label("哪天改完").fill((date.today() + timedelta(days=3)).isoformat())
    page.get_by_label("要改什么、改成什么样").fill(DEMAND)
    take_step(page, "责令限期整改")
    accessible(page)
    press(page, link(page, "责令限期整改通知"))
    expect(page.get_by_text(DEMAND)).to_be_visible()
    return hazard


def _repair(sign_in: SignIn, hazard: str, photo: Path, accessible: Check) -> None:
    """The owner sees what is to be done, sends the picture, and has no button to verify it."""
    page = sign_in("keeper", phone=True)
    waiting = page.get_by_role("region", name="要改的")
    press(page, waiting.locator(f'a[href="{hazard}"]'))
    expect(page.get_by_text(DEMAND).first).to_be_visible()
    accessible(page)
    page.get_by_label("改了什么").fill("纸箱已清走，门能推开")
    page.get_by_label("整改后照片").set_input_files(photo)
    expect(page.get_by_role("img", name="第1张照片")).to_be_visible()
    take_step(page, "交回整改")
    expect(button(page, "核查通过")).to_have_count(0)


def _verify(page: Page, hazard: str) -> None:
    visit(page, "/")
    waiting = page.get_by_role("region", name="待核查")
    press(page, waiting.locator(f'a[href="{hazard}"]').first)
    expect(page.get_by_role("img", name="整改后").first).to_be_visible()
    page.get_by_label("核查意见").fill("现场看过，门能推开")
    take_step(page, "核查通过")
    expect(page.get_by_role("main").get_by_text("已销号").first).to_be_visible()


def _finish_the_clue(fire: Page, street: Page, clue: str) -> None:
    visit(fire, clue)
    take_step(fire, "反馈")
    visit(street, clue)
    take_step(street, "核查")
    take_step(street, "结案")
    line = street.get_by_role("region", name="经过", exact=True)
    for step in ("受理", "分派", "认定为隐患", "反馈", "核查", "结案"):
        expect(line.get_by_text(step, exact=True)).to_be_visible()
