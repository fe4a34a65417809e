"""Writing notices and having read them. A notice tells; it changes nothing else."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from safegrid.notices.models import Notice
from safegrid.notices.queries import Reader, Readers
from safegrid.notices.rules import RULES, Rule
from safegrid.people.models import User
from safegrid.shared import clock
from safegrid.shared.models import Entry
from safegrid.shared.templatetags.words import day

TITLE, TEXT = 120, 300


def notify(news: Iterable[tuple[Entry, Any]], readers: Readers) -> int:
    """Tell the readers of every rule that an entry meets; telling again changes nothing."""
    notices = [one for entry, case in news for one in _notices(entry, case, readers)]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(notices)


def _notices(entry: Entry, case: Any, readers: Readers) -> Iterable[Notice]:
    facts = {"source": entry.source, "target": entry.target, **entry.changes}
    notices: dict[Reader, Notice] = {}
    for rule in RULES.get(entry.step, []):
        if rule.applies(facts):
            for reader in _addressed(rule, entry, case, readers):
                notices.setdefault(reader, _notice(rule, entry, case, reader))
    return notices.values()


def mark_read(notices: Iterable[Notice], *, by: User) -> int:
    """Mark those of them that are still unread and meant for this person; return how many."""
    wanted: Any = (
        notices.order_by().values("pk")
        if isinstance(notices, QuerySet)
        else [notice.pk for notice in notices]
    )
    rows = Notice.objects.of(by).unread().filter(pk__in=wanted)
    return int(rows.update(read_at=clock.now(), read_by=by))


def _addressed(rule: Rule, entry: Entry, case: Any, readers: Readers) -> list[Reader]:
    """The readers of a rule without the one who did it."""
    found = [reader for name in rule.to for reader in readers.of(name, case)]
    return [
        reader
        for reader in found
        if not (reader.user_id and reader.user_id == entry.by_id)
        and not (reader.name and reader.name == entry.post)
    ]


def _notice(rule: Rule, entry: Entry, case: Any, reader: Reader) -> Notice:
    due = day(case.due_on) if case.due_on else "期限内"
    title = rule.title.format(title=case.title, due=due)
    ends = f"{due}到期" if case.due_on and case.is_open else ""
    parts = (case.place.name, case.number, ends)
    return Notice(
        post_id=reader.post_id,
        user_id=reader.user_id,
        entry=entry,
        level=rule.level,
        title=title[:TITLE],
        text="　".join(part for part in parts if part)[:TEXT],
        url=case.get_absolute_url(),
        at=entry.at,
    )
