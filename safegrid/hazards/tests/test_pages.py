"""What is on the screen: lists, a case, its steps, what is reported, pictures."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from safegrid.checklists.tests import make as make_lists
from safegrid.hazards import actions
from safegrid.hazards.models import Clue, Hazard, Severity, State
from safegrid.hazards.tests import make
from safegrid.hazards.tests.make import html, upload
from tests import town as makers

# Session, user, posts and unread notices are the frame's; the rest is the page's.
BUDGET = 12


@pytest.fixture
def hazard(town, inspector) -> Hazard:
    return make.hazard(town.place, inspector, photos=[make.picture()])


@pytest.fixture
def clue(town, worker) -> Clue:
    return make.clue(town.place, worker)


# Lists


def test_the_list_shows_open_hazards_with_the_nearest_day_first(client, town, officer, inspector):
    make.hazard(town.place, inspector, title="晚的", due_on=make.in_days(9))
    make.hazard(town.place, inspector, title="早的", due_on=make.in_days(2))
    make.hazard(town.place, inspector, title="没有期限的", due_on=None)
    client.force_login(officer)
    text = html(client.get("/hazards/"))
    assert text.index("早的") < text.index("晚的") < text.index("没有期限的")


def test_a_stranger_sees_nothing_of_it(client, stranger, hazard, clue):
    client.force_login(stranger)
    assert hazard.title not in html(client.get("/hazards/"))
    assert clue.title not in html(client.get("/clues/"))
    for case in (hazard, clue):
        assert client.get(case.get_absolute_url()).status_code == 404


def test_tabs_count_what_is_open(client, town, officer, inspector, hazard):
    make.ordered(town.place, inspector, due_on=make.in_days(-2))
    client.force_login(officer)
    tabs = {tab.state: tab.count for tab in client.get("/hazards/").context["tabs"]}
    assert (tabs["open"], tabs["found"], tabs["ordered"], tabs["overdue"]) == (2, 1, 1, 1)
    assert tabs["closed"] is None


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [("state=found", True), ("state=closed", False), ("state=overdue", False), ("state=all", True),
     ("severity=general", True), ("severity=major", False), ("origin=inspection", True),
     ("origin=public", False), ("kind=restaurant", True), ("kind=hotel", False),
     ("area=231004005", True), ("area=231004006", False), ("q=货架", True), ("q=灭火器", False),
     ("q=老灶 货架", True), ("mine=1", False), ("state=nonsense", True),
     ("department=nonsense", True), ("place=nonsense", True), ("area=%", True),
     ("page=2", False), ("department=999999999999", False)],
)  # fmt: skip
def test_the_list_is_filtered(client, officer, hazard, query, is_shown):
    client.force_login(officer)
    answer = client.get(f"/hazards/?{query}")
    assert answer.status_code == 200
    assert (hazard in answer.context["page"].rows) is is_shown


def test_a_place_or_a_department_narrows_the_list(client, town, officer, hazard):
    client.force_login(officer)
    for query, is_shown in (
        (f"place={town.place.pk}", True),
        (f"place={town.neighbour.pk}", False),
        (f"department={town.fire.pk}", True),
        (f"department={town.market.pk}", False),
    ):
        rows = client.get(f"/hazards/?{query}").context["page"].rows
        assert (hazard in rows) is is_shown


@pytest.mark.parametrize("address", ["/hazards/", "/clues/"])
def test_a_list_makes_few_queries_however_long(
    client, town, officer, inspector, worker, address, django_assert_max_num_queries
):
    for number in range(12):
        make.hazard(town.place, inspector, title=f"第{number}条")
        make.clue(town.place, worker, title=f"第{number}条")
    client.force_login(officer)
    with django_assert_max_num_queries(BUDGET):
        client.get(address)


def test_a_keeper_sees_the_hazards_of_their_place_and_no_clues(client, keeper, hazard, clue):
    client.force_login(keeper)
    assert hazard.title in html(client.get("/hazards/"))
    for address in ("/clues/", clue.get_absolute_url()):
        assert client.get(address).status_code == 404


def test_the_ledger_is_exported_without_formulas(client, town, officer, inspector):
    from openpyxl import load_workbook

    make.hazard(town.place, inspector, title="=HYPERLINK(1)")
    client.force_login(officer)
    answer = client.get("/hazards/export/?state=found")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[2]][2] == "'=HYPERLINK(1)"
    assert all(cell.data_type != "f" for row in sheet for cell in row)


# One case


def test_a_hazard_shows_its_way_and_what_can_be_done(client, inspector, officer, hazard):
    client.force_login(inspector)
    text = html(client.get(hazard.get_absolute_url()))
    assert "您现在可以" in text and "责令限期整改" in text and hazard.number in text
    assert f"/hazards/photos/{hazard.photos.get().pk}/" in text
    client.force_login(officer)
    assert "责令限期整改" not in html(client.get(hazard.get_absolute_url()))


def test_a_near_step_is_shown_closed_with_the_reason(client, town, inspector):
    hazard = make.hazard(town.place, inspector, severity=Severity.SUSPECTED)
    client.force_login(inspector)
    text = html(client.get(hazard.get_absolute_url()))
    assert "疑似重大，先由部门负责人判定" in text and "disabled" in text


def everything(town, inspector, keeper):
    item = make_lists.item(make_lists.checklist())
    make_lists.basis(item)
    hazard = make.hazard(town.place, inspector, item=item, photos=[make.picture()])
    hazard = actions.transfer(hazard, by=inspector, receiver=town.market, note="归市场监管")
    hazard = actions.order_repair(
        make.set_to(hazard, severity=Severity.MAJOR), by=inspector, due_on=make.in_days(5),
        demand="清走",
    )  # fmt: skip
    actions.plan_repair(
        hazard, by=keeper, duty="甲", measures="乙", funds="丙", time_limit="丁", emergency="戊"
    )
    return actions.ask_extension(
        hazard, by=keeper, until=make.in_days(9), reason="配件未到货", measures="停用"
    )


@pytest.mark.parametrize("who", ["inspector", "officer", "chief", "keeper"])
def test_a_hazard_with_everything_on_it_makes_few_queries(
    request, client, town, inspector, keeper, who, django_assert_max_num_queries
):
    hazard = everything(town, inspector, keeper)
    client.force_login(request.getfixturevalue(who))
    with django_assert_max_num_queries(BUDGET):
        text = html(client.get(hazard.get_absolute_url()))
    for words in ("五落实", "配件未到货", "区消防移交区市场监管", "待复核"):
        assert words in text


def test_a_clue_shows_its_way_and_what_was_reported_before(
    client, town, worker, head, clue, django_assert_max_num_queries
):
    again = make.clue(town.place, worker)
    client.force_login(head)
    with django_assert_max_num_queries(BUDGET):
        text = html(client.get(again.get_absolute_url()))
    assert "受理" in text and clue.number in text
    done = actions.dismiss_clue(again, by=head, note="看过，没有")
    assert "不予受理" in html(client.get(done.get_absolute_url()))


def test_a_void_hazard_is_still_readable(client, chief, hazard):
    actions.void(hazard, by=chief, note="重复登记")
    client.force_login(chief)
    text = html(client.get(hazard.get_absolute_url()))
    assert "已作废" in text and "重复登记" in text


# Steps


def test_a_step_is_taken_on_its_page(client, inspector, hazard):
    client.force_login(inspector)
    address = f"/hazards/{hazard.pk}/order-repair/"
    assert "哪天改完" in html(client.get(address))
    answer = client.post(address, {"due_on": make.in_days(5), "demand": "清走", "version": 1})
    assert answer.status_code == 302 and answer.url == hazard.get_absolute_url()
    hazard.refresh_from_db()
    assert (hazard.state, hazard.demand) == (State.ORDERED, "清走")


def test_a_wrong_form_is_shown_again_with_what_to_change(client, inspector, hazard):
    client.force_login(inspector)
    answer = client.post(
        f"/hazards/{hazard.pk}/order-repair/", {"due_on": make.in_days(-1), "demand": ""}
    )
    assert answer.status_code == 422
    assert "期限不能早于今天" in html(answer) and "还没有填要改什么" in html(answer)
    hazard.refresh_from_db()
    assert hazard.state == State.FOUND


def test_a_step_out_of_turn_is_refused_with_the_way_back(client, inspector, hazard):
    client.force_login(inspector)
    answer = client.get(f"/hazards/{hazard.pk}/verify-repair/")
    assert answer.status_code == 409
    assert "待处理" in html(answer) and hazard.get_absolute_url() in html(answer)


def test_a_stale_form_is_refused(client, inspector, hazard):
    make.set_to(hazard, version=5)
    client.force_login(inspector)
    facts = {"due_on": make.in_days(5), "demand": "清走", "version": 1}
    answer = client.post(f"/hazards/{hazard.pk}/order-repair/", facts)
    assert answer.status_code == 409 and "别人刚改过" in html(answer)


@pytest.mark.parametrize("who", ["worker", "officer", "stranger", "keeper"])
def test_no_page_lets_one_order_without_the_power(request, client, hazard, who):
    client.force_login(request.getfixturevalue(who))
    address = f"/hazards/{hazard.pk}/order-repair/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"due_on": make.in_days(5), "demand": "x"}).status_code == 404


def test_a_step_that_does_not_exist_is_not_found(client, inspector, hazard, clue):
    client.force_login(inspector)
    assert client.get(f"/hazards/{hazard.pk}/explode/").status_code == 404
    assert client.get(f"/clues/{clue.pk}/order-repair/").status_code == 404


def test_everybody_signs_in_first(client, hazard):
    for address in ("/hazards/", "/clues/", hazard.get_absolute_url(), "/hazards/export/"):
        assert client.get(address).status_code == 302


def test_a_keeper_hands_in_the_repair_with_a_picture(client, town, inspector, keeper):
    hazard = make.ordered(town.place, inspector)
    client.force_login(keeper)
    address = f"/hazards/{hazard.pk}/submit-repair/"
    assert client.post(address, {"note": "改"}).status_code == 422
    assert client.post(address, {"note": "改", "photos": [upload()]}).status_code == 302
    hazard.refresh_from_db()
    assert hazard.state == State.REPAIRED and hazard.photos.count() == 1


def test_a_broken_picture_is_refused_and_nothing_is_saved(client, town, inspector, keeper):
    hazard = make.ordered(town.place, inspector)
    client.force_login(keeper)
    broken = SimpleUploadedFile("photo.jpg", b"no picture", "image/jpeg")
    answer = client.post(f"/hazards/{hazard.pk}/submit-repair/", {"note": "改", "photos": [broken]})
    assert answer.status_code == 422
    hazard.refresh_from_db()
    assert hazard.state == State.ORDERED


def test_an_extension_is_asked_and_decided_on_pages(client, town, inspector, keeper, chief):
    hazard = make.ordered(town.place, inspector)
    client.force_login(keeper)
    facts = {"until": make.in_days(3), "reason": "等配件", "measures": "停用"}
    address = f"/hazards/{hazard.pk}/ask-extension/"
    assert client.post(address, facts).status_code == 422
    assert client.post(address, {**facts, "until": make.in_days(9)}).status_code == 302
    client.force_login(chief)
    address = f"/hazards/{hazard.pk}/decide-extension/"
    assert client.post(address, {"answer": "refused"}).status_code == 422
    assert client.post(address, {"answer": "granted"}).status_code == 302
    hazard.refresh_from_db()
    assert hazard.due_on == make.in_days(9)


def test_a_transfer_is_made_and_answered_on_pages(client, town, inspector, hazard):
    client.force_login(inspector)
    address = f"/hazards/{hazard.pk}/transfer/"
    assert client.post(address, {"receiver": town.fire.pk, "note": "x"}).status_code == 422
    assert client.post(address, {"receiver": town.market.pk, "note": "归它"}).status_code == 302
    market = makers.person("market", "卢青", "department_officer", town.county, town.market)
    client.force_login(market)
    address = f"/hazards/{hazard.pk}/answer-transfer/"
    assert "接收" in html(client.get(address))
    assert client.post(address, {"answer": "granted"}).status_code == 302


def test_a_clue_is_assigned_confirmed_and_judged_on_pages(
    client, town, worker, head, officer, inspector, chief
):
    clue = make.clue(town.place, worker, severity="suspected")
    client.force_login(head)
    assert client.post(f"/clues/{clue.pk}/accept-clue/", {}).status_code == 302
    client.force_login(officer)
    address = f"/clues/{clue.pk}/assign-clue/"
    assert "区消防" in html(client.get(address))
    assert client.post(address, {"department": town.fire.pk}).status_code == 302
    client.force_login(inspector)
    assert client.post(f"/clues/{clue.pk}/confirm-clue/", {"note": "属实"}).status_code == 302
    hazard = Hazard.objects.get()
    client.force_login(chief)
    address = f"/hazards/{hazard.pk}/judge-major/"
    assert client.post(address, {"severity": "suspected", "note": "x"}).status_code == 422
    assert client.post(address, {"severity": "major", "note": "第三条"}).status_code == 302


def test_a_clue_is_merged_on_its_page(client, town, worker, head, clue):
    again = make.clue(town.place, worker)
    client.force_login(head)
    address = f"/clues/{again.pk}/merge-clue/"
    assert client.post(address, {"into": str(again.pk)}).status_code == 422
    assert client.post(address, {"into": str(clue.pk)}).status_code == 302


def test_an_owner_does_not_read_how_the_reporter_was_told(
    client, town, worker, head, officer, inspector, keeper
):
    clue = make.assigned(town.place, worker, head, officer, town.fire)
    clue = actions.confirm_clue(clue, by=inspector)
    actions.feed_back_clue(clue, by=inspector, note="电话告诉了反映人王秀兰")
    for by, is_shown in ((inspector, True), (keeper, False)):
        client.force_login(by)
        assert ("王秀兰" in html(client.get(clue.hazard.get_absolute_url()))) is is_shown


def test_an_owners_own_promise_is_never_called_an_urging(client, town, keeper):
    hazard = make.hazard(town.place, keeper, origin="self_check")
    hazard = actions.promise_repair(hazard, by=keeper, due_on=make.in_days(3), demand="开锁")
    client.force_login(keeper)
    text = html(client.get(hazard.get_absolute_url()))
    assert "承诺整改" in text and "督促" not in text
