"""Sheets that go out: the list of places as filtered, and the template for bringing places in."""

import tempfile
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.http import FileResponse

from safegrid.enterprises import queries
from safegrid.enterprises.models import PlaceKind
from safegrid.people.models import User
from safegrid.shared import clock, journal

_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
TEMPLATE_HEADINGS = (
    "编号", "场所名称", "单位名称", "统一社会信用代码", "主体类别", "场所类型", "行业代码", "地址",
    "经度", "纬度", "坐标系", "网格", "负责人", "负责人电话", "安全管理员", "安全管理员电话",
    "员工数", "面积", "规上", "用燃气", "成立日期",
)  # fmt: skip
TEMPLATE_NOTES = (
    ("编号", "新场所留空；改已有的场所填它的编号，如CS-261125-0001"),
    ("场所名称", "必填，门头上的字号"),
    ("单位名称", "营业执照上的名称，与场所名称一样可不填"),
    ("统一社会信用代码", "18位，这一列设成文本格式；没有办执照的留空"),
    ("场所类型", "必填，填第二页的名称或代码"),
    ("地址", "必填"),
    ("经度、纬度", "十进制度数；坐标系填WGS84、国家2000、高德或百度，不填算WGS84"),
    ("网格", "有坐标可不填；填网格代码或全称"),
    ("规上、用燃气", "填是或否"),
    ("空着的格子", "改已有场所时，空着的不改"),
    ("公式", "不收带公式的单元格"),
)


def places(rows: Any, filters: queries.Filters, *, by: Any) -> FileResponse:
    """The filtered places as .xlsx; who took which list is in the journal."""
    stream, count = _sheet(queries.EXPORT_HEADINGS, queries.export_rows(rows))
    _note(count, filters, by)
    return _answer(stream, f"场所-{clock.today():%Y%m%d}.xlsx")


def template() -> FileResponse:
    """An empty list with the headings, the kinds of places, and what goes into each column."""
    stream: Any = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("场所")
        sheet.set_column(0, len(TEMPLATE_HEADINGS) - 1, 14, text)
        sheet.write_row(0, 0, TEMPLATE_HEADINGS, bold)
        sheet.freeze_panes(1, 0)
        kinds = book.add_worksheet("场所类型")
        kinds.set_column(0, 3, 28)
        kinds.write_row(0, 0, ("名称", "代码", "也可以写", "归类"), bold)
        for line, kind in enumerate(PlaceKind.objects.all(), 1):
            kinds.write_row(line, 0, (kind.name, kind.code, "、".join(kind.aliases), kind.group))
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 60)
        for line, pair in enumerate(TEMPLATE_NOTES):
            notes.write_row(line, 0, pair)
    return _answer(stream, "场所导入模板.xlsx")


def _sheet(headings: Iterable[str], rows: Iterable[list[Any]]) -> tuple[Any, int]:
    stream: Any = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer
    count = 0
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        sheet = book.add_worksheet("场所")
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        for count, row in enumerate(rows, 1):
            sheet.write_row(count, 0, row)
    return stream, count


def _answer(stream: Any, name: str) -> FileResponse:
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=name, content_type=_MIME)


def _note(count: int, filters: queries.Filters, by: User) -> None:
    posts = by.posts_granting("enterprises.view")
    plain = {name: value for name, value in vars(filters).items() if value and name != "q"}
    journal.record(
        "enterprises.export",
        "导出场所",
        by,
        by=by,
        post=str(posts[0]) if posts else "",
        area_code=filters.area or (posts[0].area_code if posts else ""),
        changes={"rows": [None, count], "filters": [None, {k: str(v) for k, v in plain.items()}]},
        details={"q": filters.q} if filters.q else {},
    )
