"""For measurements: give many places a history by copying the rows that real actions left.

A place's whole history (visits, clues, hazards, what hangs on them, the journal) is copied to
another place of the same grid, with new ids and numbers and all times moved. A test holds the copy
equal to what the same actions leave. Notices are left to their reader of the journal.
"""

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from safegrid.enterprises.models import Place
from safegrid.hazards.models import (
    OPEN_STATES,
    Clue,
    Extension,
    Hazard,
    Photo,
    RepairPlan,
    Supervision,
    Transfer,
)
from safegrid.shared import clock, journal, progress
from safegrid.shared.ids import uuid7
from safegrid.shared.models import Entry, EntryAbout, EntryText, Numbered
from safegrid.visits.models import Visit, VisitItem, VisitPhoto

# Each model with the lookups of the place that its rows belong to and of the time they began,
# parents before children.
Home = tuple[str, str]
BY_VISIT: Home = ("visit__place", "visit__started_at")
BY_HAZARD: Home = ("hazard__place", "hazard__found_at")
GRAPH: tuple[tuple[Any, tuple[Home, ...]], ...] = (
    (Visit, (("place", "started_at"),)),
    (VisitItem, (BY_VISIT,)),
    (VisitPhoto, (BY_VISIT,)),
    (Hazard, (("place", "found_at"),)),
    (Clue, (("place", "found_at"),)),
    (Photo, (BY_HAZARD, ("clue__place", "clue__found_at"))),
    (Extension, (BY_HAZARD,)),
    (Transfer, (BY_HAZARD,)),
    (RepairPlan, (BY_HAZARD,)),
    (Supervision, (BY_HAZARD,)),
)
COPIED_KINDS = ("visit", "hazard", "clue")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
BATCH = 2000
WRITE_AT = 20_000
PERIOD = timedelta(days=182)


@dataclass
class History:
    """All rows of one place's history, read once and copied many times."""

    place: Place
    rows: dict[Any, list[Any]]
    entries: list[Entry]
    abouts: dict[int, list[EntryAbout]]
    texts: dict[int, EntryText]


@dataclass
class Copies:
    """Rows waiting to be written, by model, in the order of `GRAPH`."""

    rows: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))
    entries: list[tuple[Entry, list[EntryAbout], EntryText | None]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.entries)


class Numbers:
    """The short numbers of moved rows, counted as `shared.series` would."""

    def __init__(self) -> None:
        self.last = {row.series: row.last for row in Numbered.objects.all()}

    def next(self, number: str, day: date) -> str:
        prefix = number.split("-")[0]
        series = f"{prefix}-{day:%Y%m%d}"
        self.last[series] = self.last.get(series, 0) + 1
        return f"{prefix}-{day:%y%m%d}-{self.last[series]:04d}"

    def keep(self) -> None:
        rows = [Numbered(series=series, last=last) for series, last in self.last.items()]
        Numbered.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["series"], update_fields=["last"]
        )


def read(place: Place, since: datetime) -> History:
    """The place's history since a moment, as rows."""
    rows = {
        model: list(model.objects.filter(_any(homes, place, since)).order_by(_order(model)))
        for model, homes in GRAPH
    }
    ids = EntryAbout.objects.filter(kind="place", subject=str(place.pk)).values("entry_id")
    entries = list(
        Entry.objects.filter(pk__in=ids, kind__in=COPIED_KINDS, at__gte=since).order_by("pk")
    )
    abouts: dict[int, list[EntryAbout]] = defaultdict(list)
    for about in _abouts_of(place, rows, entries):
        abouts[about.entry_id].append(about)
    texts = {text.entry_id: text for text in EntryText.objects.filter(entry__in=entries)}
    return History(place, rows, entries, abouts, texts)


def copy(history: History, place: Place, shift: timedelta, numbers: Numbers, to: Copies) -> None:
    """Add a copy of the history, for `place` and moved by `shift`, to the rows to be written."""
    ids: dict[str, Any] = {str(history.place.pk): place.pk}
    for model, _ in GRAPH:
        for row in history.rows[model]:
            began = moment_of(row) + shift
            if isinstance(row.pk, uuid.UUID):
                ids[str(row.pk)] = uuid7(began)
            if hasattr(row, "number"):
                ids[row.number] = numbers.next(row.number, clock.day_of(began))
    seats: dict[tuple[Any, Any], Any] = {}
    for model, _ in GRAPH:
        for row in history.rows[model]:
            twin = _twin(row, ids, shift, seats)
            to.rows[model].append(twin)
    for entry in history.entries:
        to.entries.append(_entry(history, entry, ids, shift))


@transaction.atomic
def write(copies: Copies, numbers: Numbers) -> None:
    """Write the waiting rows and empty the list."""
    for model, _ in GRAPH:
        rows = copies.rows.pop(model, [])
        for row in rows:
            _settle(row)
        model.objects.bulk_create(rows, batch_size=BATCH)
    entries = [entry for entry, _, _ in copies.entries]
    Entry.objects.bulk_create(entries, batch_size=BATCH)
    EntryAbout.objects.bulk_create(_abouts(copies), batch_size=BATCH)
    EntryText.objects.bulk_create(_texts(copies), batch_size=BATCH)
    copies.entries.clear()
    numbers.keep()


def spread(
    lived_in: int, *, rounds: int, first: int = 0, enough: Callable[[], bool] = lambda: False
) -> None:
    """Copy the histories of the first `lived_in` places to the others of their grids.

    Round 0 goes to the places without one, each further round to all, further back in time.
    """
    lived = list(Place.objects.order_by("number")[:lived_in])
    homes: dict[str, list[Place]] = defaultdict(list)
    for place in Place.objects.order_by("number"):
        homes[place.area_code].append(place)
    sources: dict[str, list[Place]] = defaultdict(list)
    for place in lived:
        sources[place.area_code].append(place)
    for round_ in range(first, first + rounds):
        pairs = list(_pairs(sources, homes, set() if round_ else {one.pk for one in lived}, round_))
        _copy_all(pairs, -PERIOD * round_, f"抄经过，第{round_ + 1}遍", enough)
        if enough():
            break
    settle_places()


def _pairs(
    sources: dict[str, list[Place]], homes: dict[str, list[Place]], skip: set[Any], round_: int
) -> Iterator[tuple[Place, Place]]:
    """Each place with the neighbour whose history it gets, another one each round."""
    for code, places in homes.items():
        some = sources.get(code, [])
        for number, place in enumerate(places):
            if some and place.pk not in skip:
                yield some[(number + round_) % len(some)], place


def _copy_all(
    pairs: list[tuple[Place, Place]], shift: timedelta, title: str, enough: Callable[[], bool]
) -> None:
    copies, numbers = Copies(), Numbers()
    pairs.sort(key=lambda pair: str(pair[0].number))
    known: History | None = None
    for source, place in progress.counted(title, pairs, len(pairs)):
        if known is None or known.place.pk != source.pk:
            known = read(source, clock.now() - PERIOD)
        copy(known, place, shift, numbers, copies)
        if len(copies) > WRITE_AT:
            write(copies, numbers)
            if enough():
                return
    write(copies, numbers)


def settle_places() -> None:
    """What stands on the places: last visit and open hazards, recounted."""
    last = dict(
        Visit.objects.exclude(submitted_at=None)
        .values_list("place")
        .annotate(last=models.Max("started_at"))
        .values_list("place", "last")
    )
    counts = dict(
        Hazard.objects.filter(state__in=OPEN_STATES)
        .order_by()
        .values_list("place")
        .annotate(n=models.Count("pk"))
        .values_list("place", "n")
    )
    places = list(Place.objects.all())
    for place in places:
        place.last_visited_at = last.get(place.pk)
        place.open_hazards = counts.get(place.pk, 0)
    Place.objects.bulk_update(places, ["last_visited_at", "open_hazards"], batch_size=BATCH)


def _abouts_of(
    place: Place, rows: dict[Any, list[Any]], entries: list[Entry]
) -> QuerySet[EntryAbout]:
    """What the entries are about, found by subject: by entry there is no index."""
    subjects = [str(row.pk) for model in (Visit, Hazard, Clue) for row in rows[model]]
    found = EntryAbout.objects.filter(
        kind__in=("place", *COPIED_KINDS), subject__in=[str(place.pk), *subjects], entry__in=entries
    )
    return found.order_by("pk")


def _order(model: Any) -> str:
    """As they were born: by their number where they have one."""
    return "number" if any(field.name == "number" for field in model._meta.fields) else "pk"


def _any(homes: Iterable[Home], place: Place, since: datetime) -> Q:
    found = Q(pk__in=[])
    for where, when in homes:
        found |= Q(**{where: place, f"{when}__gte": since})
    return found


def moment_of(row: Any) -> datetime:
    for name in ("started_at", "found_at", "at", "asked_at", "listed_at"):
        if value := getattr(row, name, None):
            return value  # type: ignore[no-any-return]
    return clock.now()


def _twin(row: Any, ids: dict[str, Any], shift: timedelta, seats: dict[Any, Any]) -> Any:
    """A copy of one row: ids mapped, times moved, a number of its own."""
    twin = type(row)()
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        setattr(twin, column.attname, _moved(ids.get(str(value), value), shift))
    if not isinstance(row.pk, uuid.UUID):
        twin.pk = None
        seats[type(row), row.pk] = twin
    if hasattr(row, "outcome"):
        twin.outcome = _renamed(row.outcome, ids)
    twin._parents = {
        column.name: seats[column.related_model, getattr(row, column.attname)]
        for column in row._meta.concrete_fields
        if column.is_relation and (column.related_model, getattr(row, column.attname)) in seats
    }
    return twin


def _settle(row: Any) -> None:
    """Point to parents that got their ids only when they were written."""
    for name, parent in row._parents.items():
        setattr(row, f"{name}_id", parent.pk)


def _moved(value: Any, shift: timedelta) -> Any:
    return value + shift if isinstance(value, datetime | date) else value


def _entry(
    history: History, entry: Entry, ids: dict[str, Any], shift: timedelta
) -> tuple[Entry, list[EntryAbout], EntryText | None]:
    twin = Entry()
    for column in Entry._meta.concrete_fields:
        setattr(twin, column.attname, getattr(entry, column.attname))
    twin.pk, twin.seq, twin.hash = None, None, ""
    twin.at = entry.at + shift
    twin.changes = json.loads(_redated(_renamed(json.dumps(entry.changes), ids), shift))
    twin.subject = str(ids.get(entry.subject, entry.subject))
    abouts = [
        EntryAbout(kind=about.kind, subject=str(ids.get(about.subject, about.subject)))
        for about in history.abouts[entry.pk]
    ]
    text = history.texts.get(entry.pk)
    if text is None:
        return twin, abouts, None
    note = _renamed(text.note, ids)
    twin.digest = journal.digest(note, text.details)
    return twin, abouts, EntryText(note=note, details=text.details)


def _renamed(text: str, ids: dict[str, Any]) -> str:
    """A text with the ids and numbers of the copy."""
    for old, new in ids.items():
        text = text.replace(old, str(new))
    return text


def _redated(text: str, shift: timedelta) -> str:
    """A text with its days moved."""
    return DAY.sub(lambda found: (date.fromisoformat(found[0]) + shift).isoformat(), text)


def _abouts(copies: Copies) -> list[EntryAbout]:
    rows = []
    for entry, abouts, _ in copies.entries:
        for about in abouts:
            about.entry_id = entry.pk
            rows.append(about)
    return rows


def _texts(copies: Copies) -> list[EntryText]:
    rows = []
    for entry, _, text in copies.entries:
        if text:
            text.entry_id = entry.pk
            rows.append(text)
    return rows
