"""Which column of a list of places holds what: found by the words people use as headings."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from safegrid.enterprises.sheets import Line, SheetRefused, column_name
from safegrid.shared.numbers import fold

HEADER_WITHIN = 20  # lines; title rows may stand above
FIELDS: dict[str, tuple[str, ...]] = {
    "number": ("编号", "场所编号"),
    "name": ("场所名称", "字号名称", "店名", "商户名称", "单位名称", "企业名称", "名称"),
    "enterprise_name": ("主体名称", "营业执照名称", "法人单位名称", "所属企业"),
    "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "统一信用代码", "营业执照号"),
    "enterprise_kind": ("主体类别", "主体类型", "企业类型", "市场主体类型"),
    "kind": ("场所类型", "场所类别", "类别", "类型", "场所种类", "九小类别", "业态"),
    "more_kinds": ("还属于", "其他类型", "其他类别"),
    "industry": ("行业代码", "国民经济行业", "国民经济行业代码", "行业", "行业类别代码"),
    "address": ("地址", "经营地址", "详细地址", "场所地址", "单位地址", "经营场所"),
    "lon": ("经度", "坐标经度", "lng", "lon", "longitude"),
    "lat": ("纬度", "坐标纬度", "lat", "latitude"),
    "source_crs": ("坐标系", "坐标类型"),
    "area_code": (
        "网格", "网格编码", "网格代码", "所属网格", "网格名称", "社区", "所属社区", "村社区",
    ),
    "principal": ("负责人", "主要负责人", "经营者", "负责人姓名", "联系人"),
    "phone": ("电话", "负责人电话", "联系电话", "手机", "手机号", "联系方式", "手机号码"),
    "legal_representative": ("法定代表人", "法人", "法人代表"),
    "safety_manager": ("安全管理员", "安全管理人员", "安全员"),
    "safety_phone": ("安全管理员电话", "安全员电话"),
    "staff": ("员工数", "从业人数", "员工人数", "从业人员", "人数", "职工人数"),
    "floor_area": ("面积", "建筑面积", "经营面积", "营业面积", "场所面积"),
    "size": ("规模", "企业规模"),
    "is_above_scale": ("规上", "是否规上", "规上规下"),
    "is_nine_small": ("九小", "九小场所", "是否九小", "是否九小场所"),
    "is_mixed_use": ("多业态", "是否多业态", "多业态混合"),
    "has_gas": ("用燃气", "是否用燃气", "使用燃气", "燃气"),
    "state": ("状态", "经营状态", "营业状态"),
    "founded_on": ("成立日期", "注册日期", "开业日期", "成立时间"),
}  # fmt: skip
_WORDS = {word: field for field, words in FIELDS.items() for word in words}
# A list of organisations heads its name column 单位名称 and the place's own 场所名称.
_ENTERPRISE_NAMES = {"单位名称", "企业名称"}
_NOISE = re.compile(r"[\s*＊:：]|[(（][^)）]*[)）]")


class Record(NamedTuple):
    """One row: what it says by field, and the column that each field stands in."""

    line: int
    facts: dict[str, Any]
    columns: dict[str, int]

    def cell(self, field: str) -> str:
        """C7, or the line where the field has no column."""
        column = self.columns.get(field)
        return f"第{self.line}行" if column is None else f"{column_name(column)}{self.line}"


def records(lines: Iterable[Line]) -> Iterator[Record]:
    """The rows below the heading that hold anything; blank cells are left out.

    Raises SheetRefused when no heading is found.
    """
    waiting = iter(lines)
    head: list[Line] = []
    for line in waiting:
        head.append(line)
        if len(head) == HEADER_WITHIN:
            break
    columns, first = _heading(head)
    yield from _rows([line for line in head if line[0] >= first], columns)
    yield from _rows(waiting, columns)


def _rows(lines: Iterable[Line], columns: dict[str, int]) -> Iterator[Record]:
    for number, cells in lines:
        facts = {}
        for field, column in columns.items():
            value = _value(cells[column]) if column < len(cells) else ""
            if value != "":
                facts[field] = value
        if facts:
            yield Record(number, facts, columns)


def _heading(head: list[Line]) -> tuple[dict[str, int], int]:
    """The columns by field and the first line of data; a heading may take two lines."""
    best: tuple[int, int, dict[str, int]] = (0, 0, {})
    for at, (number, cells) in enumerate(head):
        single = _columns(cells, [])
        double = _columns(head[at + 1][1], cells) if at + 1 < len(head) else {}
        lower = _columns(head[at + 1][1], []) if at + 1 < len(head) else {}
        if len(single) > best[0]:
            best = (len(single), number + 1, single)
        if lower and len(double) > max(best[0], len(lower)):
            best = (len(double), number + 2, double)
    found, first, columns = best
    if found < 2 or "name" not in columns:
        raise SheetRefused(
            "没找到表头：前20行里要有一行写着“场所名称”“场所类型”“地址”等列名，可先下载模板对照"
        )
    return columns, first


def _columns(cells: list[Any], above: list[Any]) -> dict[str, int]:
    """Field → column; a cell that says nothing known takes the word above it."""
    found: dict[str, int] = {}
    words: dict[int, str] = {}
    for column in range(max(len(cells), len(above))):
        for row in (cells, above):
            word = _word(row[column]) if column < len(row) else ""
            if word in _WORDS:
                words[column] = word
                break
    has_own_name = bool({"场所名称", "字号名称", "店名"} & set(words.values()))
    for column, word in sorted(words.items(), key=lambda pair: _rank(pair[1])):
        is_entity = has_own_name and word in _ENTERPRISE_NAMES
        found.setdefault("enterprise_name" if is_entity else _WORDS[word], column)
    return found


def _rank(word: str) -> int:
    """Where a field has several columns the word that stands first counts: 网格 before 社区."""
    return FIELDS[_WORDS[word]].index(word)


def _word(cell: Any) -> str:
    return _NOISE.sub("", fold(str(cell))).lower() if isinstance(cell, str) else ""


def _value(cell: Any) -> Any:
    """A cell as it is typed: whole numbers without .0, days as ISO text, text as it stands."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, bool | int | float):
        return cell
    return str(cell).replace("\0", "").strip() if fold(str(cell)) else ""
