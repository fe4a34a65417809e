"""A passer-by scans the plate: whom to call, and a report without a name."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Check, SignIn
from tests.journeys.steps import button, press, visit

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("script", [True, False])
def test_anybody_may_scan_and_report_without_a_name(
    sign_in: SignIn, accessible: Check, kept_place: str, photo: Path, script: bool
) -> None:
    scanned = steps.scan(sign_in("street-officer"), kept_place)
    page = sign_in(phone=True, script=script)
    look = accessible if script else steps.is_sound
    visit(page, scanned)
    expect(page.get_by_text(kept_place).first).to_be_visible()
    expect(page.get_by_text("师傅").first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("119"))).not_to_have_count(0)
    look(page)
    press(page, page.get_by_role("link", name="我要反映隐患"))
    look(page)
    page.get_by_label("看见了什么").fill("后门挂着铁链，从里面打不开")
    page.get_by_label("照片").set_input_files(photo)
    press(page, button(page, "交给街道"))
    number = re.search(r"编号(\S+)", page.get_by_text("收到了，编号").inner_text())
    assert number
    look(page)

    street = sign_in("community-head")
    visit(street, f"/clues/?q={number[1]}")
    press(street, street.get_by_role("table").get_by_role("link").first)
    expect(street.get_by_role("main")).to_contain_text("后门挂着铁链")
    expect(street.get_by_role("main")).to_contain_text("群众")


def test_unknown_and_revoked_codes_look_alike(sign_in: SignIn, accessible: Check) -> None:
    page = sign_in("street-officer")
    visit(page, "/codes/")
    name = page.get_by_role("table").get_by_role("row").last.get_by_role("link").first.inner_text()
    scanned = steps.scan(page, name)
    _revoke(page, name)
    passer = sign_in(phone=True)
    revoked = _unusable(passer, scanned)
    accessible(passer)
    unknown = _unusable(passer, scanned[:-6] + "ZZZZZZ")
    assert revoked == unknown


def _revoke(page: Page, name: str) -> None:
    press(page, page.get_by_role("link", name=f"换或作废 {name}的门牌", exact=True))
    page.get_by_label("为什么作废").fill("贴错了门")
    page.get_by_label("换一个新的").uncheck()
    press(page, button(page, "作废"))


def _unusable(page: Page, address: str) -> str:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("这个码用不了").first).to_be_visible()
    return page.content()
