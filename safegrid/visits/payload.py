"""What a phone, another system or a form submits as one visit, read and checked."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from safegrid.checklists.models import ContentState, Item
from safegrid.shared import clock
from safegrid.shared.refusals import StepRefused
from safegrid.visits.models import Result
from safegrid.visits.queries import items_in_use

FIELDS = {
    "id", "place", "kind", "started_at", "submitted_at", "by_scan", "lon", "lat", "accuracy",
    "note", "second", "basis", "cause", "cause_note", "items",
}  # fmt: skip
ANSWER_FIELDS = {"item", "reason", "result", "note", "spot", "is_fixed", "photos"}
MOST_ITEMS = 400
MOST_PHOTOS = 9
MOST_WORDS = 2000
LONGEST = timedelta(hours=24)
SKEW = timedelta(minutes=5)
OLD = timedelta(days=30)
EAST, NORTH = 180.0, 90.0


@dataclass(frozen=True)
class Answer:
    """The answer to one item; `photos` are SHA-256 of pictures sent apart."""

    item: Item
    result: str
    reason: str = ""
    note: str = ""
    spot: str = ""
    is_fixed: bool = False
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Payload:
    """One whole visit as submitted, with its digest."""

    id: UUID
    place: UUID
    kind: str
    started_at: datetime
    answers: list[Answer]
    digest: str
    facts: dict[str, Any]
    position: dict[str, float]
    seconds: int
    note: str
    flags: list[str] = field(default_factory=list)


def read(given: dict[str, Any]) -> Payload:
    """Read a submission; raises StepRefused with the sentence that says what is wrong."""
    unknown = set(given) - FIELDS
    if unknown:
        raise StepRefused(f"不认识的字段：{'、'.join(sorted(unknown))}")
    rows = given.get("items") or []
    if not isinstance(rows, list) or not rows:
        raise StepRefused("一项都没有答")
    if len(rows) > MOST_ITEMS:
        raise StepRefused(f"一次最多{MOST_ITEMS}项")
    flags: list[str] = []
    started = _moment(given.get("started_at"), "开始时间")
    flags += _odd_times(started)
    return Payload(
        id=_uuid(given.get("id"), "编号"),
        place=_uuid(given.get("place"), "场所"),
        kind=str(given.get("kind", "")),
        started_at=started,
        answers=_answers(rows, flags),
        digest=digest(given),
        facts={name: given.get(name) for name in FIELDS - {"id", "place", "kind", "items"}},
        position=_position(given),
        seconds=_seconds(given, started),
        note=str(given.get("note") or "")[:MOST_WORDS],
        flags=flags,
    )


def digest(given: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a submission: equal content, equal digest."""
    text = json.dumps(given, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _answers(rows: list[Any], flags: list[str]) -> list[Answer]:
    items = _items(rows)
    found = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or set(row) - ANSWER_FIELDS:
            raise StepRefused(f"第{number}项有不认识的字段")
        item = items.get(str(row.get("item")))
        if item is None:
            raise StepRefused(f"第{number}项：检查项“{row.get('item')}”不存在")
        if item.checklist.state == ContentState.RETIRED and "清单已更新" not in flags:
            flags.append("清单已更新")
        found.append(_answer(number, row, item))
    if len({one.item.pk for one in found}) < len(found):
        raise StepRefused("同一项答了两次")
    return found


def _answer(number: int, row: dict[str, Any], item: Item) -> Answer:
    result = str(row.get("result", ""))
    if result not in Result.values:
        raise StepRefused(f"第{number}项没有答：{item.point}")
    photos = tuple(str(one) for one in row.get("photos") or ())
    if len(photos) > MOST_PHOTOS:
        raise StepRefused(f"第{number}项最多{MOST_PHOTOS}张照片")
    if any(len(one) != 64 or set(one) - set("0123456789abcdef") for one in photos):
        raise StepRefused(f"第{number}项的照片摘要不对")
    return Answer(
        item=item,
        result=result,
        reason=str(row.get("reason") or "")[:80],
        note=str(row.get("note") or "")[:MOST_WORDS],
        spot=str(row.get("spot") or "")[:60],
        is_fixed=bool(row.get("is_fixed")) and result == Result.PROBLEM,
        photos=photos,
    )


def _items(rows: list[Any]) -> dict[str, Item]:
    """Items of published or once published versions, by id and by code, the newest first."""
    wanted = [str(row.get("item")) for row in rows if isinstance(row, dict)]
    in_use = items_in_use()
    found = {name: in_use[name] for name in wanted if name in in_use}
    return found | _retired([name for name in wanted if name not in found])


def _retired(wanted: list[str]) -> dict[str, Item]:
    """Items of versions no longer in use."""
    if not wanted:
        return {}
    ids = [int(one) for one in wanted if one.isascii() and one.isdigit()]
    codes = [one for one in wanted if "." in one]
    known = Item.objects.filter(checklist__state=ContentState.RETIRED).select_related("checklist")
    found: dict[str, Item] = {}
    if ids:
        found |= {str(item.pk): item for item in known.filter(pk__in=ids)}
    if codes:
        rows = known.filter(code__in=codes).order_by("checklist__published_at", "pk")
        found |= {item.code: item for item in rows}
    return found


def _uuid(value: Any, name: str) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError as error:
        raise StepRefused(f"{name}不对：{value}") from error


def _moment(value: Any, name: str) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else parse_datetime(str(value or ""))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise StepRefused(f"{name}不对，要带时区")
    return moment


def _odd_times(started: datetime) -> list[str]:
    """A clock that is wrong, or a visit that comes late, is told and taken all the same."""
    now = clock.now()
    if started > now + SKEW:
        return ["手机时钟快了"]
    return [f"{OLD.days}天前的，才上传"] if started < now - OLD else []


def _seconds(given: dict[str, Any], started: datetime) -> int:
    """How long it took by the phone's own clock; 0 when it did not say or can't be true."""
    if not given.get("submitted_at"):
        return 0
    spent = _moment(given["submitted_at"], "提交时间") - started
    return int(spent.total_seconds()) if timedelta() < spent < LONGEST else 0


def _position(given: dict[str, Any]) -> dict[str, float]:
    """The point where the visitor stood; both degrees or neither."""
    if given.get("lon") is None or given.get("lat") is None:
        return {}
    known = ("lon", "lat", "accuracy")
    try:
        found = {name: float(given[name]) for name in known if given.get(name) is not None}
    except (TypeError, ValueError) as error:
        raise StepRefused("位置不对") from error
    if not (abs(found["lon"]) <= EAST and abs(found["lat"]) <= NORTH):
        raise StepRefused("位置不对")
    return found
