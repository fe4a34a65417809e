import hashlib
import io

import pytest
from PIL import Image

from safegrid.checklists.tests import make as checklists
from safegrid.hazards.models import Clue, Hazard
from safegrid.shared import clock, files
from safegrid.visits import actions
from safegrid.visits.models import State, Visit
from tests.api import Caller

ID = "01932b3c-0000-7000-8000-000000000001"


@pytest.fixture
def item(db):
    item = checklists.item(checklists.checklist(), is_for_self_check=True)
    checklists.publish(item.checklist)
    return item


@pytest.fixture
def visit(town, item):
    """What a grid worker's phone would send."""
    return {
        "id": ID,
        "place": str(town.place.pk),
        "kind": "patrol",
        "started_at": clock.now().isoformat(),
        "items": [{"item": item.pk, "result": "problem", "note": "挂着链锁"}],
    }


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "JPEG")
    return data.getvalue()


def test_a_patrol_is_submitted_once_however_often_it_is_sent(worker, visit):
    caller = Caller(worker)
    first, again = caller.post("/visits", visit), caller.post("/visits", visit)
    assert first.status_code == 200
    assert first.json() == again.json()
    assert (Visit.objects.count(), Clue.objects.count(), Hazard.objects.count()) == (1, 1, 0)


def test_the_same_id_with_other_content_is_refused(worker, visit):
    caller = Caller(worker)
    caller.post("/visits", visit)
    answer = caller.post("/visits", {**visit, "note": "别的"})
    assert answer.status_code == 409
    assert Visit.objects.get().note == ""


def test_a_stranger_visits_nothing(stranger, visit):
    assert Caller(stranger).post("/visits", visit).status_code == 404
    assert not Visit.objects.exists()


@pytest.mark.parametrize("kind", ["inspection", "self_check"])
def test_a_grid_worker_only_patrols(worker, visit, kind):
    assert Caller(worker).post("/visits", {**visit, "kind": kind}).status_code == 404
    assert not Visit.objects.exists()


def test_an_inspection_needs_what_the_law_asks_for(inspector, inspector2, visit):
    caller = Caller(inspector)
    visit = {**visit, "kind": "inspection"}
    answer = caller.post("/visits", visit)
    assert (answer.status_code, answer.json()["title"]) == (409, "检查要两名执法人员，选第二名")
    lawful = {"second": "inspector2", "basis": "消防法", "cause": "daily"}
    assert caller.post("/visits", {**visit, **lawful}).status_code == 200
    assert Hazard.objects.count() == 1
    shown = caller.get(f"/visits/{ID}").json()
    assert (shown["second"], shown["counts_to_cap"]) == ("方平", True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"items": []}, "items"),
        ({"id": "1"}, "id"),
        ({"kind": "recheck"}, "kind"),
        ({"started_at": "2026-11-25T08:00:00"}, "started_at"),
        ({"lat": 91}, "lat"),
        ({"started_at": "0001-01-01T00:00:00+08:00"}, "started_at"),
        ({"note": "\x00"}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"colour": "red"}, "colour"),
        ({"items": [{"item": 1, "result": "maybe"}]}, "items.0.result"),
        ({"items": [{"item": 1, "result": "pass", "photos": ["x"]}]}, "items.0.photos.0"),
    ],
)
def test_a_wrong_body_saves_nothing(worker, visit, change, field):
    answer = Caller(worker).post("/visits", {**visit, **change})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert not Visit.objects.exists()


def test_an_unknown_item_saves_nothing(worker, visit):
    visit["items"][0]["item"] = 999
    answer = Caller(worker).post("/visits", visit)
    assert answer.status_code == 409
    assert not Visit.objects.exists()


def test_the_visit_is_read_by_those_whose_area_it_is_in(worker, officer, stranger, visit, item):
    Caller(worker).post("/visits", visit)
    (listed,) = Caller(officer).get("/visits", kind="patrol").json()["items"]
    assert (listed["by"], listed["problems"]) == ("韩梅", 1)
    shown = Caller(officer).get(f"/visits/{ID}").json()
    assert shown["answers"][0]["item"] == item.code
    assert Caller(stranger).get("/visits").json()["items"] == []
    assert Caller(stranger).get(f"/visits/{ID}").status_code == 404


def test_visits_are_filtered(worker, officer, visit, town):
    Caller(worker).post("/visits", visit)
    caller = Caller(officer)
    for query, count in (
        ({"place": str(town.place.pk)}, 1),
        ({"place": str(town.neighbour.pk)}, 0),
        ({"area": town.grid.code}, 1),
        ({"area": town.other_grid.code}, 0),
        ({"state": "void"}, 0),
        ({"since": clock.now().isoformat()}, 0),
    ):
        assert len(caller.get("/visits", **query).json()["items"]) == count, query


def test_a_promised_photo_completes_the_visit(worker, visit):
    data = picture()
    sha256 = hashlib.sha256(data).hexdigest()
    visit["items"][0]["photos"] = [sha256]
    caller = Caller(worker)
    receipt = caller.post("/visits", visit).json()
    assert (receipt["state"], receipt["missing_photos"]) == ("submitted", [sha256])
    for _ in range(2):
        sent = io.BytesIO(data)
        sent.name = "photo.jpg"
        answer = caller.upload(f"/visits/{ID}/photos", file=sent)
        assert answer.status_code == 200 and answer.json()["is_here"]
    assert Visit.objects.get().state == State.COMPLETE


def test_a_photo_that_was_not_promised_is_refused(worker, visit):
    caller = Caller(worker)
    caller.post("/visits", visit)
    sent = io.BytesIO(picture())
    sent.name = "photo.jpg"
    assert caller.upload(f"/visits/{ID}/photos", file=sent).status_code == 409


def test_a_broken_photo_is_refused(worker, visit):
    caller = Caller(worker)
    caller.post("/visits", visit)
    sent = io.BytesIO(b"no picture")
    sent.name = "photo.jpg"
    answer = caller.upload(f"/visits/{ID}/photos", file=sent)
    assert answer.status_code == 422
    assert caller.upload(f"/visits/{ID}/photos").status_code == 422


def test_nobody_sends_a_photo_to_the_visit_of_another(worker, officer, visit):
    Caller(worker).post("/visits", visit)
    sent = io.BytesIO(picture())
    sent.name = "photo.jpg"
    assert Caller(officer).upload(f"/visits/{ID}/photos", file=sent).status_code == 404


def test_an_owner_checks_their_own_place(keeper, visit):
    answer = Caller(keeper).post("/visits", {**visit, "kind": "self_check"})
    assert answer.status_code == 200
    assert Hazard.objects.count() == 1


def test_a_list_of_visits_takes_three_queries(
    officer, worker, visit, django_assert_max_num_queries
):
    Caller(worker).post("/visits", visit)
    caller = Caller(officer)
    caller.get("/visits")
    with django_assert_max_num_queries(3):  # token with user, posts, visits
        caller.get("/visits")


def test_a_draft_is_its_visitors_alone(town, worker, officer, keeper, item):
    draft = actions.start(town.place, kind="patrol", by=worker)
    for user in (officer, keeper):
        assert Caller(user).get("/visits").json()["items"] == []
        assert Caller(user).get(f"/visits/{draft.pk}").status_code == 404


def test_a_promised_photo_is_known_though_the_same_picture_came_in_another_file(worker, visit):
    data = picture()
    files.store_picture(data + b"\0")
    visit["items"][0]["photos"] = [hashlib.sha256(data).hexdigest()]
    caller = Caller(worker)
    caller.post("/visits", visit)
    sent = io.BytesIO(data)
    sent.name = "photo.jpg"
    assert caller.upload(f"/visits/{ID}/photos", file=sent).status_code == 200
    assert Visit.objects.get().state == State.COMPLETE
