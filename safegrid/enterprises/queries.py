"""Reads of places for lists and exports."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from safegrid.enterprises.models import Grade, Place, PlaceKind, PlaceState
from safegrid.people.models import Organisation
from safegrid.shared import masking
from safegrid.shared.numbers import fold
from safegrid.territory.codes import WIDTHS, prefix_end
from safegrid.territory.models import Area

GAPS = {"grid": "没有进网格", "lead": "没有牵头部门"}
FLAGS = {
    "nine_small": "is_nine_small",
    "above_scale": "is_above_scale",
    "high_risk": "is_high_risk",
}
TEXT_LIMIT = 60
EXPORT_HEADINGS = (
    "编号", "场所名称", "单位名称", "统一社会信用代码", "场所类型", "行业代码", "地址", "网格",
    "负责人", "电话（已遮盖）", "员工数", "面积", "九小场所", "规上", "状态", "风险等级",
    "牵头部门", "未销号隐患",
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; everything unknown in the query string counts as not given."""

    q: str = ""
    area: str = ""
    kind: str = ""
    state: str = ""
    grade: str = ""
    lead: str = ""
    gap: str = ""
    flags: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: Any) -> "Filters":
        lead = given.get("lead", "")
        return cls(
            q=searched(given.get("q", "")),
            area=_code(given.get("area", "")),
            kind=_kind(given.get("kind", "")),
            state=_known(given.get("state", ""), PlaceState.values),
            grade=_known(given.get("grade", ""), Grade.values),
            lead=lead if lead.isascii() and lead.isdigit() and len(lead) < 10 else "",
            gap=_known(given.get("gap", ""), list(GAPS)),
            flags=tuple(name for name in FLAGS if given.get(name) == "1"),
        )

    def narrow(self, rows: Any) -> Any:
        """The rows that match, by area and name."""
        if self.area:
            rows = rows.filter(area_code__gte=self.area, area_code__lt=prefix_end(self.area))
        exact: dict[str, Any] = {"kind": self.kind, "state": self.state, "grade": self.grade}
        exact |= {"lead_department": self.lead, **{FLAGS[name]: True for name in self.flags}}
        rows = rows.filter(**{name: value for name, value in exact.items() if value})
        if self.gap:
            rows = rows.filter(**{f"{_GAP_FIELDS[self.gap]}__isnull": True})
        for word in self.q.split():
            rows = rows.filter(_mentions(word))
        return rows.order_by("area_code", "name")

    @property
    def is_set(self) -> bool:
        return self != Filters()


_GAP_FIELDS = {"grid": "grid", "lead": "lead_department"}


def searched(text: str) -> str:
    """What somebody looks for, short and without control characters."""
    return "".join(sign for sign in fold(text) if sign.isprintable())[:TEXT_LIMIT]


def kind_groups() -> list[tuple[str, list[PlaceKind]]]:
    """The kinds of places under their headings, in their order."""
    groups: dict[str, list[PlaceKind]] = {}
    for kind in PlaceKind.objects.all():
        groups.setdefault(kind.group or "其他", []).append(kind)
    return list(groups.items())


def area_choices(user: Any, permission: str, area: str) -> list[Area]:
    """The chosen area with those above it in the user's reach and those right below it."""
    roots = {post.area_code for post in user.posts_granting(permission)}
    start = area or min(roots, key=len, default="")
    if not start:
        return []
    below = next((width for width in WIDTHS if width > len(start)), WIDTHS[-1])
    above = [start[:width] for width in WIDTHS if width <= len(start)]
    rows = Area.objects.in_force().filter(
        Q(code__in=above) | Q(pk__in=Area.objects.below(start).filter(level=_level(below)))
    )
    return [row for row in rows if any(row.code.startswith(root) for root in roots)]


def leads(rows: Any) -> list[Organisation]:
    """The departments that lead at least one of the places."""
    found = rows.order_by().values("lead_department").distinct()
    return list(Organisation.objects.filter(pk__in=found).order_by("area_code", "name"))


def export_rows(rows: Any) -> Iterator[list[Any]]:
    """The places as rows of a sheet, phones masked."""
    rows = rows.select_related("enterprise", "kind", "grid", "lead_department")
    rows = rows.defer("grid__boundary")
    for place in rows.iterator(chunk_size=2000):
        yield [safe_cell(value) for value in _export_row(place)]


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.lstrip()[:1] in tuple("=+-@\t\r"):
        return f"'{value}"
    return value


def _export_row(place: Place) -> list[Any]:
    return [
        place.number,
        place.name,
        place.enterprise.name,
        place.enterprise.credit_code or "",
        place.kind.name,
        place.industry,
        place.address,
        place.grid.full_name if place.grid else "",
        place.principal,
        masking.mask_phone(place.phone),
        place.staff if place.staff is not None else "",
        place.floor_area if place.floor_area is not None else "",
        "是" if place.is_nine_small else "否",
        "是" if place.is_above_scale else "否",
        place.get_state_display(),
        place.get_grade_display(),
        place.lead_department.short_name if place.lead_department else "",
        place.open_hazards,
    ]


def _mentions(word: str) -> Q:
    found = Q(name__icontains=word) | Q(address__icontains=word) | Q(number__icontains=word)
    return found | Q(enterprise__name__icontains=word) | Q(enterprise__credit_code=word.upper())


def _kind(value: str) -> str:
    return value if value.replace("-", "").isalnum() and value.isascii() else ""


def _known(value: str, allowed: list[str]) -> str:
    return value if value in allowed else ""


def _code(value: str) -> str:
    is_code = value.isascii() and value.isalnum() and len(value) in WIDTHS
    return value.upper() if is_code else ""


def _level(width: int) -> int:
    return WIDTHS.index(width) + 1
