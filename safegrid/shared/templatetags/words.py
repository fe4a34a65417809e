"""Tags and filters every template has: how dates, dangers, states and numbers are said."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from safegrid.shared import clock, masking

register = template.Library()

# A circle that fills up: the shape shown for each state of clues, hazards and visits.
SHAPES = {
    "found": "found",
    "collected": "found",
    "draft": "found",
    "accepted": "found",
    "ordered": "ordered",
    "assigned": "ordered",
    "submitted": "ordered",
    "repaired": "repaired",
    "handled": "repaired",
    "fed_back": "repaired",
    "verified": "repaired",
    "closed": "closed",
    "complete": "closed",
    "overdue": "overdue",
}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A line icon of the sprite; it goes with its word, so it is hidden from readers."""
    return format_html(
        '<svg class="icon"{} aria-hidden="true"><use href="{}#{}"/></svg>',
        format_html(' data-size="{}"', size) if size else "",
        static("icons.svg"),
        name,
    )


@register.simple_tag
def mark() -> SafeString:
    return format_html(
        '<svg class="mark" aria-hidden="true"><use href="{}#mark"/></svg>', static("icons.svg")
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """11月26日, with the year when it is another one."""
    if not value:
        return ""
    on = _local_day(value)
    text = f"{on.month}月{on.day}日"
    return text if on.year == clock.today().year else f"{on.year}年{text}"


@register.filter
def moment(value: datetime | None) -> str:
    """今天18:00, 昨日21:47, 11月23日 9:12."""
    if not value:
        return ""
    local = timezone.localtime(value)
    hour = f"{local.hour}:{local.minute:02}"
    near = {0: "今天", 1: "昨日"}.get((clock.today() - local.date()).days)
    return f"{near}{hour}" if near else f"{day(local)} {hour}"


@register.filter
def deadline(value: Any) -> SafeString | str:
    """剩2天, 今天到期, 超3天, of a case that still waits or of a day."""
    due_on = getattr(value, "due_on", value)
    if not isinstance(due_on, date) or not getattr(value, "is_open", True):
        return ""
    left = (_local_day(due_on) - clock.today()).days
    if left < 0 and getattr(value, "is_overdue", True):
        return format_html('<span class="state" data-state="overdue">超{}天</span>', -left)
    if left < 0:
        return "已到期"
    return "今天到期" if left == 0 else f"剩{left}天"


@register.filter
def masked(value: str | None) -> str:
    """138****2671."""
    return masking.mask_phone(value or "")


@register.filter
def thousands(value: Any) -> str:
    """12,860; anything that is no number stays as it is."""
    try:
        return f"{int(value):,}"
    except (TypeError, ValueError):
        return str(value if value is not None else "")


@register.filter
def weekday(value: date | datetime) -> str:
    return "星期" + "一二三四五六日"[_local_day(value).weekday()]


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """The value of a mapping at a variable key."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag
def risk(case: Any) -> SafeString:
    """How bad a clue or hazard is: a block only where a body with power has judged it major."""
    word = case.get_severity_display() if hasattr(case, "get_severity_display") else ""
    if case.severity == "major":
        return format_html('<span class="risk" data-level="red">{}</span>', word)
    level = "red" if case.severity == "suspected" else "yellow"
    return format_html(
        '<span class="risk" data-level="{}" data-weight="light">{}</span>', level, word
    )


@register.simple_tag
def grade(place: Any) -> SafeString:
    """The risk grade of a place, as a colour with its word."""
    if place.grade == "none":
        return format_html('<span class="tag">{}</span>', place.get_grade_display())
    return format_html(
        '<span class="risk" data-level="{}">{}</span>', place.grade, place.get_grade_display()
    )


@register.simple_tag
def state(record: Any) -> SafeString:
    """Where a record stands: its word beside a circle that fills up."""
    shown = getattr(record, "shown_state", "") or _shown_state(record)
    word = record.get_state_display()
    if shown == "overdue":
        word = f"{word}，超{(clock.today() - record.due_on).days}天"
    return format_html(
        '<span class="state" data-state="{}">{}</span>', SHAPES.get(shown, shown), word
    )


@register.filter
def shape(name: str) -> str:
    """The shape for a state: an empty, half, three-quarter or full circle, or a square."""
    return SHAPES.get(name, name)


def _shown_state(record: Any) -> str:
    return "overdue" if getattr(record, "is_overdue", False) else str(record.state)


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def days_ago(value: datetime | date | None) -> str:
    """今天, 昨天, 12天前."""
    if not value:
        return ""
    gone = (clock.today() - _local_day(value)) // timedelta(days=1)
    return {0: "今天", 1: "昨天"}.get(gone, f"{gone}天前")
