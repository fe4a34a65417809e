"""What goes wrong in daily use: bad pictures, days that have passed, an old tab, a broken form."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Check, SignIn
from tests.journeys.steps import button, heading, press, visit

pytestmark = pytest.mark.journey


def test_bad_pictures_are_refused_by_name_and_nothing_is_kept(
    sign_in: SignIn, accessible: Check, tmp_path: Path
) -> None:
    broken, huge = tmp_path / "broken.jpg", tmp_path / "huge.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture at all")
    huge.write_bytes(b"\xff\xd8\xff\xe0" + bytes(50 * 2**20 - 4))
    page = sign_in("grid-worker", phone=True, script=False)
    _new_clue(page)
    for picture, sentence in ((broken, "打不开"), (huge, "超过20MB")):
        page.get_by_label("什么问题").fill("旅途中拍坏的照片")
        page.get_by_label("照片").set_input_files(picture)
        assert press(page, button(page, "报线索")).status == 422
        expect(page.get_by_role("alert")).to_contain_text("第1张")
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        expect(page.get_by_label("什么问题")).to_have_value("旅途中拍坏的照片")
    visit(page, "/clues/?mine=1")
    expect(page.get_by_text("旅途中拍坏的照片")).to_have_count(0)


def test_a_day_that_has_passed_is_no_deadline(sign_in: SignIn, accessible: Check) -> None:
    hazard = _new_hazard(sign_in("fire-officer"), "旅途中的过期期限")
    page = sign_in("street-officer")
    visit(page, f"{hazard}urge-repair/")
    page.get_by_label("哪天改完").fill((date.today() - timedelta(days=2)).isoformat())
    page.get_by_label("要改什么、改成什么样").fill("清走杂物")
    assert press(page, button(page, "督促整改")).status == 422
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("要改什么、改成什么样")).to_have_value("清走杂物")
    accessible(page)
    visit(page, hazard)
    expect(steps.link(page, "督促整改")).to_be_visible()


def test_a_step_from_an_old_tab_is_refused_in_plain_words(
    sign_in: SignIn, accessible: Check
) -> None:
    hazard = _new_hazard(sign_in("fire-officer"), "旅途中的旧页面")
    page = sign_in("street-officer")
    old = page.context.new_page()
    for tab in (page, old):
        visit(tab, f"{hazard}urge-repair/")
        tab.get_by_label("要改什么、改成什么样").fill("清走杂物")
    steps.take_step(page, "督促整改")
    answer = press(old, button(old, "督促整改"))
    assert answer.status == 409
    expect(heading(old)).to_have_text("没有办成")
    expect(old.get_by_text("没有改动任何内容")).to_be_visible()
    steps.is_sound(old)
    accessible(old)
    press(old, old.get_by_role("link", name="看新的内容"))
    expect(heading(old)).to_have_text("旅途中的旧页面")


def test_unknown_addresses_look_like_foreign_ones(sign_in: SignIn, accessible: Check) -> None:
    page = sign_in("grid-worker", phone=True)
    for address in ("/nowhere/", "/audit/", "/places/018f0000-0000-7000-8000-000000000000/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        steps.is_sound(page)
        accessible(page)


def _new_clue(page: Page) -> None:
    visit(page, "/places/")
    press(page, page.get_by_role("table").get_by_role("link").first)
    press(page, steps.link(page, "报线索").first)


def _new_hazard(page: Page, title: str) -> str:
    """Recorded by an officer with the power; the address of its page."""
    visit(page, "/places/?q=大庆街道")
    press(page, page.get_by_role("table").get_by_role("link").first)
    press(page, steps.link(page, "登记隐患").first)
    page.get_by_label("什么问题").fill(title)
    press(page, button(page, "登记隐患"))
    expect(heading(page)).to_have_text(title)
    return page.url
