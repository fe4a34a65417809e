from datetime import date

import pytest

from safegrid.library import actions
from safegrid.library.tests import make
from tests import town as makers


@pytest.fixture
def auditor(town):
    return makers.person("auditor", "苏岚", "auditor", town.city, town.city_body)


def test_everybody_with_a_post_reads_the_library(client, worker):
    make.clause(make.document())
    client.force_login(worker)
    answer = client.get("/library/")
    assert "中华人民共和国消防法" in answer.content.decode()
    assert "现行有效" in answer.content.decode()


def test_an_owner_reads_the_library(client, keeper):
    client.force_login(keeper)
    assert client.get("/library/").status_code == 200


def test_a_user_without_the_right_finds_no_library(client, auditor):
    make.document()
    client.force_login(auditor)
    assert client.get("/library/").status_code == 404
    assert client.get("/library/xff/").status_code == 404


def test_the_anonymous_are_asked_to_sign_in(client, db):
    assert client.get("/library/").status_code == 302


def test_the_page_finds_words_of_two_characters(client, worker):
    make.clause(make.document())
    client.force_login(worker)
    assert "第二十八条" in client.get("/library/", {"q": "消防"}).content.decode()
    assert "没有条款同时有这几个词" in client.get("/library/", {"q": "矿山"}).content.decode()


def test_the_list_is_filtered_by_kind_and_standing(client, worker):
    make.document()
    make.document("gb1", title="某某规范", kind="standard", status="superseded")
    client.force_login(worker)
    assert "某某规范" not in client.get("/library/", {"kind": "law"}).content.decode()
    superseded = client.get("/library/", {"status": "superseded"}).content.decode()
    assert "某某规范" in superseded and "消防法" not in superseded


def test_an_unknown_filter_is_left_out(client, worker):
    make.document()
    client.force_login(worker)
    assert "消防法" in client.get("/library/", {"kind": "x", "status": "y"}).content.decode()


def test_a_superseded_document_warns_and_names_its_successor(client, worker):
    make.document("new", title="判定规则", number="GB 35181-2025")
    make.document("old", title="判定方法", superseded_by="new", superseded_on=date(2025, 11, 1))
    client.force_login(worker)
    text = client.get("/library/old/").content.decode()
    assert "已被取代，不作依据" in text
    assert 'href="/library/new/"' in text
    assert "改看判定规则" in client.get("/library/").content.decode()


def test_an_unverified_clause_says_so(client, worker):
    make.clause(make.document(), is_verified=False)
    client.force_login(worker)
    assert "其中1条待复核" in client.get("/library/xff/").content.decode()


def test_the_official_page_opens_without_telling_it_who_asks(client, worker):
    make.document()
    client.force_login(worker)
    text = client.get("/library/xff/").content.decode()
    assert 'href="https://flk.npc.gov.cn/" rel="external noopener noreferrer"' in text


def test_an_unknown_document_is_not_found(client, worker):
    client.force_login(worker)
    assert client.get("/library/nothing/").status_code == 404


@pytest.mark.parametrize("address", ["/library/", "/library/?q=消防", "/library/aqscf/"])
def test_a_page_takes_no_more_than_twelve_queries(
    client, worker, address, django_assert_max_num_queries
):
    actions.load()
    client.force_login(worker)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200
