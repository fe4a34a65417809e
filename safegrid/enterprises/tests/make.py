"""Places and lists for tests: fixed values, changed as asked."""

import io
from typing import Any

import xlsxwriter

from safegrid.enterprises import actions
from safegrid.enterprises.models import Place

HEADINGS = (
    "场所名称",
    "统一社会信用代码",
    "场所类型",
    "地址",
    "经度",
    "纬度",
    "负责人",
    "负责人电话",
)
GOOD_CODE = "91350100M000100Y43"


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "name": "示例新开饭店",
        "kind": "restaurant",
        "address": "光明路20号",
        "lon": 129.603,
        "lat": 44.603,
        "principal": "鲁老板",
        "phone": "13800001111",
        **changes,
    }


def place(**changes: Any) -> Place:
    return actions.add_place(**facts(**changes))


def row(**changes: Any) -> list[Any]:
    """A row under `HEADINGS`."""
    values = {
        "name": "示例新开饭店",
        "code": "",
        "kind": "小餐馆",
        "address": "光明路20号",
        "lon": 129.603,
        "lat": 44.603,
        "principal": "鲁老板",
        "phone": "13800001111",
    }
    return list({**values, **changes}.values())


def sheet(rows: list[list[Any]], headings: Any = HEADINGS, title: str = "") -> io.BytesIO:
    """An .xlsx in memory, with a title row above the headings where one is given."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": True}) as book:
        page = book.add_worksheet("场所")
        lines = [*([[title]] if title else []), list(headings), *rows]
        for line, cells in enumerate(lines):
            page.write_row(line, 0, cells)
    stream.seek(0)
    stream.name = "名单.xlsx"
    return stream
