"""What is reported on pages, and who may see the pictures."""

import pytest

from safegrid.checklists.tests import make as make_lists
from safegrid.hazards.models import Clue, Hazard, Origin, Severity
from safegrid.hazards.tests import make
from safegrid.hazards.tests.make import html, upload
from safegrid.shared.ids import uuid7


@pytest.fixture
def hazard(town, inspector) -> Hazard:
    return make.hazard(town.place, inspector, photos=[make.picture()])


@pytest.fixture
def clue(town, worker) -> Clue:
    return make.clue(town.place, worker)


def test_a_clue_is_reported_once_however_often_it_is_sent(client, town, worker):
    client.force_login(worker)
    address = f"/clues/new/?place={town.place.pk}"
    assert town.place.name in html(client.get(address))
    facts = {"id": str(uuid7()), "title": "安全出口上锁", "severity": "general", "photos": upload()}
    first = client.post(address, facts)
    second = client.post(address, {**facts, "photos": upload()})
    assert first.status_code == second.status_code == 302 and first.url == second.url
    assert Clue.objects.get().photos.count() == 1


def test_the_same_clue_twice_is_asked_about(client, town, worker, clue):
    client.force_login(worker)
    address = f"/clues/new/?place={town.place.pk}"
    facts = {"id": str(uuid7()), "title": clue.title, "severity": "general"}
    answer = client.post(address, facts)
    assert (
        answer.status_code == 422 and "已经有人报过" in html(answer) and clue.number in html(answer)
    )
    assert client.post(address, {**facts, "is_another": "on"}).status_code == 302
    assert Clue.objects.count() == 2


def test_a_clue_says_what_is_wrong(client, town, worker):
    client.force_login(worker)
    facts = {"id": str(uuid7()), "severity": "general"}
    answer = client.post(f"/clues/new/?place={town.place.pk}", facts)
    assert answer.status_code == 422 and "写明什么问题" in html(answer)


def test_an_item_stands_for_the_title(client, town, worker):
    item = make_lists.item(make_lists.checklist(), severity="major")
    make_lists.publish(item.checklist)
    client.force_login(worker)
    facts = {"id": str(uuid7()), "item": item.pk, "severity": "general"}
    assert client.post(f"/clues/new/?place={town.place.pk}", facts).status_code == 302
    clue = Clue.objects.get()
    assert (clue.title, clue.severity) == (item.hazard, Severity.SUSPECTED)


def test_a_report_needs_a_place_in_reach(client, town, worker):
    client.force_login(worker)
    assert "先选场所" in html(client.get("/clues/new/"))
    assert "先选场所" in html(client.get("/clues/new/?place=nonsense"))
    assert client.get(f"/clues/new/?place={town.far_place.pk}").status_code == 404


def test_only_a_post_with_the_power_registers_a_hazard(client, town, worker, officer, inspector):
    address = f"/hazards/new/?place={town.place.pk}"
    facts = {"title": "灭火器失效", "severity": "general", "origin": "recheck"}
    for by in (worker, officer):
        client.force_login(by)
        assert client.get(address).status_code == 404
        assert client.post(address, {**facts, "id": str(uuid7())}).status_code == 404
    client.force_login(inspector)
    assert "先选场所" in html(client.get("/hazards/new/"))
    assert client.post(address, {**facts, "id": str(uuid7())}).status_code == 302
    assert Hazard.objects.get().origin == Origin.RECHECK
    inspection = {**facts, "id": str(uuid7()), "origin": "inspection"}
    assert client.post(address, inspection).status_code == 422


def test_a_picture_is_shown_to_those_who_may_see_its_case(
    client, town, worker, stranger, keeper, hazard
):
    clue = make.clue(town.place, worker, photos=[make.picture("grey")])
    of_hazard, of_clue = (f"/hazards/photos/{one.photos.get().pk}/" for one in (hazard, clue))
    client.force_login(worker)
    for address in (of_hazard, of_clue, f"{of_hazard}?thumb"):
        answer = client.get(address)
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("image/")
    client.force_login(keeper)
    assert client.get(of_hazard).status_code == 200
    assert client.get(of_clue).status_code == 404
    client.force_login(stranger)
    assert client.get(of_hazard).status_code == 404
    assert client.get("/hazards/photos/999999/").status_code == 404


def test_a_form_whose_id_another_has_used_is_refused(client, town, worker, clue, head):
    client.force_login(head)
    facts = {"id": clue.pk, "title": "消防栓前停车", "severity": "general"}
    assert client.post(f"/clues/new/?place={town.place.pk}", facts).status_code == 409
    assert Clue.objects.get() == clue
