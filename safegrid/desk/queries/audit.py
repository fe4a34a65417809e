"""The journal as the auditor reads it."""

from datetime import date, datetime, time, timedelta
from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.utils import timezone

from safegrid.shared.models import Entry


def entries(day: date | None = None, person: str = "", step: str = "") -> QuerySet[Entry]:
    """Entries, newest first, of a day, by a person (name or account), of a step (its start)."""
    rows = Entry.objects.select_related("by", "text").order_by("-id")
    if day:
        start = timezone.make_aware(datetime.combine(day, time()))
        rows = rows.filter(at__gte=start, at__lt=start + timedelta(days=1))
    if person:
        rows = rows.filter(by__name=person) | rows.filter(by__username__iexact=person)
    if step:
        rows = rows.filter(step__startswith=step) | rows.filter(label=step)
    return rows


def change(entry: Entry) -> str:
    """From which state to which, in the words of the record's kind; "" when none changed."""
    if entry.source == entry.target:
        return ""
    words = _states(entry.kind)
    before, after = (words.get(code, code) or "—" for code in (entry.source, entry.target))
    return f"{before}→{after}"


@cache
def _states(kind: str) -> dict[str, str]:
    """The word of each state that records of this kind can have."""
    for model in apps.get_models():
        if model._meta.model_name == kind:
            try:
                field = model._meta.get_field("state")
            except FieldDoesNotExist:
                return {}
            return {str(code): str(word) for code, word in getattr(field, "flatchoices", ())}
    return {}
