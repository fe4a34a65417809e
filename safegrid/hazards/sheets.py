"""The ledger (台账) of hazards as an Excel file; no cell is ever a formula."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import xlsxwriter

from safegrid.hazards.models import Hazard
from safegrid.shared.clock import day_of

MOST_ROWS = 20_000
RISKY = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: tuple[tuple[str, int, Callable[[Any], Any]], ...] = (
    ("编号", 20, lambda one: one.number),
    ("级别", 10, lambda one: one.get_severity_display()),
    ("问题", 40, lambda one: one.title),
    ("位置", 16, lambda one: one.spot),
    ("场所", 28, lambda one: one.place.name),
    ("网格", 20, lambda one: one.ground),
    ("步骤", 12, lambda one: one.get_state_display()),
    ("牵头部门", 16, lambda one: one.department.short_name if one.department else ""),
    ("来源", 10, lambda one: one.get_origin_display()),
    ("发现", 12, lambda one: str(day_of(one.found_at))),
    ("整改方式", 10, lambda one: _manner(one)),
    ("期限", 12, lambda one: str(one.due_on or "")),
    ("超期", 8, lambda one: "是" if one.is_overdue else ""),
    ("延期次数", 10, lambda one: str(one.extensions or "")),
    ("整改要求", 40, lambda one: one.demand),
    ("交回", 12, lambda one: str(day_of(one.repaired_at)) if one.repaired_at else ""),
    ("销号", 12, lambda one: str(day_of(one.closed_at)) if one.closed_at else ""),
)


def ledger(hazards: Iterable[Hazard]) -> bytes:
    """An xlsx file with a row for each hazard."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("隐患台账")
    head = book.add_format({"bold": True})
    for column, (name, width, _) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for row, hazard in enumerate(hazards, 1):
        for column, (_, _, read) in enumerate(COLUMNS):
            sheet.write_string(row, column, harmless(str(read(hazard))))
    sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


def harmless(text: str) -> str:
    """The text so that no program takes it for a formula, wherever it is pasted."""
    return f"'{text}" if text.startswith(RISKY) else text


def _manner(hazard: Hazard) -> str:
    return "当场改好" if hazard.closed_on_spot else hazard.manner
