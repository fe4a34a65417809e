"""The demo city's places: an Excel list such as a street would send, taken in by the import."""

import json
from pathlib import Path
from typing import Any

import shapely
import xlsxwriter

from safegrid.demo.cast import TRADES, Cast
from safegrid.enterprises.credit_code import make_credit_code
from safegrid.territory.models import Area

HEADINGS = (
    "场所名称", "统一社会信用代码", "主体类别", "场所类型", "行业代码", "地址", "经度", "纬度",
    "负责人", "负责人电话", "员工数", "面积", "规上", "用燃气", "网格",
)  # fmt: skip
STREETS = ("光明", "新华", "文化", "西圣林", "东新荣", "北安", "兴隆", "大庆", "铁岭", "向阳")
BUSY = {"231004": 3, "231025": 1}
WITHOUT_POINT = 97


def write_list(path: Path, cast: Cast, count: int) -> None:
    """An .xlsx of `count` places, spread over the grids, some without a point."""
    grids = [grid for grid in Area.objects.filter(level=6).order_by("code") if grid.boundary]
    weights = [BUSY.get(grid.code[:6], 1) for grid in grids]
    shapes = {grid.code: shapely.from_geojson(json.dumps(grid.boundary)) for grid in grids}
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("场所")
        sheet.write_row(0, 0, ["示例场所名单（演示数据，名称、人员、号码均为虚构）"])
        sheet.write_row(1, 0, HEADINGS)
        for serial in range(count):
            grid = cast.random.choices(grids, weights)[0]
            sheet.write_row(serial + 2, 0, _row(cast, grid, shapes[grid.code], serial))


def _row(cast: Cast, grid: Area, shape: Any, serial: int) -> list[Any]:
    kind = cast.kind()
    _, _, industry, staff, floor, gas = TRADES[kind]
    lon, lat = _point(cast, shape)
    is_company, is_lost = staff[1] > 20, serial % WITHOUT_POINT == 1
    people_count = cast.random.randint(*staff)
    return [
        cast.place_name(kind),
        make_credit_code(grid.code[:6], serial, kind="91" if is_company else "92"),
        "企业" if is_company else "个体工商户",
        kind,
        industry,
        _address(cast, grid),
        "" if is_lost else lon,
        "" if is_lost else lat,
        cast.person(),
        cast.phone(),
        people_count,
        cast.random.randint(*floor),
        "是" if people_count > 90 else "否",
        "是" if gas and cast.random.random() < 0.8 else "否",
        grid.code[:9] if is_lost else "",
    ]


def _address(cast: Cast, grid: Area) -> str:
    street, house = cast.random.choice(STREETS), cast.random.randint(1, 299)
    return f"{grid.full_name.replace('·', '')}{street}路{house}号"


def _point(cast: Cast, shape: Any) -> tuple[float, float]:
    """A point within the grid, a little off its border."""
    inner = shape.buffer(-0.0003)
    area = inner if not inner.is_empty else shape
    left, bottom, right, top = area.bounds
    while True:
        lon = round(cast.random.uniform(left, right), 6)
        lat = round(cast.random.uniform(bottom, top), 6)
        if area.contains(shapely.Point(lon, lat)):
            return lon, lat
