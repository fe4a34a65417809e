import io
from datetime import date, timedelta

import pytest
from PIL import Image

from safegrid.config.api import api
from safegrid.hazards import actions
from safegrid.hazards.models import Clue, ClueState, Hazard, Origin, Photo, State
from safegrid.shared import clock
from tests.api import Caller

DUE = (clock.today() + timedelta(days=5)).isoformat()
ORDER = {"due_on": DUE, "demand": "清理安全出口"}


@pytest.fixture
def hazard(town, inspector) -> Hazard:
    return actions.record(
        by=inspector, place=town.place, origin=Origin.INSPECTION, title="安全出口上锁"
    )


@pytest.fixture
def clue(town, worker) -> Clue:
    return actions.collect_clue(
        by=worker, place=town.place, origin=Origin.PATROL, title="楼梯间堆放纸箱"
    )


def picture() -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "JPEG")
    data.seek(0)
    data.name = "photo.jpg"
    return data


def test_every_declared_step_is_an_operation():
    paths = set(api.get_openapi_schema(path_prefix="/")["paths"])
    for step in actions.flow.steps.values():
        assert f"/hazards/{{hazard_id}}/{step.slug}" in paths
    for step in actions.clue_flow.steps.values():
        assert f"/clues/{{clue_id}}/{step.slug}" in paths


def test_hazards_are_listed_within_reach(officer, stranger, hazard):
    (shown,) = Caller(officer).get("/hazards").json()["items"]
    assert (shown["id"], shown["place"]) == (str(hazard.pk), hazard.place.name)
    assert Caller(stranger).get("/hazards").json()["items"] == []


def test_hazards_are_filtered(office, hazard, town):
    caller = Caller(office)
    for query, count in (
        ({"state": "found"}, 1),
        ({"state": "closed"}, 0),
        ({"area": town.street.code}, 1),
        ({"area": town.other_street.code}, 0),
        ({"place": str(town.place.pk)}, 1),
        ({"department": town.fire.pk}, 1),
        ({"severity": "major"}, 0),
        ({"overdue": "true"}, 0),
    ):
        assert len(caller.get("/hazards", **query).json()["items"]) == count, query


def test_one_hazard_says_which_steps_are_open(inspector, hazard):
    answer = Caller(inspector).get(f"/hazards/{hazard.pk}").json()
    steps = {one["step"]: one["refusal"] for one in answer["steps"]}
    assert steps["order-repair"] == ""


def test_an_officer_orders_a_repair(inspector, hazard):
    answer = Caller(inspector).post(f"/hazards/{hazard.pk}/order-repair", ORDER)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["due_on"]) == ("ordered", DUE)
    hazard.refresh_from_db()
    assert (hazard.state, hazard.ordered_by) == (State.ORDERED, inspector)


def test_a_stranger_takes_no_step(stranger, hazard):
    answer = Caller(stranger).post(f"/hazards/{hazard.pk}/urge-repair", ORDER)
    assert (answer.status_code, answer.json()["title"]) == (404, "没有找到")


def test_who_lacks_the_power_does_not_order(officer, hazard):
    assert Caller(officer).post(f"/hazards/{hazard.pk}/order-repair", ORDER).status_code == 404


def test_a_step_from_another_state_is_refused_with_the_reason(inspector, hazard):
    caller = Caller(inspector)
    caller.post(f"/hazards/{hazard.pk}/order-repair", ORDER)
    answer = caller.post(f"/hazards/{hazard.pk}/order-repair", ORDER)
    assert answer.status_code == 409
    assert "现在是“整改中”" in answer.json()["title"]


def test_a_stale_version_is_refused(inspector, hazard):
    answer = Caller(inspector).post(
        f"/hazards/{hazard.pk}/order-repair", {**ORDER, "version": hazard.version + 1}
    )
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"due_on": "soon"}, "due_on", "不是日期，写成2026-11-25这样"),
        ({"colour": "red"}, "colour", "没有这个字段"),
        ({"demand": "长" * 2001}, "demand", "最多2000个字"),
        ({"due_on": None}, "due_on", "不是日期，写成2026-11-25这样"),
    ],
)
def test_a_wrong_body_changes_nothing(inspector, hazard, change, field, message):
    answer = Caller(inspector).post(f"/hazards/{hazard.pk}/order-repair", {**ORDER, **change})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "message": message}]
    hazard.refresh_from_db()
    assert hazard.state == State.FOUND


def test_a_body_that_is_no_json_is_refused(inspector, hazard):
    caller = Caller(inspector)
    answer = caller.client.post(
        f"/api/v1/hazards/{hazard.pk}/void",
        "{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {caller.token}"},
    )
    assert (answer.status_code, answer.json()["title"]) == (400, "内容不是JSON")


def test_a_step_with_a_key_is_taken_once(inspector, hazard):
    caller = Caller(inspector)
    path = f"/hazards/{hazard.pk}/order-repair"
    first = caller.post(path, ORDER, key="k")
    again = caller.post(path, ORDER, key="k")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content and again["Idempotent-Replay"] == "true"
    other = caller.post(path, {**ORDER, "demand": "别的"}, key="k")
    assert other.status_code == 409


def test_a_hazard_goes_to_a_department_in_charge_of_the_place(inspector, hazard, town):
    caller, path = Caller(inspector), f"/hazards/{hazard.pk}/transfer"
    wrong = caller.post(path, {"receiver": town.far_body.pk, "note": "归他们管"})
    assert wrong.json()["errors"] == [
        {"field": "receiver", "message": "没有这个单位，或它不管这里"}
    ]
    right = caller.post(path, {"receiver": town.market.pk, "note": "归他们管"})
    assert right.json()["department"]["id"] == town.market.pk


def test_an_owner_hands_in_the_repair_with_a_picture(inspector, keeper, hazard):
    actions.order_repair(hazard, by=inspector, due_on=date.fromisoformat(DUE), demand="清理")
    caller = Caller(keeper)
    sha256 = caller.upload("/photos", file=picture()).json()["sha256"]
    answer = caller.post(f"/hazards/{hazard.pk}/submit-repair", {"photos": [sha256]})
    assert answer.json()["state"] == "repaired"
    assert Photo.objects.get(hazard=hazard).file_id == sha256


def test_a_picture_that_did_not_come_is_named(inspector, keeper, hazard):
    actions.order_repair(hazard, by=inspector, due_on=date.fromisoformat(DUE), demand="清理")
    answer = Caller(keeper).post(f"/hazards/{hazard.pk}/submit-repair", {"photos": ["0" * 64]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "photos"


def test_what_is_no_picture_is_refused(keeper):
    data = io.BytesIO(b"no picture")
    data.name = "photo.jpg"
    answer = Caller(keeper).upload("/photos", file=data)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"


def test_who_reports_nothing_sends_no_pictures(leader):
    assert Caller(leader).upload("/photos", file=picture()).status_code == 404


def test_a_clue_is_reported_and_goes_its_way(worker, head, officer, town):
    facts = {"place": str(town.place.pk), "title": "楼梯间堆放纸箱"}
    answer = Caller(worker).post("/clues", facts)
    assert answer.status_code == 200
    path = f"/clues/{answer.json()['id']}"
    assert Caller(head).post(f"{path}/accept-clue").json()["state"] == ClueState.ACCEPTED
    assigned = Caller(officer).post(f"{path}/assign-clue", {"department": town.fire.pk})
    assert assigned.json()["state"] == ClueState.ASSIGNED
    (shown,) = Caller(officer).get("/clues", state="assigned").json()["items"]
    assert shown["id"] == answer.json()["id"]
    steps = Caller(officer).get(path).json()["steps"]
    assert "handle-clue" in {one["step"] for one in steps}


def test_the_id_of_a_clue_is_used_once(worker, town):
    facts = {
        "place": str(town.place.pk),
        "title": "楼梯间堆放纸箱",
        "id": "01932b3c-0000-7000-8000-000000000001",
    }
    caller = Caller(worker)
    assert caller.post("/clues", facts).status_code == 200
    assert caller.post("/clues", facts).status_code == 409
    assert Clue.objects.count() == 1


def test_nobody_reports_a_major_hazard_or_an_unknown_item(worker, town):
    facts = {"place": str(town.place.pk), "title": "楼梯间堆放纸箱"}
    caller = Caller(worker)
    assert caller.post("/clues", {**facts, "severity": "major"}).status_code == 422
    assert caller.post("/clues", {**facts, "item": 99}).json()["errors"] == [
        {"field": "item", "message": "在用的清单里没有这一项"}
    ]


def test_a_clue_of_a_place_out_of_reach_is_not_taken(worker, town):
    facts = {"place": str(town.far_place.pk), "title": "楼梯间堆放纸箱"}
    assert Caller(worker).post("/clues", facts).status_code == 404


def test_a_clue_joins_another_of_the_same_place(officer, worker, clue, town):
    other = actions.collect_clue(
        by=worker, place=town.place, origin=Origin.PATROL, title="楼梯间有纸箱"
    )
    answer = Caller(officer).post(f"/clues/{clue.pk}/merge-clue", {"into": str(other.pk)})
    assert answer.json()["merged_into_id"] == str(other.pk)
    unknown = {"into": "01932b3c-0000-7000-8000-000000000009"}
    assert Caller(officer).post(f"/clues/{other.pk}/merge-clue", unknown).status_code == 422


def test_a_list_of_hazards_takes_three_queries(officer, hazard, django_assert_max_num_queries):
    caller = Caller(officer)
    caller.get("/hazards")
    with django_assert_max_num_queries(3):  # token with user, posts, hazards
        caller.get("/hazards")


def test_an_owner_learns_nothing_of_clues(keeper, clue):
    assert Caller(keeper).get("/clues").json()["items"] == []
    assert Caller(keeper).get(f"/clues/{clue.pk}").status_code == 404


def test_a_body_that_is_no_more_receives_nothing(inspector, hazard, town):
    town.market.valid_to = clock.today()
    town.market.save()
    body = {"receiver": town.market.pk, "note": "归它管"}
    answer = Caller(inspector).post(f"/hazards/{hazard.pk}/transfer", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "receiver")
