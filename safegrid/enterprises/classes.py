"""What class a place or an enterprise falls into, by thresholds kept as data, with the reason."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from safegrid.shared import clock

_DATA = Path(__file__).parent / "data" / "classes.yaml"
_SIZES = ("micro", "small", "medium", "large")
_UNITS = {
    "floor_area": "平方米",
    "seats": "个餐位",
    "beds": "张床",
    "pupils": "人",
    "boarders": "人",
}


class Verdict(NamedTuple):
    """`value` None: cannot be said from what is known; `reason` says why, `source` by what rule."""

    value: bool | None
    reason: str
    source: str = ""


def is_nine_small(kind: Any, facts: Mapping[str, Any], on: date | None = None) -> Verdict:
    """Whether a place of this kind (a `PlaceKind`) is one of the 九小场所.

    Facts known about it: floor_area in m², seats, beds, pupils, boarders; what is missing is not
    held against it.
    """
    if not kind.is_nine_small:
        return Verdict(False, f"{kind.name}不在九小场所里")
    rules = _in_force("nine_small", on)
    if rules is None:
        return Verdict(True, f"{kind.name}属于九小场所")
    limits = rules["limits"].get(kind.code, [])
    known = [limit for limit in limits if facts.get(limit["fact"]) is not None]
    for limit in known:
        value = facts[limit["fact"]]
        if value > limit["most"]:
            shown = f"{value}{_UNITS[limit['fact']]}，超过{kind.name}的界限：{limit['words']}"
            return Verdict(False, shown, _cited(rules))
    if not known:
        return Verdict(True, f"{kind.name}属于九小场所", _cited(rules))
    words = "，".join(limit["words"] for limit in known)
    return Verdict(True, f"{kind.name}，{words}", _cited(rules))


def is_above_scale(
    industry: str,
    revenue: float | None = None,
    *,
    has_qualification: bool | None = None,
    on: date | None = None,
) -> Verdict:
    """Whether an enterprise is 规上; revenue is that of a year in 10,000 yuan."""
    rules = _in_force("above_scale", on)
    rule = _longest(rules["rules"], industry) if rules and industry else None
    if rules is None or rule is None:
        why = "没有这个行业的规上标准" if industry else "没有行业代码，定不了规上规下"
        return Verdict(None, why)
    source = _cited(rules)
    if rule.get("always"):
        return Verdict(True, rule["words"], source)
    if rule.get("needs"):
        known = {True: "有资质", False: "没有资质"}.get(has_qualification, "不知道有没有资质")  # type: ignore[arg-type]
        return Verdict(has_qualification, f"{known}，标准是{rule['words']}", source)
    if revenue is None:
        return Verdict(None, f"不知道年收入，标准是{rule['words']}", source)
    return Verdict(
        revenue >= rule["least"], f"年收入{revenue:g}万元，标准是{rule['words']}", source
    )


def size_of(
    industry: str, staff: int | None, revenue: float | None, on: date | None = None
) -> tuple[str, str]:
    """The size class (`large`, `medium`, `small`, `micro`, "" unknown) and the reason."""
    rules = _in_force("sizes", on)
    rule = _longest(rules["rules"], industry) if rules and industry else None
    if rules is None or rule is None:
        return "", "没有这个行业的大中小微划分标准"
    if staff is None or revenue is None:
        return "", "员工数或年收入不知道，定不了大中小微"
    both = min(_step(rule["staff"], staff), _step(rule["revenue"], revenue))
    return _SIZES[both], f"员工{staff}人、年收入{revenue:g}万元，凭{_cited(rules)}"


def is_high_risk(kinds: list[Any]) -> Verdict:
    """Whether one of the place's kinds is a high-risk trade."""
    risky = [kind.name for kind in kinds if kind.is_high_risk]
    if risky:
        return Verdict(True, f"{'、'.join(risky)}属于高危行业")
    return Verdict(False, "场所类别都不是高危行业")


def _step(bounds: list[int], value: float) -> int:
    return sum(value >= bound for bound in bounds)


def _longest(rules: list[dict[str, Any]], industry: str) -> dict[str, Any] | None:
    matching = [rule for rule in rules if industry.startswith(rule["industry"])]
    return max(matching, key=lambda rule: len(rule["industry"]), default=None)


def _cited(rules: dict[str, Any]) -> str:
    return str(rules["source"]) + ("" if rules["mark"] == "V" else "（待复核）")


def _in_force(name: str, on: date | None) -> dict[str, Any] | None:
    on = on or clock.today()
    for rules in _data()[name]:
        if rules["valid_from"] <= on and (rules["valid_to"] is None or on < rules["valid_to"]):
            return dict(rules)
    return None


@cache
def _data() -> Any:
    return yaml.safe_load(_DATA.read_text(encoding="utf-8"))
