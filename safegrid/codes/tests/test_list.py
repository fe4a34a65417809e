import pytest

from safegrid.codes.models import PlaceCode, State
from safegrid.codes.tests import make
from safegrid.shared.models import Entry
from tests import town as makers


@pytest.fixture
def auditor(town):
    return makers.person("auditor", "苏岚", "auditor", town.city, town.city_body)


def test_the_officer_sees_the_plates_of_the_street(client, officer, code, town):
    make.code(town.far_place)
    client.force_login(officer)
    text = client.get("/codes/").content.decode()
    assert town.place.name in text and code.serial in text
    assert town.far_place.name not in text
    assert code.token not in text


@pytest.mark.parametrize("query", [{"q": "山城\0"}, {"area": "231004005A01002"}])
def test_the_list_is_narrowed(client, officer, code, town, query):
    make.code(town.neighbour)
    client.force_login(officer)
    text = client.get("/codes/", query).content.decode()
    assert town.neighbour.name in text and code.serial not in text


def test_plates_are_issued_from_the_list_of_those_without(client, officer, town):
    client.force_login(officer)
    text = client.get("/codes/", {"tab": "missing"}).content.decode()
    assert town.place.name in text and town.far_place.name not in text
    wanted = [str(town.place.pk), str(town.far_place.pk), "x"]
    answer = client.post("/codes/issue/", {"place": wanted})
    assert answer.status_code == 302
    assert [one.place for one in PlaceCode.objects.all()] == [town.place]
    assert town.place.name not in client.get("/codes/", {"tab": "missing"}).content.decode()


def test_plates_are_issued_for_all_of_an_area(client, officer, town, code):
    client.force_login(officer)
    page = {"tab": "missing", "area": town.community.code}
    assert "庆兴社区没有门牌的全部发" in client.get("/codes/", page).content.decode()
    answer = client.post("/codes/issue/", {"area": town.county.code})
    assert answer.status_code == 302
    plates = PlaceCode.objects.all()
    assert {one.place for one in plates} == {town.place, town.neighbour}  # none beyond the street
    assert client.post("/codes/issue/", {"area": town.county.code}).status_code == 409


def test_printing_stands_in_the_journal(client, officer, code, town):
    other = make.code(town.neighbour)
    client.force_login(officer)
    client.get(f"/codes/plate/{code.pk}.pdf")
    client.get("/codes/sheet.pdf", {"area": town.community.code})
    entries = Entry.objects.filter(step="codes.print")
    assert [(one.by, one.subject) for one in entries.order_by("pk")] == [
        (officer, str(one.pk)) for one in (code, code, other)
    ]
    assert entries.filter(about__kind="place", about__subject=str(town.place.pk)).count() == 2


def test_a_plate_that_cannot_be_printed_is_named_and_not_journalled(client, officer, code, town):
    town.place.name = "示例😀面馆"
    town.place.save()
    client.force_login(officer)
    answer = client.get(f"/codes/plate/{code.pk}.pdf")
    assert answer.status_code == 409 and "😀" in answer.content.decode()
    assert not Entry.objects.filter(step="codes.print").exists()


def test_a_sheet_is_not_longer_than_a_printer_likes(client, officer, code, town, monkeypatch):
    monkeypatch.setattr("safegrid.codes.pages.MOST_SHEET", 1)
    make.code(town.neighbour)
    client.force_login(officer)
    assert client.get("/codes/sheet.pdf").status_code == 409
    assert client.get("/codes/sheet.pdf", {"area": town.grid.code}).status_code == 200


def test_issuing_for_no_place_says_so(client, officer):
    client.force_login(officer)
    assert client.post("/codes/issue/", {}).status_code == 409


def test_a_plate_is_replaced_with_a_reason(client, officer, code):
    client.force_login(officer)
    assert client.get(f"/codes/{code.pk}/revoke/").status_code == 200
    assert client.post(f"/codes/{code.pk}/revoke/", {"reason": ""}).status_code == 422
    client.post(f"/codes/{code.pk}/revoke/", {"reason": "脏了", "renew": "on"})
    code.refresh_from_db()
    assert code.state == State.REVOKED
    assert PlaceCode.objects.filter(place=code.place, state=State.ACTIVE).count() == 1
    assert "脏了" in client.get("/codes/", {"tab": "revoked"}).content.decode()


def test_a_plate_is_printed(client, officer, code):
    client.force_login(officer)
    for path in (f"/codes/plate/{code.pk}.pdf", f"/codes/sheet.pdf?area={code.area_code}"):
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_a_sheet_of_nothing_says_so(client, officer):
    client.force_login(officer)
    assert client.get("/codes/sheet.pdf").status_code == 409


def test_strangers_find_nothing(client, stranger, auditor, code):
    paths = (f"/codes/plate/{code.pk}.pdf", f"/codes/{code.pk}/revoke/")
    client.force_login(stranger)
    assert [client.get(path).status_code for path in paths] == [404, 404]
    client.force_login(auditor)
    for path in (*paths, "/codes/", "/codes/sheet.pdf"):
        assert client.get(path).status_code == 404
    assert client.post("/codes/issue/", {}).status_code == 404


def test_a_grid_worker_reads_but_neither_issues_nor_revokes(client, worker, code, town):
    client.force_login(worker)
    assert client.get("/codes/").status_code == 200
    assert client.post("/codes/issue/", {"place": [str(town.place.pk)]}).status_code == 404
    assert client.get(f"/codes/{code.pk}/revoke/").status_code == 404


def test_the_anonymous_are_asked_to_sign_in(client, code):
    for path in ("/codes/", f"/codes/plate/{code.pk}.pdf", "/codes/sheet.pdf"):
        assert client.get(path).url.startswith("/sign-in/")


def test_the_list_costs_few_queries(client, officer, town, django_assert_max_num_queries):
    for place in (town.place, town.neighbour):
        make.code(place)
    client.force_login(officer)
    for tab in ("active", "missing", "revoked"):
        with django_assert_max_num_queries(8):  # session, user, posts, codes, areas, frame
            client.get("/codes/", {"tab": tab})
