import pytest

from safegrid.duties.models import DutyRule
from safegrid.duties.tests import make


def test_officers_see_the_rules_that_hold_in_their_street(client, town, officer):
    make.rule("market")
    client.force_login(officer)
    page = client.get("/duties/")
    assert page.status_code == 200
    assert "市场监督管理局" in page.content.decode()
    assert "定一条" not in page.content.decode()


def test_the_list_is_filtered(client, town, office):
    make.rule("market")
    make.rule("fire", kind="", area_code="231025")
    client.force_login(office)
    assert len(client.get("/duties/?line=market").context["page"].rows) == 1
    assert len(client.get("/duties/?area=231004&kind=restaurant").context["page"].rows) == 1
    assert client.get("/duties/?line=x&area=../&kind=%00").status_code == 200


def test_the_list_keeps_its_query_budget(client, town, office, django_assert_max_num_queries):
    for _ in range(30):
        make.rule("market")
    client.force_login(office)
    with django_assert_max_num_queries(12):
        client.get("/duties/")


def test_the_office_makes_and_closes_a_rule(client, town, office):
    client.force_login(office)
    facts = {"area_code": "231004", "duty": "lead", "kind": "restaurant", "line": "market"}
    refused = client.post("/duties/new/", facts)
    assert refused.status_code == 422
    assert "还没有填依据" in refused.content.decode()
    assert client.post("/duties/new/", {**facts, "basis": "待本地确认"}).status_code == 302
    rule = DutyRule.objects.get()
    path = f"/duties/{rule.pk}/close/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"version": 1, "reason": ""}).status_code == 422
    assert client.post(path, {"version": 1, "reason": "换了文件"}).status_code == 302
    rule.refresh_from_db()
    assert rule.valid_to is not None
    assert client.post(path, {"version": 1, "reason": "再来一次"}).status_code == 409


def test_a_rule_that_the_action_refuses_comes_back_with_the_sentence(client, town, office):
    client.force_login(office)
    page = client.post(
        "/duties/new/",
        {
            "area_code": "231004",
            "duty": "lead",
            "line": "market",
            "basis": "待本地确认",
            "matter": "燃气",
        },
    )
    assert page.status_code == 422
    assert "行业主管管全部" in page.content.decode()


def test_who_is_in_charge_is_answered_with_the_reasons(client, town, worker):
    make.rule("market")
    make.rule("fire", duty="special")
    client.force_login(worker)
    page = client.get(f"/duties/ask/?place={town.place.pk}").content.decode()
    assert "爱民区市场监督管理局" in page
    assert "的行业主管是市场监督管理局" in page
    assert "示例老灶烧烤店" in client.get("/duties/ask/?q=老灶").content.decode()


def test_a_conflict_is_shown_as_one(client, town, officer):
    make.rule("market")
    make.rule("fire")
    client.force_login(officer)
    assert "规则打架" in client.get(f"/duties/ask/?place={town.place.pk}").content.decode()


def test_a_place_out_of_reach_is_not_found(client, town, stranger):
    client.force_login(stranger)
    assert client.get(f"/duties/ask/?place={town.place.pk}").status_code == 404
    assert client.get("/duties/ask/?place=nonsense").status_code == 200


@pytest.mark.parametrize("path", ["/duties/", "/duties/new/", "/duties/ask/"])
def test_owners_have_no_business_here(client, town, keeper, path):
    client.force_login(keeper)
    assert client.get(path).status_code == 404


def test_officers_make_no_rules(client, town, officer):
    rule = make.rule("market")
    client.force_login(officer)
    assert client.get("/duties/new/").status_code == 404
    assert client.get(f"/duties/{rule.pk}/close/").status_code == 404
