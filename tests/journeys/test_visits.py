"""An inspection by two officers, a self-check by the owner; each with its own powers."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Check, SignIn
from tests.journeys.steps import Problem, press, take_step, visit

pytestmark = pytest.mark.journey


def test_an_inspection_needs_power_and_a_second_officer(
    sign_in: SignIn, accessible: Check, kept_place: str, photo: Path
) -> None:
    worker = sign_in("grid-worker", phone=True)
    address = _inspection_elsewhere(worker, kept_place)
    refused = worker.goto(address)
    assert refused is not None
    assert refused.status == 404

    page = sign_in("fire-officer", phone=True)
    visit(page, address)
    expect(page.get_by_text("今年已检查")).to_be_visible()
    accessible(page)
    _begin(page)
    steps.answer_all(
        page, [Problem("当场已清走", [photo], is_fixed=True), Problem("插排串接两个", [photo])]
    )
    accessible(page)
    press(page, page.get_by_role("button", name="提交，有问题2项"))
    expect(page.get_by_role("heading", level=1)).to_have_text("现场检查记录")
    facts = page.get_by_role("region", name="经过", exact=True)
    expect(facts.get_by_text("示例执法").first).to_be_visible()
    accessible(page)
    found = page.get_by_role("region", name="查出隐患").get_by_role("listitem")
    expect(found).to_have_count(2)
    expect(found.filter(has_text="已销号")).to_have_count(1)
    press(page, found.filter(has_not_text="已销号").get_by_role("link"))
    take_step(page, "责令限期整改")


def test_the_owner_checks_alone_and_the_street_looks_after_it(
    sign_in: SignIn, photo: Path, accessible: Check
) -> None:
    page = sign_in("keeper", phone=True, script=False)
    press(page, page.get_by_role("link", name="开始自查"))
    press(page, page.get_by_role("button", name="开始，"))
    steps.answer_all(page, [Problem("灭火器被货挡住，已挪开", [photo], is_fixed=True)])
    press(page, page.get_by_role("button", name="提交，有问题1项"))
    expect(page.get_by_role("heading", level=1)).to_have_text("自查记录")
    hazard = steps.case_link(page, "自己查出的隐患")

    street = sign_in("street-officer")
    waiting = street.get_by_role("region", name="待核查")
    press(street, waiting.locator(f'a[href="{hazard}"]').first)
    accessible(street)
    take_step(street, "核查通过")
    visit(page, hazard)
    expect(page.get_by_role("main").get_by_text("已销号").first).to_be_visible()


def _inspection_elsewhere(page: Page, kept_place: str) -> str:
    """The address that begins an inspection of another place in the grid worker's grid."""
    visit(page, "/places/")
    links = page.get_by_role("table").get_by_role("link").filter(has_not_text=kept_place)
    address = links.first.get_attribute("href")
    assert address is not None
    return f"/visits/start{address.removeprefix('/places')}?kind=inspection"


def _begin(page: Page) -> None:
    """The second officer, the basis and the cause, as the law wants them."""
    page.get_by_label("第二名执法人员").select_option(index=1)
    page.get_by_label("检查依据").select_option(index=0)
    page.get_by_label("检查事由").select_option(index=1)
    page.get_by_label("来龙去脉").fill("12350转来一条反映")
    press(page, page.get_by_role("button", name="开始，"))
