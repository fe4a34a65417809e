"""The bulk writer leaves the rows that the actions leave, journal included."""

import json
import re
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from safegrid.checklists import actions as checklists
from safegrid.checklists.models import Item
from safegrid.demo import bulk, pictures
from safegrid.hazards import actions as hazards
from safegrid.hazards.models import Clue, Hazard, State
from safegrid.library import actions as library
from safegrid.shared import clock, journal
from safegrid.shared.ids import uuid7
from safegrid.shared.models import Entry, EntryAbout, EntryText, Numbered
from safegrid.visits import actions as visits
from tests import town as makers

DAY = datetime(2026, 10, 12, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SINCE = DAY - timedelta(days=30)
NUMBER = re.compile(r"(YH|XS|ZF|JC|ZC)-\d{6}-\d{4}")


@pytest.fixture
def content(town):
    library.load()
    checklists.load()
    return town


def live_through(place, worker, head, officer, inspector, keeper, photos):
    """A patrol with two problems: one becomes a hazard and is repaired, one is dismissed."""
    before, after = photos[0]
    items = list(Item.objects.filter(code__in=("common.exit-locked", "common.exit-sign")))
    answers = [
        {"item": item.pk, "result": "problem", "note": "看过", "photos": [before.sha256]}
        for item in items
    ]
    with clock.moved(DAY):
        visits.submit_whole(
            {
                "id": uuid7(DAY),
                "place": place.pk,
                "kind": "patrol",
                "started_at": DAY,
                "items": answers,
            },
            by=worker,
        )
        first, second = Clue.objects.filter(place=place).order_by("number")
        hazards.dismiss_clue(first, by=head, note="现场没有")
        hazards.accept_clue(second, by=head)
    with clock.moved(DAY + timedelta(days=1)):
        hazards.assign_clue(second, by=officer, department=place.lead_department, note="主管")
        hazards.confirm_clue(second, by=inspector, note="属实")
        hazard = Hazard.objects.get(place=place)
        if hazard.severity == "suspected":
            Hazard.objects.filter(pk=hazard.pk).update(severity="general")
        due = clock.today() + timedelta(days=5)
        hazards.order_repair(hazard, by=inspector, due_on=due, demand="改好")
    with clock.moved(DAY + timedelta(days=3)):
        hazards.submit_repair(hazard, by=keeper, note="改好了", photos=[after])
    assert Hazard.objects.get(place=place).state == State.REPAIRED


def rows_of(place):
    """Every row of a place's history, without what must differ: ids, numbers, the place."""
    found = bulk.read(place, SINCE)
    names = {str(place.pk): "PLACE"}
    for model, _ in bulk.GRAPH:
        for order, row in enumerate(sorted(found.rows[model], key=_age)):
            if isinstance(row.pk, UUID):
                names[str(row.pk)] = f"{model.__name__}{order}"
    tables = {
        model.__name__: [_plain(row, names) for row in sorted(found.rows[model], key=_age)]
        for model, _ in bulk.GRAPH
    }
    tables["Entry"] = [_plain(entry, names) for entry in found.entries]
    tables["About"] = [
        sorted((about.kind, names.get(about.subject, about.subject)) for about in abouts)
        for abouts in (found.abouts[entry.pk] for entry in found.entries)
    ]
    tables["Text"] = [
        (found.texts[entry.pk].note, found.texts[entry.pk].details)
        for entry in found.entries
        if entry.pk in found.texts
    ]
    return tables


def _age(row):
    return (getattr(row, "number", "") or "", str(bulk.moment_of(row)), getattr(row, "order", 0))


def _plain(row, names):
    skipped = {"number", "digest", "seq", "hash", "visit_item_id", "hazard_id", "clue_id"}
    facts = {
        column.attname: getattr(row, column.attname)
        for column in row._meta.concrete_fields
        if column.attname not in skipped and not (column.primary_key and isinstance(row.pk, int))
    }
    text = json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    for pk, name in names.items():
        text = text.replace(pk, name)
    return NUMBER.sub("NUMBER", text)


def test_a_copied_history_equals_the_same_history_made_by_actions(
    content, worker, head, officer, inspector, keeper
):
    town, photos = content, pictures.store()
    twin, copied = (
        makers.shop(name, town.place.kind, town.grid, town.fire, number, 129.605, 44.605)
        for name, number in (("示例双胞胎面馆", "CS-0101"), ("示例抄本面馆", "CS-0102"))
    )
    makers.keep(twin, keeper)
    keeper.__dict__.pop("kept_places", None)
    people = (worker, head, officer, inspector, keeper, photos)
    live_through(town.place, *people)
    live_through(twin, *people)

    numbers, copies = bulk.Numbers(), bulk.Copies()
    bulk.copy(bulk.read(town.place, SINCE), copied, timedelta(0), numbers, copies)
    bulk.write(copies, numbers)
    bulk.settle_places()

    assert rows_of(copied) == rows_of(twin)
    for place in (town.place, twin, copied):
        place.refresh_from_db()
    assert copied.open_hazards == twin.open_hazards == 1
    assert copied.last_visited_at == twin.last_visited_at
    assert len(set(Hazard.objects.values_list("number", flat=True))) == 3
    journal.seal()
    assert journal.verify() == (Entry.objects.count(), None)
    assert EntryAbout.objects.exists()
    assert EntryText.objects.exists()
    assert Numbered.objects.get(series="YH-20261013").last == 3


def test_a_copy_moved_back_in_time_moves_every_day_and_moment(
    content, worker, head, officer, inspector, keeper
):
    town, shift = content, timedelta(days=-182)
    live_through(town.place, worker, head, officer, inspector, keeper, pictures.store())
    numbers, copies = bulk.Numbers(), bulk.Copies()
    bulk.copy(bulk.read(town.place, SINCE), town.neighbour, shift, numbers, copies)
    bulk.write(copies, numbers)
    original, moved = (Hazard.objects.get(place=place) for place in (town.place, town.neighbour))
    assert original.due_on is not None
    assert moved.due_on == original.due_on + shift
    assert moved.found_at == original.found_at + shift
    assert moved.number.startswith("YH-260414")
    assert list(moved.photos.values_list("stage", flat=True)) == ["before", "after"]
