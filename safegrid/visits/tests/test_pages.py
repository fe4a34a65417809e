import re
from datetime import timedelta

import pytest

from safegrid.hazards.models import Clue, Hazard
from safegrid.shared import clock
from safegrid.visits import actions
from safegrid.visits.models import State, Visit
from safegrid.visits.tests import make
from tests import town as makers


@pytest.fixture
def auditor(town):
    return makers.person("auditor", "苏岚", "auditor", town.city, town.city_body)


@pytest.fixture
def draft(town, items, worker):
    return actions.start(town.place, kind="patrol", by=worker)


def body(answer):
    """What the page itself says, without the menu around it."""
    text = answer.content.decode()
    return text[text.index("<main") :]


def test_a_patrol_is_walked_through_without_script(client, worker, town, items):
    client.force_login(worker)
    answer = client.get(f"/visits/start/?place={town.place.pk}")
    assert "开始走访" in body(answer)
    where = {"kind": "patrol", "lon": "129.605", "lat": "44.605", "accuracy": "9", "scan": "1"}
    answer = client.post(f"/visits/start/{town.place.pk}/", where)
    visit = Visit.objects.get()
    assert answer.url == f"/visits/{visit.pk}/check/1/"
    assert (visit.distance, visit.by_scan, visit.state) == (0, True, State.DRAFT)

    page = client.get(answer.url)
    text = page.content.decode()
    for words in ("第1项，共12项", "怎么看", "为什么看", "没问题", "有问题", "不适用", "tel:119",
                  "tel:120", "tel:110"):  # fmt: skip
        assert words in text, words
    assert client.post(answer.url, {"result": "pass"}).url == f"/visits/{visit.pk}/check/2/"

    second = f"/visits/{visit.pk}/check/2/"
    asked = client.post(second, {"result": "problem"})
    assert asked.status_code == 200 and "当场改好" in body(asked)
    told = {"result": "problem", "told": "1", "note": "链锁", "spot": "后门",
            "photos": [make.upload()], "is_fixed": "on"}  # fmt: skip
    assert client.post(second, told).url == f"/visits/{visit.pk}/check/3/"

    overview = client.get(f"/visits/{visit.pk}/check/")
    assert "答了2项，共12项；有问题1项" in body(overview)
    done = client.post(f"/visits/{visit.pk}/check/", {"note": ""}, follow=True)
    assert "走访记录" in body(done)
    clue = Clue.objects.get()
    assert (clue.spot, clue.photos.count(), Hazard.objects.count()) == ("后门", 1, 0)


def test_an_inspection_is_started_with_what_the_law_asks_for(
    client, inspector, inspector2, town, items
):
    client.force_login(inspector)
    form = {"kind": "inspection", "second": inspector2.pk, "basis": "other",
            "other_basis": "消防法第五十三条", "cause": "report",
            "cause_note": "12350第3号"}  # fmt: skip
    answer = client.post(f"/visits/start/{town.place.pk}/", form)
    visit = Visit.objects.get()
    assert answer.url == f"/visits/{visit.pk}/check/1/"
    assert (visit.basis, visit.cause, visit.counts_to_cap, visit.second) == (
        "消防法第五十三条", "report", False, inspector2,
    )  # fmt: skip
    client.post(answer.url, {"result": "pass"})
    done = client.post(f"/visits/{visit.pk}/check/", {}, follow=True)
    text = body(done)
    for words in ("现场检查记录", "示例-0001、示例-0002", "消防法第五十三条", "12350第3号",
                  "不占年度次数", "爱民区消防救援大队"):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"second": ""}, "还没有选第二名执法人员"),
        ({"basis": "other"}, "写明检查依据"),
        ({"cause": "report"}, "写明事由的来龙去脉"),
    ],
)
def test_a_wrong_inspection_form_says_so(client, inspector, inspector2, town, items, wrong, words):
    client.force_login(inspector)
    form = {"kind": "inspection", "second": inspector2.pk, "basis": "年度检查计划",
            "cause": "daily", **wrong}  # fmt: skip
    answer = client.post(f"/visits/start/{town.place.pk}/", form)
    assert answer.status_code == 422 and words in body(answer)
    assert not Visit.objects.exists()


def test_an_owner_checks_their_own_place(client, keeper, town, items):
    client.force_login(keeper)
    answer = client.post(f"/visits/start/{town.place.pk}/", {"kind": "self_check"})
    visit = Visit.objects.get()
    client.post(answer.url, {"result": "problem", "told": "1", "note": "灯不亮"})
    done = client.post(f"/visits/{visit.pk}/check/", {}, follow=True)
    assert "自查记录" in body(done) and "检查记录" not in body(done)
    assert Hazard.objects.get().origin == "self_check"


def test_a_patrol_never_speaks_of_inspection_or_order(client, worker, town, items):
    client.force_login(worker)
    client.post(f"/visits/start/{town.place.pk}/", {"kind": "patrol"})
    visit = Visit.objects.get()
    client.post(f"/visits/{visit.pk}/check/1/", {"result": "problem", "told": "1"})
    pages = [f"/visits/start/{town.place.pk}/"]
    pages += [f"/visits/{visit.pk}/{part}" for part in ("check/", "check/1/", "check/2/", "more/")]
    texts = {path: client.get(path).content.decode() for path in pages}
    client.post(f"/visits/{visit.pk}/check/", {})
    texts["record"] = body(client.get(f"/visits/{visit.pk}/")).replace("走访检查", "")
    for path, text in texts.items():
        assert not re.search("检查|责令|执法", text), path


def test_a_draft_is_resumed_or_thrown_away(client, worker, town, draft):
    client.force_login(worker)
    text = body(client.get(f"/visits/start/{town.place.pk}/"))
    assert "还没提交" in text and f"/visits/{draft.pk}/check/" in text
    assert client.get(f"/visits/{draft.pk}/").url == f"/visits/{draft.pk}/check/"
    client.post(f"/visits/{draft.pk}/discard/")
    draft.refresh_from_db()
    assert draft.state == State.VOID
    assert client.get(f"/visits/{draft.pk}/").status_code == 404
    assert draft.number not in body(client.get("/visits/"))


def test_more_items_are_added_from_all_lists(client, worker, draft, items):
    client.force_login(worker)
    known = set(draft.items.values_list("item_id", flat=True))
    other = next(item for item in items if item.pk not in known)
    assert f'value="{other.pk}"' in body(client.get(f"/visits/{draft.pk}/more/"))
    answer = client.post(f"/visits/{draft.pk}/more/", {"item": [other.pk, "x"]})
    assert answer.url == f"/visits/{draft.pk}/check/13/"
    assert client.post(f"/visits/{draft.pk}/more/").url == f"/visits/{draft.pk}/check/"


def test_a_broken_photo_is_refused_and_the_words_stay(client, worker, draft):
    client.force_login(worker)
    broken = make.upload()
    broken.truncate(50)
    told = {"result": "problem", "told": "1", "note": "后门挂着链锁", "photos": [broken]}
    answer = client.post(f"/visits/{draft.pk}/check/1/", told)
    assert answer.status_code == 422
    assert "照片损坏" in body(answer) and "后门挂着链锁" in body(answer)
    assert draft.items.first().result == ""


def test_nobody_else_opens_a_draft(client, draft, head, stranger, officer):
    for somebody in (head, stranger, officer):
        client.force_login(somebody)
        for part in ("", "check/", "check/1/", "more/"):
            assert client.get(f"/visits/{draft.pk}/{part}").status_code == 404, part
        assert client.post(f"/visits/{draft.pk}/discard/").status_code == 404
    assert Visit.objects.get().state == State.DRAFT


def test_an_item_that_is_not_there_is_not_found(client, worker, draft):
    client.force_login(worker)
    for number in (0, 13, 999):
        assert client.get(f"/visits/{draft.pk}/check/{number}/").status_code == 404


def test_an_empty_submission_is_refused(client, worker, draft):
    client.force_login(worker)
    assert client.post(f"/visits/{draft.pk}/check/", {}).status_code == 409


def test_records_are_seen_in_ones_area_only(client, worker, officer, stranger, keeper, town, items):
    visit = make.submitted(worker, make.payload(town.place, items[:3], wrong=1))
    for somebody, status in ((worker, 200), (officer, 200), (keeper, 200), (stranger, 404)):
        client.force_login(somebody)
        assert client.get(f"/visits/{visit.pk}/").status_code == status, somebody
        assert (visit.number in client.get("/visits/").content.decode()) is (status == 200)


def test_photos_are_served_in_ones_area_only(client, worker, officer, stranger, town, draft):
    row = draft.items.first()
    actions.answer(row, by=worker, result="problem", photos=[make.photo()])
    path = f"/visits/photos/{row.photos.get().pk}/"
    client.force_login(officer)
    for address in (path, f"{path}?thumb"):
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "image/jpeg"
    client.force_login(stranger)
    assert client.get(path).status_code == 404


def test_the_right_to_see_visits_is_needed(client, auditor, town):
    client.force_login(auditor)
    assert client.get("/visits/").status_code == 404
    assert client.get(f"/visits/start/{town.place.pk}/").status_code == 404
    client.logout()
    assert client.get("/visits/").url.startswith("/sign-in/")


@pytest.mark.parametrize("wrong", ["", "x", "01932b3c-0000-7000-8000-000000000001"])
def test_a_start_without_a_place_is_not_found(client, worker, wrong):
    client.force_login(worker)
    assert client.get("/visits/start/", {"place": wrong}).status_code == 404


def test_the_list_is_narrowed(client, worker, officer, town, items):
    early = clock.now() - timedelta(days=20)
    old = make.submitted(worker, make.payload(town.place, items[:2], started_at=early.isoformat()))
    new = make.submitted(worker, make.payload(town.place, items[:2], wrong=1, id=make.next_id(1)))
    client.force_login(officer)
    for query, seen in (
        ({}, {old, new}),
        ({"problems": "1"}, {new}),
        ({"period": "week"}, {new}),
        ({"today": "1"}, {new}),
        ({"period": "month"}, {old, new}),
        ({"mine": "1"}, set()),
        ({"kind": "inspection"}, set()),
        ({"kind": "patrol", "area": town.grid.code}, {old, new}),
        ({"area": town.other_grid.code}, set()),
        ({"place": str(town.place.pk)}, {old, new}),
        ({"place": str(town.neighbour.pk)}, set()),
        ({"kind": "x", "area": "'", "place": "x", "period": "x"}, {old, new}),
    ):
        text = client.get("/visits/", query).content.decode()
        assert {one for one in (old, new) if one.number in text} == seen, query


def test_a_visit_is_voided_on_its_page(client, officer, worker, town, items):
    visit = make.submitted(worker, make.payload(town.place, items[:2]))
    client.force_login(worker)
    assert client.get(f"/visits/{visit.pk}/void/").status_code == 404
    client.force_login(officer)
    path = f"/visits/{visit.pk}/void/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"note": ""}).status_code == 422
    assert client.post(path, {"note": "走错了门", "version": 99}).status_code == 409
    assert client.post(path, {"note": "走错了门", "version": 1}).status_code == 302
    assert "已作废" in body(client.get(f"/visits/{visit.pk}/"))


def test_pages_cost_few_queries_however_many_rows(
    client, officer, worker, town, items, django_assert_max_num_queries
):
    for number in range(60):  # more than a page
        given = make.payload(town.place, items[: number % 6 + 2], wrong=2, id=make.next_id(number))
        visit = make.submitted(worker, given)
    client.force_login(officer)
    with django_assert_max_num_queries(7):  # session, user, posts, rows, areas, unread, names
        client.get("/visits/")
    with django_assert_max_num_queries(10):  # and items, photos, clues, hazards
        client.get(f"/visits/{visit.pk}/")
    client.force_login(worker)
    with django_assert_max_num_queries(10):  # session, user, posts, place, drafts, choosing (4)
        client.get(f"/visits/start/{town.place.pk}/")
    draft = actions.start(town.place, kind="patrol", by=worker)
    with django_assert_max_num_queries(8):  # session, user, posts, visit, items, item, bases
        client.get(f"/visits/{draft.pk}/check/1/")
    with django_assert_max_num_queries(6):
        client.get(f"/visits/{draft.pk}/check/")
