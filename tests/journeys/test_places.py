"""A list of places comes in: what is wrong is named by its cell, nothing is half-saved."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Check, SignIn
from tests.journeys.steps import button, heading, press, visit

pytestmark = pytest.mark.journey

HEADINGS = (
    "场所名称", "统一社会信用代码", "场所类型", "地址", "经度", "纬度", "网格", "负责人",
    "负责人电话",
)  # fmt: skip
CODE = "91350100M000100Y43"  # the worked example of GB 32100-2015
GRID = "爱民区·大庆街道·庆兴社区·01网格"
NEW = ("示例旅途小馆", CODE, "小餐馆", "新华路901号", "", "", GRID, "鲁旅途", "19900009001")
OTHER = ("示例旅途书屋", "", "小商店", "新华路903号", "", "", GRID, "鲁旅途", "19900009001")


def test_a_list_with_errors_writes_nothing_and_the_corrected_one_can_be_undone(
    sign_in: SignIn, accessible: Check, kept_place: str, tmp_path: Path
) -> None:
    page = sign_in("county-office")
    _formula_is_refused(page, tmp_path / "公式.xlsx")
    wrong_code, outside = list(NEW), list(OTHER)
    wrong_code[1] = CODE[:-1] + "4"
    outside[4:7] = ["116.397", "39.908", ""]
    namesake = [kept_place, *OTHER[1:]]
    rows = [wrong_code, outside, namesake]
    assert _upload(page, _sheet(tmp_path / "有错.xlsx", rows)) == 200
    _errors_are_named(page, accessible)
    _is_not_on_file(page)

    _upload(page, _sheet(tmp_path / "改好.xlsx", [NEW, OTHER, namesake]))
    accessible(page)
    press(page, button(page, "导入2处"))
    expect(page.get_by_text("已导入2处")).to_be_visible(timeout=60_000)
    committed = page.url
    visit(page, f"/places/?q={NEW[0]}")
    press(page, steps.link(page, NEW[0]))
    expect(heading(page)).to_have_text(NEW[0])
    visit(page, committed)
    press(page, button(page, "撤销这次导入"))
    expect(page.get_by_text("这次导入已撤销，档案回到导入以前")).to_be_visible()
    _is_not_on_file(page)


def test_the_second_editor_sees_both_versions(
    sign_in: SignIn, accessible: Check, kept_place: str
) -> None:
    first, second = sign_in("street-officer"), sign_in("street-officer")
    for page in (first, second):
        visit(page, f"/places/?q={kept_place}")
        press(page, page.get_by_role("table").get_by_role("link", name=kept_place))
        press(page, steps.link(page, "改档案"))
    first.get_by_label("安全管理员", exact=False).first.fill("鲁先存")
    press(first, button(first, "存下来"))
    second.get_by_label("员工数").fill("7")
    second.get_by_label("安全管理员", exact=False).first.fill("鲁后存")
    answer = press(second, button(second, "存下来"))
    assert answer.status == 409
    both = second.get_by_role("region", name="别人刚改过这份档案")
    row = both.get_by_role("row", name="安全管理员")
    expect(row).to_contain_text("鲁先存")
    expect(row).to_contain_text("鲁后存")
    accessible(second)
    press(second, button(second, "存下来"))
    expect(second.get_by_role("main").get_by_text("鲁后存").first).to_be_visible()


def _formula_is_refused(page: Page, path: Path) -> None:
    rows = [(*NEW[:3], "=A2&B2", *NEW[4:])]
    assert _upload(page, _sheet(path, rows)) == 422
    expect(page.get_by_role("alert")).to_contain_text("有公式的单元格不收")
    expect(page.get_by_role("alert")).to_contain_text("D2")


def _errors_are_named(page: Page, accessible: Check) -> None:
    expect(page.get_by_text("一行也不会写入").first).to_be_visible()
    table = page.get_by_role("table")
    expect(table).to_contain_text("B2")
    expect(table).to_contain_text("统一社会信用代码")
    expect(table).to_contain_text("E3")
    expect(table).to_contain_text("不在本市范围内")
    expect(page.get_by_role("button", name="导入")).to_have_count(0)
    accessible(page)
    press(page, page.get_by_role("navigation", name="按结果").get_by_role("link", name="疑似重复"))
    expect(table).to_contain_text("是同一处就在“编号”列填")


def _is_not_on_file(page: Page) -> None:
    visit(page, "/places/?q=示例旅途")
    expect(page.get_by_text("没有符合这些条件的场所")).to_be_visible()


def _upload(page: Page, sheet: Path) -> int:
    visit(page, "/places/import/")
    page.get_by_label("名单", exact=True).set_input_files(sheet)
    return press(page, button(page, "上传，先看看")).status


def _sheet(path: Path, rows: Iterable[Any]) -> Path:
    """An .xlsx like one that people make; a text that begins with = becomes a formula."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": True}) as book:
        page = book.add_worksheet("场所")
        for line, cells in enumerate([HEADINGS, *rows]):
            page.write_row(line, 0, cells)
    return path
