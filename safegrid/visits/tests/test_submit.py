import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safegrid.checklists.models import ContentState
from safegrid.checklists.tests import make as checklists
from safegrid.hazards.models import Clue, Hazard
from safegrid.hazards.models import State as HazardState
from safegrid.shared import clock, files
from safegrid.shared.models import Entry, EntryAbout
from safegrid.shared.refusals import Conflict, NotAllowed, StepRefused
from safegrid.visits import actions, payload, queries
from safegrid.visits.models import Result, State, Visit, VisitItem
from safegrid.visits.tests import make


def problem(item, **changes):
    return {"item": item.code, "result": "problem", "note": "挂着链锁", **changes}


def sha(data):
    return hashlib.sha256(data).hexdigest()


def test_the_same_content_gives_the_same_receipt(town, items, worker):
    given = make.payload(town.place, items[:3], wrong=1)
    first = actions.submit_whole(given, by=worker)
    turned = dict(reversed(given.items()))
    assert actions.submit_whole(turned, by=worker) == first
    assert (Visit.objects.count(), Clue.objects.count()) == (1, 1)
    assert first.cases == [Clue.objects.get().number]
    assert first.digest == payload.digest(given) and first.received_at


def test_other_content_under_the_same_id_is_a_conflict(town, items, worker):
    given = make.payload(town.place, items[:3])
    first = actions.submit_whole(given, by=worker)
    with pytest.raises(Conflict) as refused:
        actions.submit_whole({**given, "note": "改了"}, by=worker)
    assert refused.value.status == 409
    assert Visit.objects.get().digest == first.digest


def test_nobody_gets_the_receipt_of_another(town, items, worker, head):
    given = make.payload(town.place, items[:3])
    actions.submit_whole(given, by=worker)
    with pytest.raises(NotAllowed):
        actions.submit_whole(given, by=head)


def test_two_who_send_at_once_get_one_visit(town, items, worker, monkeypatch):
    """The second finds nothing, and only its insert tells that the first was faster."""
    given = make.payload(town.place, items[:3], wrong=1)
    first = actions.submit_whole(given, by=worker)
    find, blind = Visit.objects.filter, [True]

    def late(*args, **facts):
        if facts == {"pk": payload.read(given).id} and blind.pop():
            blind.append(False)
            return Visit.objects.none()
        return find(*args, **facts)

    monkeypatch.setattr(Visit.objects, "filter", late)
    assert actions.submit_whole(given, by=worker) == first
    assert Visit.objects.count() == Clue.objects.count() == 1


def test_a_problem_in_a_patrol_is_a_clue(town, items, worker):
    answers = [
        problem(items[0], spot="后门", is_fixed=True),
        {"item": items[1].code, "result": "na"},
    ]
    visit = make.submitted(worker, make.payload(town.place, [], items=answers))
    clue = Clue.objects.get()
    assert not Hazard.objects.exists()
    assert (clue.origin, clue.origin_id, clue.item, clue.spot) == (
        "patrol", visit.pk, items[0], "后门",
    )  # fmt: skip
    assert clue.note == "走访时已当场改好。挂着链锁"
    assert (visit.passed, visit.problems, visit.skipped) == (0, 1, 1)


def test_a_problem_in_an_inspection_is_a_hazard_of_the_authority(
    town, items, inspector, inspector2
):
    answers = [problem(items[0]), problem(items[1], is_fixed=True)]
    make.submitted(inspector, make.inspection(town.place, [], inspector2, items=answers))
    found, fixed = Hazard.objects.order_by("number")
    assert (found.state, found.department, found.origin) == (
        HazardState.FOUND, town.fire, "inspection",
    )  # fmt: skip
    assert (fixed.state, fixed.closed_on_spot) == (HazardState.CLOSED, True)
    assert not Clue.objects.exists()


def test_what_may_be_major_is_never_closed_on_the_spot(town, inspector, inspector2, keeper):
    (item,) = make.lists(1, 0, severity="major", is_for_self_check=True)
    answers = [problem(item, is_fixed=True)]
    make.submitted(inspector, make.inspection(town.place, [], inspector2, items=answers))
    mine = make.payload(town.place, [], kind="self_check", items=answers, id=make.next_id(1))
    make.submitted(keeper, mine)
    states = Hazard.objects.values_list("state", "severity")
    assert list(states) == [(HazardState.FOUND, "suspected")] * 2


def test_what_an_owner_fixed_alone_waits_for_the_street(town, items, keeper, officer):
    answers = [problem(items[1], is_fixed=True), problem(items[3])]
    given = make.payload(town.place, [], kind="self_check", items=answers)
    receipt = actions.submit_whole(given, by=keeper)
    fixed, found = Hazard.objects.order_by("number")
    assert (fixed.state, fixed.repaired_by, fixed.is_urged) == (
        HazardState.REPAIRED, keeper, True,
    )  # fmt: skip
    assert found.state == HazardState.FOUND
    assert receipt.cases == [fixed.number, found.number]
    town.place.refresh_from_db()
    assert town.place.open_hazards == 2


def test_an_unknown_item_is_named_and_nothing_is_saved(town, items, worker):
    given = make.payload(town.place, items[:1])
    for wrong in ("common.no-such", 999_999, "", None):
        given["items"] = [{"item": wrong, "result": "pass"}]
        with pytest.raises(StepRefused, match="不存在"):
            actions.submit_whole(given, by=worker)
    assert not Visit.objects.exists() and not Entry.objects.filter(kind="visit").exists()


def test_an_item_of_a_draft_is_unknown(town, worker):
    item = checklists.item(checklists.checklist("dust"), "dust.draft")
    with pytest.raises(StepRefused, match="不存在"):
        actions.submit_whole(make.payload(town.place, [item]), by=worker)


def test_an_item_of_an_older_version_is_taken_and_flagged(town, items, worker):
    old = items[0]
    newer = checklists.checklist("common", version="2")
    checklists.item(newer, old.code)
    checklists.publish(newer)
    assert type(old.checklist).objects.get(pk=old.checklist_id).state == ContentState.RETIRED
    given = make.payload(town.place, [], items=[{"item": old.pk, "result": "pass"}])
    visit = make.submitted(worker, given)
    assert visit.flags == ["清单已更新"]
    assert visit.items.get().item == old


@pytest.mark.parametrize(
    ("shift", "flags"),
    [
        (timedelta(minutes=4), []),
        (timedelta(minutes=6), ["手机时钟快了"]),
        (timedelta(days=-29), []),
        (timedelta(days=-31), ["30天前的，才上传"]),
    ],
)
def test_a_wrong_clock_and_a_late_upload_are_taken_and_flagged(town, items, worker, shift, flags):
    at = clock.now() + shift
    visit = make.submitted(worker, make.payload(town.place, items[:1], started_at=at.isoformat()))
    assert (visit.flags, visit.started_at) == (flags, at)
    town.place.refresh_from_db()
    assert town.place.last_visited_at <= clock.now()


def test_how_long_it_took_is_told_by_the_phone(town, items, worker):
    began = clock.now() - timedelta(days=2)
    ended = began + timedelta(minutes=12)
    visit = make.submitted(
        worker,
        make.payload(
            town.place, items[:1], started_at=began.isoformat(), submitted_at=ended.isoformat()
        ),
    )
    assert visit.duration == 720
    assert make.submitted(
        worker,
        make.payload(
            town.place, items[:1], id=make.next_id(1), started_at=began.isoformat()
        ),
    ).duration == 0  # fmt: skip


@pytest.mark.parametrize(
    ("lon", "is_far"), [(129.605, False), (129.6085, False), (129.61, True), (121.0, True)]
)
def test_a_visit_far_from_the_place_is_flagged(town, items, worker, lon, is_far):
    visit = make.submitted(
        worker, make.payload(town.place, items[:1], lon=lon, lat=44.605, accuracy=12)
    )
    assert visit.flags == (["离场所较远"] if is_far else [])
    assert (visit.distance or 0) // 301 > 0 if is_far else (visit.distance or 0) <= 300


@pytest.mark.parametrize("wrong", [{"lon": "x"}, {"lon": 181}, {"lat": float("nan")}])
def test_a_position_that_is_none_is_refused(town, items, worker, wrong):
    given = make.payload(town.place, items[:1], **{"lon": 129.6, "lat": 44.6, **wrong})
    with pytest.raises(StepRefused, match="位置"):
        actions.submit_whole(given, by=worker)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"place": "x"},
        {"started_at": "昨天"},
        {"started_at": "2026-11-25T08:00:00"},
        {"items": []},
        {"items": [1]},
        {"colour": "red"},
    ],
)
def test_a_payload_that_makes_no_sense_is_refused_in_words(town, items, worker, wrong):
    with pytest.raises(StepRefused) as refused:
        actions.submit_whole({**make.payload(town.place, items[:1]), **wrong}, by=worker)
    assert str(refused.value)
    assert not Visit.objects.exists()


def test_the_same_item_is_answered_once(town, items, worker):
    with pytest.raises(StepRefused, match="两次"):
        actions.submit_whole(make.payload(town.place, [items[0], items[0]]), by=worker)


def test_promised_photos_complete_the_visit_when_all_have_come(town, items, worker):
    first, second = make.photo("white"), make.photo("red")
    answers = [
        problem(items[0], photos=[sha(first), sha(second)]),
        problem(items[1], photos=[sha(first)]),
    ]
    visit = make.submitted(worker, make.payload(town.place, [], items=answers))
    assert visit.state == State.SUBMITTED
    assert actions.receipt(visit).missing_photos == sorted({sha(first), sha(second)})
    actions.add_photo(visit, first, by=worker)
    visit.refresh_from_db()
    assert visit.state == State.SUBMITTED
    actions.add_photo(visit, second, by=worker)
    actions.add_photo(visit, second, by=worker)
    visit.refresh_from_db()
    assert visit.state == State.COMPLETE
    assert sorted(clue.photos.count() for clue in Clue.objects.all()) == [1, 2]


def test_photos_that_came_first_are_found(town, items, worker):
    stored = files.store_picture(make.photo())
    answers = [problem(items[0], photos=[stored.sha256]), problem(items[1])]
    visit = make.submitted(worker, make.payload(town.place, [], items=answers))
    assert visit.state == State.COMPLETE
    assert Clue.objects.get(item=items[0]).photos.get().file == stored


def test_only_the_visitor_adds_promised_photos(town, items, worker, head):
    answers = [problem(items[0], photos=[sha(make.photo())])]
    visit = make.submitted(worker, make.payload(town.place, [], items=answers))
    with pytest.raises(NotAllowed):
        actions.add_photo(visit, make.photo(), by=head)
    with pytest.raises(StepRefused):
        actions.add_photo(visit, make.photo("blue"), by=worker)


def test_a_visit_stands_in_the_timeline_of_its_place(town, items, worker):
    visit = make.submitted(worker, make.payload(town.place, items[:2], wrong=1, note="店里在装修"))
    entry = Entry.objects.get(step="visits.submit")
    about = set(EntryAbout.objects.filter(entry=entry).values_list("kind", "subject"))
    assert about == {("visit", str(visit.pk)), ("place", str(town.place.pk))}
    assert entry.text.note == "店里在装修" and "装修" not in str(entry.changes)


def test_a_whole_visit_takes_few_statements(town, items, worker, inspector, inspector2):
    def cost(by, given):
        with CaptureQueriesContext(connection) as spent:
            actions.submit_whole(given, by=by)
        words = [one["sql"] for one in spent.captured_queries]
        return [sql for sql in words if "SAVEPOINT" not in sql]

    assert worker.posts and inspector.posts  # known from the session
    assert queries.items_in_use()  # kept between submissions
    clean = make.payload(town.place, items[:15])
    assert len(cost(worker, clean)) <= 9  # items, id, place; number, visit, answers, place, entry 2
    patrol = make.payload(town.place, items[:15], wrong=2, id=make.next_id(1))
    few = make.payload(town.place, items[:4], wrong=1, id=make.next_id(2))
    spent = cost(worker, patrol)
    assert len(spent) <= 14, "\n".join(spent)  # and number, cases, their entries 3
    assert len(cost(worker, few)) == len(spent)
    lawful = make.inspection(town.place, items[:15], inspector2, id=make.next_id(3), wrong=2)
    assert len(cost(inspector, lawful)) <= 19  # and colleague, posts, lock, cap; open hazards


# A visit made step by step on pages.


@pytest.fixture
def draft(town, items, worker):
    return actions.start(town.place, kind="patrol", by=worker)


def test_a_draft_is_answered_and_submitted(draft, worker):
    first, second, *_ = draft.items.all()
    actions.answer(first, by=worker, result="pass")
    actions.answer(second, by=worker, result="problem", note="锁着", photos=[make.photo()])
    done = actions.submit(draft, by=worker, note="下午再来")
    assert (done.state, done.passed, done.problems) == (State.COMPLETE, 1, 1)
    assert done.digest and done.items.count() == 2
    assert Clue.objects.get().photos.count() == 1
    with pytest.raises(StepRefused):
        actions.submit(draft, by=worker)
    with pytest.raises(StepRefused):
        actions.answer(first, by=worker, result="na")
    assert Clue.objects.count() == 1


def test_an_answer_may_be_changed_until_then(draft, worker):
    row = draft.items.first()
    actions.answer(row, by=worker, result="problem", note="锁着", photos=[make.photo()])
    actions.answer(row, by=worker, result="pass")
    row.refresh_from_db()
    assert (row.result, row.note, row.photos.count()) == (Result.PASS, "", 0)


def test_a_draft_without_answers_is_not_submitted(draft, worker):
    with pytest.raises(StepRefused, match="一项都没有答"):
        actions.submit(draft, by=worker)
    assert draft.items.exists()


def test_a_draft_is_nobody_elses(draft, head, worker):
    row = draft.items.first()
    for act in (
        lambda: actions.answer(row, by=head, result="pass"),
        lambda: actions.submit(draft, by=head),
        lambda: actions.discard(draft, by=head),
        lambda: actions.add_items(draft, [], by=head),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_only_items_of_the_places_lists_are_added(draft, worker, items):
    known = set(draft.items.values_list("item_id", flat=True))
    more = [item for item in items if item.pk not in known]
    foreign = checklists.item(checklists.checklist("dust"), "dust.x")
    checklists.publish(foreign.checklist)
    actions.add_items(draft, [*more, foreign, items[0]], by=worker)
    assert draft.items.count() == len(items)
    assert not VisitItem.objects.filter(item=foreign).exists()


def test_a_submitted_visit_is_voided_with_a_reason_by_those_in_charge(
    town, items, worker, officer, stranger
):
    visit = make.submitted(worker, make.payload(town.place, items[:2]))
    for somebody in (worker, stranger):
        with pytest.raises(NotAllowed):
            actions.void(visit, by=somebody, note="走错了门")
    with pytest.raises(StepRefused):
        actions.void(visit, by=officer, note=" ")
    assert actions.void(visit, by=officer, note="走错了门").state == State.VOID
    with pytest.raises(StepRefused):
        actions.void(visit, by=officer, note="再来")


def test_a_draft_cannot_be_voided_only_thrown_away(draft, officer, worker):
    with pytest.raises(StepRefused):
        actions.void(draft, by=officer, note="不要了")
    actions.discard(draft, by=worker)
    draft.refresh_from_db()
    assert (draft.state, draft.submitted_at) == (State.VOID, None)
