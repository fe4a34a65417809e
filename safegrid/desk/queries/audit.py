"""The journal as the auditor reads it."""

from datetime import date, datetime, time, timedelta

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
