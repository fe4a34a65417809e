"""Facts about a place as people type them, brought into one form, or the sentence on each fault."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Choices

from safegrid.enterprises.credit_code import check_credit_code
from safegrid.enterprises.industries import check_industry
from safegrid.enterprises.models import (
    EnterpriseKind,
    Grade,
    PlaceKind,
    PlaceState,
    Size,
)
from safegrid.shared import clock, numbers
from safegrid.shared.numbers import fold
from safegrid.territory import coordinates

ENTERPRISE_FIELDS = {
    "credit_code": "credit_code",
    "enterprise_name": "name",
    "enterprise_kind": "kind",
    "legal_representative": "legal_representative",
    "size": "size",
    "founded_on": "founded_on",
}
SHARED_FIELDS = ("industry", "is_above_scale")  # kept on both: lists read the place's
PERSONAL = frozenset(
    {"principal", "phone", "safety_manager", "safety_phone", "legal_representative"}
)
LABELS = {
    "name": "场所名称",
    "credit_code": "统一社会信用代码",
    "enterprise_name": "单位名称",
    "enterprise_kind": "主体类别",
    "legal_representative": "法定代表人",
    "founded_on": "成立日期",
    "kind": "场所类型",
    "more_kinds": "还属于",
    "industry": "行业代码",
    "size": "规模",
    "state": "状态",
    "is_nine_small": "九小场所",
    "is_above_scale": "规上",
    "is_high_risk": "高危行业",
    "is_mixed_use": "多业态",
    "has_gas": "用燃气",
    "address": "地址",
    "lon": "经度",
    "lat": "纬度",
    "source_crs": "坐标系",
    "area_code": "网格",
    "grid": "网格",
    "principal": "负责人",
    "phone": "负责人电话",
    "safety_manager": "安全管理员",
    "safety_phone": "安全管理员电话",
    "staff": "员工数",
    "floor_area": "面积",
    "grade": "风险等级",
    "yearly_cap": "每年检查上限",
    "is_demo": "演示数据",
    "point": "坐标",
    "kind_id": "场所类型",
    "grid_id": "网格",
}
_YES = {"是", "有", "对", "y", "yes", "1", "true", "√", "✓", "规上", "九小", "使用", "用"}
_NO = {"否", "无", "不", "没有", "n", "no", "0", "false", "×", "x", "规下", "-", "/", "不用"}
_CRS = {
    "wgs84": "wgs84", "wgs-84": "wgs84", "gps": "wgs84", "天地图": "cgcs2000",
    "cgcs2000": "cgcs2000", "2000": "cgcs2000", "国家2000": "cgcs2000",
    "大地2000": "cgcs2000", "2000国家大地坐标系": "cgcs2000",
    "gcj02": "gcj02", "gcj-02": "gcj02", "火星": "gcj02", "火星坐标": "gcj02",
    "高德": "gcj02", "腾讯": "gcj02", "微信": "gcj02",
    "bd09": "bd09", "bd-09": "bd09", "百度": "bd09",
}  # fmt: skip
_KIND_WORDS = {
    "个体": "self_employed", "个体户": "self_employed", "公司": "company", "法人": "company",
    "有限责任公司": "company", "有限公司": "company", "合作社": "cooperative",
    "专业合作社": "cooperative", "事业": "institution", "社会组织": "non_profit", "无": "none",
    "无证无照": "none",
}  # fmt: skip
_STATE_WORDS = {
    "营业": "open", "正常": "open", "在业": "open", "存续": "open", "开业": "open",
    "歇业": "suspended", "停产": "suspended", "关闭": "closed", "吊销": "closed",
}  # fmt: skip
_NARROW = {
    code: chr(code - 0xFEE0)
    for span in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B))
    for code in range(*span)
} | dict.fromkeys(range(32), " ")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_NUMBER = re.compile(
    r"(?:约|大约)?([0-9][0-9,]*(?:\.[0-9]+)?)\s*(?:人|名|个|平方米|平米|平|㎡|m2|m²)?(?:左右)?"
)


@dataclass(frozen=True)
class Known:
    """The kinds of places, read once for many rows."""

    kinds: dict[str, PlaceKind]
    words: dict[str, str]

    @classmethod
    def read(cls) -> "Known":
        kinds = {kind.code: kind for kind in PlaceKind.objects.all()}
        words = {
            fold(alias): kind.code for kind in reversed(kinds.values()) for alias in kind.aliases
        }
        words |= {fold(kind.name): kind.code for kind in kinds.values()}
        return cls(kinds, words)

    def kind_code(self, value: Any) -> str:
        """The code of a kind given as itself, its code, its name or one of its other names."""
        word = value.code if isinstance(value, PlaceKind) else fold(str(value))
        if word in self.kinds:
            return str(word)
        if code := self.words.get(word):
            return code
        near = [kind.name for kind in self.kinds.values() if word and word in fold(kind.name)]
        hint = f"，是不是“{near[0]}”" if near else "，可用的类别见模板第二页"
        raise ValueError(f"没有“{word}”这个场所类型{hint}")

    def kind_codes(self, value: Any) -> list[str]:
        given = re.split(r"[、，,;；/]", value) if isinstance(value, str) else list(value or ())
        return list(dict.fromkeys(self.kind_code(one) for one in given if str(one).strip()))


def clean(facts: Mapping[str, Any], known: Known) -> tuple[dict[str, Any], dict[str, str]]:
    """The given facts in one form, and a sentence for each that is wrong; blanks stay blank.

    The point comes out in WGS-84 degrees with `source_crs` telling what it was given in.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in facts.items():
        parse = _parser(name, known)
        if parse is None:
            raise TypeError(f"a place has no {name}")
        try:
            values[name] = parse(value)
        except ValueError as error:
            errors[name] = str(error)
    if not errors.keys() & {"lon", "lat", "source_crs"}:
        _place_point(values, errors)
    return values, errors


def text(limit: int, value: Any) -> str:
    """Text as it is written: letters and digits narrow, brackets wide among Chinese, no marks."""
    given = "" if value is None else str(value)
    visible = "".join(sign for sign in given if unicodedata.category(sign) != "Cf")
    cleaned = re.sub(r"\s+", " ", visible.translate(_NARROW)).strip()
    if _CHINESE.search(cleaned):
        cleaned = cleaned.replace("(", "（").replace(")", "）")
    if len(cleaned) > limit:
        raise ValueError(f"最多{limit}个字，这里有{len(cleaned)}个")
    return cleaned


def flag(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return bool(value)
    word = fold(str(value)).lower().removesuffix(".0")
    if word in _YES:
        return True
    if word in _NO or not word:
        return False
    raise ValueError(f"“{value}”看不出是还是否，填“是”或“否”")


def whole(most: int, value: Any) -> int | None:
    if value is None or value == "":
        return None
    found = _NUMBER.fullmatch(fold(str(value)))
    if found is None:
        raise ValueError(f"“{value}”不是数，填整数")
    number = round(float(found[1].replace(",", "")))
    if number > most:
        raise ValueError(f"{number}太大了，最多{most}")
    return number


def one_of(choices: type[Choices], words: Mapping[str, str], value: Any) -> str:
    word = fold("" if value is None else str(value))
    codes = {str(label): str(code) for code, label in choices.choices} | dict(words)
    if word in choices.values:
        return word
    if word in codes:
        return codes[word]
    raise ValueError(f"“{word}”不认识，可填：{'、'.join(str(label) for label in choices.labels)}")


def past_day(value: Any) -> Any:
    if value in (None, ""):
        return None
    day = numbers.parse_date(value)
    if day > clock.today():
        raise ValueError(f"日期{day}还没到，不能晚于今天")
    return day


def degrees(value: Any) -> float | None:
    if value is None or value == "":
        return None
    try:
        return float(fold(str(value)).rstrip("°EN东经北纬 "))
    except ValueError:
        raise ValueError(f"“{value}”不是度数，写成129.618000这样") from None


def crs(value: Any) -> str:
    word = fold(str(value or "")).lower().removesuffix("坐标系").removesuffix("坐标") or "wgs84"
    if word not in _CRS:
        raise ValueError(f"“{value}”坐标系不认识，可填WGS84、国家2000、高德、百度")
    return _CRS[word]


def _phone(value: Any) -> str:
    return numbers.parse_phone(str(value)) if value not in (None, "") else ""


def _credit_code(value: Any) -> str | None:
    if value in (None, ""):
        return None
    if isinstance(value, int | float) or re.fullmatch(r"[0-9.]+[Ee]\+?[0-9]+", str(value)):
        raise ValueError("信用代码被存成了数字，末几位已经丢了；把这一列改成文本格式再填一遍")
    return check_credit_code(str(value))


def _industry(value: Any) -> str:
    return check_industry(str(value)) if value not in (None, "") else ""


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "name": partial(text, 120),
    "credit_code": _credit_code,
    "enterprise_name": partial(text, 120),
    "enterprise_kind": partial(one_of, EnterpriseKind, _KIND_WORDS),
    "legal_representative": partial(text, 40),
    "founded_on": past_day,
    "industry": _industry,
    "size": partial(one_of, Size, {"": ""}),
    "state": partial(one_of, PlaceState, _STATE_WORDS),
    "grade": partial(one_of, Grade, {}),
    "address": partial(text, 160),
    "lon": degrees,
    "lat": degrees,
    "source_crs": crs,
    "area_code": partial(text, 60),
    "principal": partial(text, 40),
    "phone": _phone,
    "safety_manager": partial(text, 40),
    "safety_phone": _phone,
    "staff": partial(whole, 500_000),
    "floor_area": partial(whole, 10_000_000),
    "yearly_cap": partial(whole, 365),
    **dict.fromkeys(
        (
            "is_nine_small",
            "is_above_scale",
            "is_high_risk",
            "is_mixed_use",
            "has_gas",
            "is_demo",
        ),
        flag,
    ),
}


def _parser(name: str, known: Known) -> Callable[[Any], Any] | None:
    if name == "kind":
        return known.kind_code
    if name == "more_kinds":
        return known.kind_codes
    return _PARSERS.get(name)


def _place_point(values: dict[str, Any], errors: dict[str, str]) -> None:
    """Bring the point into WGS-84; both degrees or none."""
    lon, lat = values.get("lon"), values.get("lat")
    if "lon" not in values and "lat" not in values:
        return
    if (lon is None) != (lat is None):
        errors["lon" if lon is None else "lat"] = "经度和纬度要一起填"
        return
    if lon is None or lat is None:
        return
    if 73 <= lat <= 136 and 3 <= lon <= 54:
        errors["lon"] = "经度和纬度写反了"
        return
    try:
        point = coordinates.to_wgs84(lon, lat, values.get("source_crs", "wgs84"))
    except ValueError as error:
        errors["lon"] = str(error)
        return
    values["lon"], values["lat"] = round(point[0], 7), round(point[1], 7)
