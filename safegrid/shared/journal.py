"""The journal: what happened, by whom, about what. Written with the change, sealed into a chain.

A step writes entries in its own transaction and never waits for others. One sealer gives
committed entries their place in the chain (`seq`, `hash`), so readers with a cursor skip none.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models import QuerySet

from safegrid.shared import clock
from safegrid.shared.models import Chain, Cursor, Entry, EntryAbout, EntryText

_gathering: ContextVar[list["Draft"] | None] = ContextVar("gathering", default=None)
GENESIS = "0" * 64


class Subject(NamedTuple):
    """What an entry is about: kind (`place`, `hazard`, `visit`, …) and id."""

    kind: str
    id: str


def subject(record: models.Model) -> Subject:
    return Subject(str(record._meta.model_name), str(record.pk))


class Draft(NamedTuple):
    entry: Entry
    about: tuple[Subject, ...]
    note: str
    details: dict[str, Any]


def draft(
    step: str,
    label: str,
    record: models.Model,
    *,
    by: Any = None,
    about: Iterable[models.Model | Subject] = (),
    area_code: str = "",
    source: str = "",
    target: str = "",
    changes: dict[str, Any] | None = None,
    note: str = "",
    details: dict[str, Any] | None = None,
    post: str = "",
) -> Draft:
    """An entry not yet written. `changes` holds no personal data; `note` and `details` may."""
    kind, pk = subject(record)
    others = (one if isinstance(one, Subject) else subject(one) for one in about)
    details = details or {}
    entry = Entry(
        at=clock.now(),
        by=by if by is not None and by.pk else None,
        post=post,
        step=step,
        label=label,
        kind=kind,
        subject=pk,
        source=source,
        target=target,
        changes=changes or {},
        area_code=area_code,
        digest=digest(note, details) if note or details else "",
    )
    return Draft(entry, (Subject(kind, pk), *others), note, details)


def write(drafts: Iterable[Draft]) -> list[Entry]:
    """Write entries with what they are about and their texts, in three statements.

    Within `gathered` they wait for the others of the same act.
    """
    drafts = list(drafts)
    waiting = _gathering.get()
    if waiting is not None:
        waiting += drafts
        return [one.entry for one in drafts]
    entries = Entry.objects.bulk_create([one.entry for one in drafts])
    pairs = list(zip(entries, drafts, strict=True))
    EntryAbout.objects.bulk_create(
        EntryAbout(entry=entry, kind=kind, subject=pk)
        for entry, one in pairs
        for kind, pk in dict.fromkeys(one.about)
    )
    EntryText.objects.bulk_create(
        EntryText(entry=entry, note=one.note, details=one.details)
        for entry, one in pairs
        if entry.digest
    )
    return entries


@contextmanager
def gathered() -> Iterator[None]:
    """Write what is journalled within at its end, all at once, in the same transaction."""
    if _gathering.get() is not None:
        yield
        return
    waiting: list[Draft] = []
    token = _gathering.set(waiting)
    try:
        yield
    finally:
        _gathering.reset(token)
    write(waiting)


def record(step: str, label: str, row: models.Model, **facts: Any) -> Entry:
    """Write one entry; the facts are those of `draft`."""
    return write([draft(step, label, row, **facts)])[0]


def timeline(kind: str, pk: object) -> QuerySet[Entry]:
    """The entries about one thing, newest first."""
    return (
        Entry.objects.filter(about__kind=kind, about__subject=str(pk))
        .select_related("by", "text")
        .order_by("-at", "-id")
    )


def digest(note: str, details: dict[str, Any]) -> str:
    """What the chain keeps of the erasable text: SHA-256 of its canonical JSON."""
    return _sha256({"note": note, "details": details})


def seal(limit: int = 5000) -> int:
    """Give up to `limit` committed entries their place in the chain; return how many."""
    if not Entry.objects.filter(seq__isnull=True).exists():
        return 0
    with transaction.atomic():
        chain, _ = Chain.objects.select_for_update().get_or_create(pk=1)
        waiting = list(Entry.objects.filter(seq__isnull=True).order_by("id")[:limit])
        for entry in waiting:
            chain.seq, chain.hash = chain.seq + 1, link(chain.hash, chain.seq + 1, entry)
            entry.seq, entry.hash = chain.seq, chain.hash
        _keep(waiting)
        chain.save()
    return len(waiting)


def _keep(entries: list[Entry]) -> None:
    """Write places and hashes, a prepared statement many times: far cheaper than one long CASE."""
    table = connection.ops.quote_name(Entry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET seq = %s, hash = %s WHERE id = %s",  # noqa: S608
            [(entry.seq, entry.hash, entry.pk) for entry in entries],
        )


def link(previous: str, seq: int, entry: Entry) -> str:
    """The entry's hash: its facts and the hash before it."""
    facts = {
        "at": entry.at.timestamp(),
        "by": entry.by_id,
        "post": entry.post,
        "step": entry.step,
        "label": entry.label,
        "kind": entry.kind,
        "subject": entry.subject,
        "source": entry.source,
        "target": entry.target,
        "changes": entry.changes,
        "area": entry.area_code,
        "digest": entry.digest,
        "seq": seq,
        "previous": previous,
    }
    return _sha256(facts)


class Broken(NamedTuple):
    """The first bad row of the chain."""

    seq: int
    reason: str


def verify() -> tuple[int, Broken | None]:
    """Walk the chain; return how many entries are good, and the first bad one if any.

    The sealer may go on meanwhile: the walk must reach the end that the chain had before it, and
    not go beyond the end that it has after it.
    """
    previous, good, least = GENESIS, 0, _end()
    rows = Entry.objects.filter(seq__isnull=False).select_related("text").order_by("seq")
    for entry in rows.iterator(chunk_size=2000):
        if entry.seq != good + 1:
            return good, Broken(good + 1, "流水缺了这一条")
        if entry.hash != link(previous, entry.seq, entry):
            return good, Broken(entry.seq, "内容与封存时不同")
        if fault := _text_fault(entry):
            return good, Broken(entry.seq, fault)
        previous, good = entry.hash, entry.seq
    if good < least:
        return good, Broken(good + 1, "流水末尾被截断")
    if good > (most := _end()):
        return most, Broken(most + 1, "没有经过封存")
    return good, None


def _end() -> int:
    """The place of the last sealed entry."""
    return Chain.objects.filter(pk=1).values_list("seq", flat=True).first() or 0


def _text_fault(entry: Entry) -> str:
    """What is wrong with the words beside an entry; "" when nothing is."""
    text = getattr(entry, "text", None)
    if text is None:
        return "说明文字不见了" if entry.digest else ""
    if text.is_erased:
        return "清除过的说明又有了字" if text.note or text.details else ""
    return "" if digest(text.note, text.details) == entry.digest else "说明文字与封存时不同"


def erase(entry: Entry) -> None:
    """Remove the free text of an entry; the chain keeps its digest."""
    EntryText.objects.filter(entry=entry).update(note="", details={}, is_erased=True)


def follow(reader: str, take: Callable[[Entry], None], *, batch: int = 500) -> int:
    """Hand every sealed entry once to `take`, in order; see `follow_many`."""

    def take_all(entries: list[Entry]) -> None:
        for entry in entries:
            take(entry)

    return follow_many(reader, take_all, batch=batch)


def follow_many(reader: str, take: Callable[[list[Entry]], None], *, batch: int = 500) -> int:
    """Hand the sealed entries in order to `take`, some at a time; return how many there were.

    The reader's cursor moves in the transaction of the effects, so a crash repeats nothing and
    skips none.
    """
    seen = 0
    while _has_news(reader) and (count := _follow_batch(reader, take, batch)):
        seen += count
    return seen


def _has_news(reader: str) -> bool:
    """Whether there is anything to read; asked without a lock, so that idle readers cost little."""
    seq = Cursor.objects.filter(reader=reader).values_list("seq", flat=True).first() or 0
    return Entry.objects.filter(seq__gt=seq).exists()


def _follow_batch(reader: str, take: Callable[[list[Entry]], None], batch: int) -> int:
    with transaction.atomic():
        cursor, _ = Cursor.objects.select_for_update().get_or_create(reader=reader)
        rows = list(_after(cursor.seq, batch))
        if rows:
            take(rows)
            cursor.seq = rows[-1].seq or cursor.seq
            cursor.save()
    return len(rows)


def _after(seq: int, batch: int) -> Iterator[Entry]:
    rows = Entry.objects.filter(seq__gt=seq).select_related("by", "text").order_by("seq")
    return iter(rows[:batch])


def _sha256(facts: dict[str, Any]) -> str:
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
