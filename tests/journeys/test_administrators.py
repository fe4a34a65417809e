"""Three administrators: one opens the account, one gives the post, one reads what they did."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Check, SignIn
from tests.journeys.steps import button, heading, press, visit

pytestmark = pytest.mark.journey

ACCOUNT, NAME = "lu-tutu", "鲁旅途"
SECRET = "雪落牡丹江畔第一场 2026"
POST = "旅途安监员"


def test_an_account_is_nothing_without_a_post_and_all_is_in_the_journal(
    sign_in: SignIn, accessible: Check
) -> None:
    password = _open_account(sign_in("system-admin"), accessible)
    _give_post(sign_in("security-admin"), accessible)
    page = sign_in()
    _sign_in(page, password)
    expect(heading(page)).to_have_text("改密码")
    _change_password(page, password, accessible)
    other = sign_in(phone=True)
    _sign_in(other, SECRET)
    expect(other).to_have_url("/")
    visit(page, "/account/")
    expect(page.get_by_text("大庆街道·旅途安监员").first).to_be_visible()
    press(page, button(page, "全部退出"))
    for one in (page, other):
        one.goto("/account/")
        expect(one.get_by_role("heading", name="登录", exact=True)).to_be_visible()
    _read_journal(sign_in("auditor"), accessible)


def test_no_administrator_sees_business(sign_in: SignIn) -> None:
    for door in ("system-admin", "security-admin", "auditor"):
        page = sign_in(door)
        for address in ("/places/", "/hazards/", "/clues/", "/visits/"):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 404, f"{door} opens {address}"


def _open_account(page: Page, accessible: Check) -> str:
    """The first password, which is shown once."""
    visit(page, "/people/accounts/")
    press(page, steps.link(page, "开账号"))
    page.get_by_label("账号", exact=False).first.fill(ACCOUNT)
    page.get_by_label("姓名").fill(NAME)
    press(page, button(page, "保存"))
    expect(page.get_by_text("只显示这一次")).to_be_visible()
    accessible(page)
    row = page.get_by_role("term").filter(has_text="初始密码")
    password = row.locator("xpath=following-sibling::dd[1]").inner_text()
    press(page, steps.link(page, "记下了"))
    expect(page.get_by_role("main")).not_to_contain_text(password)
    expect(page.get_by_text("没有岗位")).to_be_visible()
    return password


def _give_post(page: Page, accessible: Check) -> None:
    visit(page, "/people/?q=大庆街道")
    press(page, page.get_by_role("table").get_by_role("link", name="大庆街道办事处").first)
    press(page, steps.link(page, "设岗"))
    page.get_by_label("岗位名称").fill(POST)
    page.get_by_label("角色").select_option(label="街道安监员")
    page.get_by_label("范围代码").fill("231004005")
    accessible(page)
    press(page, button(page, "设岗"))
    expect(heading(page)).to_have_text(POST)
    press(page, steps.link(page, "到岗"))
    page.get_by_label("谁到岗").fill(ACCOUNT)
    press(page, button(page, "到岗"))
    expect(page.get_by_role("table")).to_contain_text(NAME)


def _sign_in(page: Page, password: str) -> None:
    visit(page, "/sign-in/")
    page.get_by_label("手机号或账号").fill(ACCOUNT)
    page.get_by_label("密码").fill(password)
    press(page, button(page, "登录"))


def _change_password(page: Page, password: str, accessible: Check) -> None:
    """Until it is changed no other page opens."""
    page.goto("/hazards/")
    expect(heading(page)).to_have_text("改密码")
    accessible(page)
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码", exact=True).fill("123456")
    page.get_by_label("再填一次新密码").fill("123456")
    assert press(page, button(page, "改密码")).status == 422
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码").first.fill(SECRET)
    page.get_by_label("再填一次新密码").fill(SECRET)
    press(page, button(page, "改密码"))
    visit(page, "/hazards/")


def _read_journal(page: Page, accessible: Check) -> None:
    visit(page, "/audit/")
    press(page, button(page, "校验全部流水"))
    expect(page.get_by_role("status")).to_contain_text("完好")
    accessible(page)
    page.get_by_label("谁", exact=True).fill(ACCOUNT)
    press(page, button(page, "查"))
    expect(page.get_by_role("table")).to_contain_text("改密码")
    expect(page.get_by_role("main")).not_to_contain_text(SECRET)
