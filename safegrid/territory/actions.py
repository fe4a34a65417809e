"""Upkeep of the territory: divisions, grids, their names and boundaries.

What is wrong with the input raises ValidationError, what can't be done now `Refused`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from safegrid.shared import clock, journal
from safegrid.shared.numbers import fold
from safegrid.shared.refusals import Refused
from safegrid.territory import codes, outlines
from safegrid.territory.models import Area, Edition, Kind, Level
from safegrid.territory.outlines import Feature
from safegrid.territory.queries import codes_above

ROOTS = (Level.PROVINCE, Level.CITY)
ZONE_LEVELS = ("township_like_unit", "zone")
YES = ("yes", "是", "true", "1")
BATCH = 500


@dataclass
class Outcome:
    """What an import does, or what is wrong with it."""

    added: int = 0
    changed: int = 0
    same: int = 0
    unverified: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        text = f"新增{self.added}，更新{self.changed}，没变{self.same}"
        return f"{text}，代码待复核{len(self.unverified)}" if self.unverified else text


@dataclass
class _Plan:
    """Areas to write, with the journal's word for each."""

    known: dict[str, Area]
    parents: dict[str, Area]
    taken: set[str]
    seen: set[str] = field(default_factory=set)
    new: list[Area] = field(default_factory=list)
    changed: list[tuple[Area, dict[str, Any]]] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)


@transaction.atomic
def add_area(
    *, code: str, name: str, kind: str = Kind.DIVISION, by: Any = None, **facts: Any
) -> Area:
    """A new area below its parent; without a code it gets a local one below `parent`."""
    parent = facts.pop("parent", "")
    plan = _plan([code] if code else [], [parent] if parent else [])
    area = _prepared(plan, code or _local_code(plan, parent), name, kind, facts)
    if area.code in plan.known:
        raise ValidationError(f"代码{area.code}已有：{plan.known[area.code]}")
    area.save()
    journal.record("territory.add_area", "新设区划网格", area, by=by, area_code=area.code)
    return area


@transaction.atomic
def edit_area(
    area: Area,
    *,
    by: Any,
    name: str,
    population: int | None,
    note: str | None = None,
    version: int | None = None,
) -> Area:
    """Rename or recount; a new name is carried to everything below."""
    area = Area.objects.select_for_update().get(pk=area.pk)
    area.expect(version)
    before = area.full_name
    facts = {"population": population, "note": area.note if note is None else fold(note)}
    changes = _renewed(area, name, facts, clears=True)
    if not changes:
        return area
    area.save()
    if area.full_name != before:
        _rename_below([area])
    journal.record(
        "territory.edit_area", "改区划网格", area, by=by, area_code=area.code, changes=changes
    )
    return area


@transaction.atomic
def close_area(area: Area, *, by: Any, on: date, succeeded_by: list[str], note: str) -> Area:
    """The area ends on a day; its code stays resolvable and names what came after."""
    area = Area.objects.select_for_update().get(pk=area.pk)
    if area.valid_to:
        raise Refused(f"{area}已于{area.valid_to}停用")
    if on <= area.valid_from:
        raise ValidationError(f"停用要晚于启用（{area.valid_from}）")
    below = Area.objects.below(area.code).in_force(on).exclude(pk=area.pk)
    if first := below.first():
        raise Refused(f"{first}还在用，先停用下面的")
    missing = set(succeeded_by) - set(_existing(succeeded_by))
    if missing:
        raise ValidationError(f"接续代码{'、'.join(sorted(missing))}不存在")
    area.valid_to, area.succeeded_by = on, succeeded_by
    area.changed_at, area.version = clock.now(), area.version + 1
    area.save()
    journal.record(
        "territory.close_area", "停用区划网格", area, by=by, area_code=area.code, note=note,
        changes={"valid_to": [None, on.isoformat()], "succeeded_by": [[], succeeded_by]},
    )  # fmt: skip
    return area


@transaction.atomic
def import_divisions(rows: Iterable[dict[str, str]], *, by: Any = None) -> Outcome:
    """Official divisions: rows with code (padded or not), name, level, verified and note.

    A row without a code gets a local one below its `parent_code`. All rows or none: raises
    ValidationError with one sentence for each bad row.
    """
    wanted, errors = [], []
    for number, row in enumerate(rows, 1):
        try:
            wanted.append(_division(row))
        except ValueError as error:
            errors.append(f"第{number}行：{error}")
    plan = _plan([code for code, _, _ in wanted if code], [parent for _, parent, _ in wanted])
    plan.outcome.errors += errors
    for code, parent, row in sorted(wanted, key=lambda one: one[0] or f"{one[1]}~"):
        _take_division(plan, code, parent, row)
    if plan.outcome.errors:
        raise ValidationError(plan.outcome.errors)
    return _carry_out(plan, by, "导入区划")


@transaction.atomic
def import_grids(
    collection: Any, *, by: Any = None, crs: str = "wgs84", below: str = ""
) -> Outcome:
    """Communities and grids from a GeoJSON FeatureCollection; all of it or nothing.

    Properties: code, name, parent, kind, population. A feature whose code exists gives it its
    boundary; one without a code gets a local one below its parent. `below` keeps the file within
    an area. Raises ValidationError with one sentence for each bad feature.
    """
    plan = _read_grids(collection, crs, below)
    if plan.outcome.errors:
        raise ValidationError(plan.outcome.errors)
    return _carry_out(plan, by, "导入网格")


def preview_grids(collection: Any, *, crs: str = "wgs84", below: str = "") -> Outcome:
    """What `import_grids` would do, without doing it; the faults stand in `errors`."""
    plan = _read_grids(collection, crs, below)
    return _counted(plan)


def _read_grids(collection: Any, crs: str, below: str) -> _Plan:
    features, errors = outlines.read(collection, crs)
    plan = _plan([one.code for one in features if one.code], [one.parent for one in features])
    plan.outcome.errors += errors
    for feature in sorted(features, key=lambda one: (one.code or f"{one.parent}~", one.number)):
        try:
            _take_grid(plan, feature, below)
        except ValidationError as error:
            plan.outcome.errors += [f"{feature.title}：{said}" for said in error.messages]
    if not plan.outcome.errors:
        plan.outcome.errors += _overlapping(plan)
    return plan


def _take_grid(plan: _Plan, feature: Feature, below: str) -> None:
    if below and not (feature.code or feature.parent).startswith(below):
        raise ValidationError(f"不在{below}范围内")
    code = feature.code or _local_code(plan, feature.parent)
    _take(plan, code, feature.name, feature.kind, feature.facts)


def _division(row: dict[str, str]) -> tuple[str, str, dict[str, str]]:
    """Code, parent's code and the row; raises ValueError with the sentence."""
    given, above = fold(row.get("code") or ""), fold(row.get("parent_code") or "")
    code = codes.unpad(given) if given else ""
    parent = codes.unpad(above) if above else (codes.parent_of(code) or "" if code else "")
    if not code and not parent:
        raise ValueError("没有代码，也没有上级代码")
    return code, parent, row


def _take_division(plan: _Plan, code: str, parent: str, row: dict[str, str]) -> None:
    is_verified = bool(code) and (row.get("verified") or "").strip().lower() in YES
    kind = Kind.ZONE if (row.get("level") or "").strip() in ZONE_LEVELS else Kind.DIVISION
    facts = {"is_verified": is_verified, "note": fold(row.get("note") or "")[:200]}
    try:
        code = code or _named(plan, parent, row["name"]) or _local_code(plan, parent)
        _take(plan, code, row["name"], kind, facts)
    except ValidationError as error:
        plan.outcome.errors += error.messages
        return
    if not is_verified:
        plan.outcome.unverified.append(code)


def _named(plan: _Plan, parent: str, name: str) -> str:
    """The local code that an uncoded unit of this name already has below the parent."""
    rows = Area.objects.below(parent).filter(name=fold(name), is_local=True)
    found = {area.code: area for area in rows if area.parent_code == parent}
    plan.known |= found
    return next(iter(found), "")


def _take(plan: _Plan, code: str, name: str, kind: str, facts: dict[str, Any]) -> None:
    """Put one row of a file into the plan."""
    if code in plan.seen:
        raise ValidationError(f"代码{code}在文件里有两次")
    plan.seen.add(code)
    area = plan.known.get(code)
    if area is None:
        area = plan.parents[code] = _prepared(plan, code, name, kind, facts)
        plan.new.append(area)
    elif area.is_closed:
        raise ValidationError(f"{area}已停用，代码不再用")
    elif changes := _renewed(area, name, facts):
        plan.changed.append((area, changes))


def _renewed(
    area: Area, name: str, facts: dict[str, Any], *, clears: bool = False
) -> dict[str, Any]:
    """Set what differs; what the journal says of it. None clears a value only when asked to."""
    given = {key: value for key, value in facts.items() if clears or value is not None}
    given["name"] = fold(name) or area.name
    old = {key: getattr(area, key) for key in given}
    changes = {key: [old[key], given[key]] for key in given if old[key] != given[key]}
    if "name" in changes:
        area.full_name = area.full_name.removesuffix(area.name) + given["name"]
    for key in changes:
        setattr(area, key, given[key])
    if changes:
        area.changed_at, area.version = clock.now(), area.version + 1
    if "boundary" in changes:
        changes["boundary"] = [bool(changes["boundary"][0]), True]
    return changes


def _prepared(plan: _Plan, code: str, name: str, kind: str, facts: dict[str, Any]) -> Area:
    """A new area, not yet saved, that fits below its parent."""
    try:
        code = codes.unpad(code)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    level = Level(codes.level_of(code))
    parent = plan.parents.get(codes.parent_of(code) or "")
    if parent is None and level not in ROOTS:
        raise ValidationError(f"{code}没有上级区划，先建上级")
    if parent is not None and parent.is_closed:
        raise ValidationError(f"上级{parent}已停用")
    if not fold(name):
        raise ValidationError(f"{code}没有名称")
    plan.taken.add(code)
    return Area(
        code=code,
        name=fold(name),
        full_name=_full_name(fold(name), level, parent),
        level=level,
        kind=kind,
        is_local=any(sign.isalpha() for sign in code),
        **{key: value for key, value in facts.items() if value is not None},
    )


def _full_name(name: str, level: int, parent: Area | None) -> str:
    """Below the city names are strung together: 爱民区·大庆街道·庆兴社区·01网格."""
    if parent is None or parent.level <= Level.CITY or level <= Level.CITY:
        return name
    return f"{parent.full_name}·{name}"


def _local_code(plan: _Plan, parent: str) -> str:
    """The next free local code below the parent; closed areas keep theirs."""
    if parent not in plan.parents:
        raise ValidationError(f"没有上级{parent}" if parent else "没有代码，也没有上级")
    below = Area.objects.below(parent).values_list("code", flat=True)
    try:
        return codes.local_code(parent, {*below, *plan.taken})
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _plan(wanted: list[str], parents: list[str]) -> _Plan:
    """What is known of the codes of a file and of those above them; raises ValidationError."""
    try:
        wanted = [codes.unpad(code) for code in wanted]
        above = {codes.parent_of(code) or "" for code in wanted} | set(parents)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    known = _existing(wanted)
    return _Plan(known, _existing(above) | known, set(wanted))


def _existing(wanted: Iterable[str]) -> dict[str, Area]:
    found: dict[str, Area] = Area.objects.in_bulk(list(wanted), field_name="code")
    return found


def _overlapping(plan: _Plan) -> list[str]:
    """Basic grids of the file that cover each other, or a neighbour that stays as it is."""
    touched = [*plan.new, *(area for area, _ in plan.changed)]
    grids = {area.code: area for area in touched if _is_ground(area)}
    if not grids:
        return []
    width = codes.WIDTHS[Level.COMMUNITY - 1]
    first, end = min(grids)[:width], codes.prefix_end(max(grids)[:width])
    for area in Area.objects.in_force().filter(level=Level.GRID, code__gte=first, code__lt=end):
        if _is_ground(area):
            grids.setdefault(area.code, area)
    rows = [(area.full_name, outlines.as_shape(area.boundary or {})) for area in grids.values()]
    return outlines.overlaps(rows)


def _is_ground(area: Area) -> bool:
    return area.level == Level.GRID and area.kind == Kind.BASIC_GRID and area.boundary is not None


def _counted(plan: _Plan) -> Outcome:
    outcome = plan.outcome
    outcome.added, outcome.changed = len(plan.new), len(plan.changed)
    outcome.same = len(plan.seen) - outcome.added - outcome.changed
    return outcome


def _carry_out(plan: _Plan, by: Any, label: str) -> Outcome:
    Area.objects.bulk_create(plan.new, batch_size=BATCH)
    for area, _ in plan.changed:
        area.save()
    _rename_below([area for area, changes in plan.changed if "name" in changes])
    Edition.touch()
    journal.write(_drafts(plan, by, label))
    return _counted(plan)


def _drafts(plan: _Plan, by: Any, label: str) -> Iterable[journal.Draft]:
    new: list[tuple[Area, dict[str, Any]]] = [(area, {}) for area in plan.new]
    for area, changes in [*new, *plan.changed]:
        step = "territory.edit_area" if changes else "territory.add_area"
        yield journal.draft(step, label, area, by=by, area_code=area.code, changes=changes)


def _rename_below(renamed: list[Area]) -> None:
    """Carry new names to everything below, from the top down."""
    for area in renamed:
        known = {**_existing(codes_above(area.code)), area.code: area}
        below = list(Area.objects.below(area.code).defer("boundary").order_by("code"))
        for one in below:
            parent = known.get(one.parent_code or "")
            one.full_name = _full_name(one.name, one.level, parent)
            known[one.code] = one
        Area.objects.bulk_update(below, ["full_name"], batch_size=BATCH)
