import pytest

from safegrid.checklists import actions
from safegrid.checklists.tests import make
from safegrid.library import actions as library
from safegrid.library.tests import make as make_library
from tests import town as makers


@pytest.fixture
def auditor(town):
    return makers.person("auditor", "苏岚", "auditor", town.city, town.city_body)


@pytest.fixture
def item(db):
    return make.item(make.checklist(), severity="major", criterion_document="GB 35181")


def test_everybody_with_a_post_reads_the_lists(client, worker, item):
    make.publish(item.checklist)
    client.force_login(worker)
    text = client.get("/checklists/").content.decode()
    assert "通用" in text and "试用稿" in text
    found = client.get("/checklists/", {"q": "出口"}).content.decode()
    assert "安全出口能不能随时推开" in found


def test_a_user_without_the_right_finds_no_lists(client, auditor, item):
    make.publish(item.checklist)
    client.force_login(auditor)
    for address in ("/checklists/", "/checklists/common/", "/checklists/common/print/"):
        assert client.get(address).status_code == 404


def test_a_draft_is_not_shown(client, worker, item):
    client.force_login(worker)
    assert client.get("/checklists/common/").status_code == 404


@pytest.mark.parametrize("address", ["/checklists/common/", "/checklists/common/print/"])
def test_a_verified_clause_stands_as_citation(client, worker, item, address):
    make.basis(item, make_library.clause(make_library.document()))
    make.publish(item.checklist)
    client.force_login(worker)
    text = client.get(address).content.decode()
    assert "<cite>" in text and "《中华人民共和国消防法》第二十八条" in text


@pytest.mark.parametrize("address", ["/checklists/common/", "/checklists/common/print/"])
def test_an_unverified_clause_is_never_a_citation(client, worker, item, address):
    make.basis(item, make_library.clause(make_library.document(), is_verified=False))
    make.basis(item, None, document_name="GB 51309", article="4.5.8")
    make.publish(item.checklist)
    client.force_login(worker)
    text = client.get(address).content.decode()
    assert "待复核" in text
    assert "<cite>" not in text and "第二十八条" not in text and "4.5.8" not in text


def test_a_document_out_of_force_is_a_warning_not_a_citation(client, worker, item):
    document = make_library.document(status="superseded")
    make.basis(item, make_library.clause(document))
    make.publish(item.checklist)
    client.force_login(worker)
    text = client.get("/checklists/common/").content.decode()
    assert "已被取代，不作依据" in text and "<cite>" not in text


def test_major_is_only_said_with_who_judges_it_by_what(client, worker, item):
    make.publish(item.checklist)
    client.force_login(worker)
    text = client.get("/checklists/common/").content.decode()
    assert "判定为重大须由有权部门按GB 35181认定" in text
    assert text.count("重大") == text.count("疑似重大") + text.count("判定为重大须由有权部门")


def test_an_old_version_stays_readable(client, worker, item):
    make.publish(item.checklist)
    new = make.checklist(version="2")
    make.item(new, point="新的要点")
    make.publish(new)
    client.force_login(worker)
    assert "新的要点" in client.get("/checklists/common/").content.decode()
    old = client.get("/checklists/common/", {"version": "1"}).content.decode()
    assert "安全出口能不能随时推开" in old and "这是停用的旧版" in old
    assert client.get("/checklists/common/", {"version": "3"}).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/checklists/", "/checklists/?q=灭火器", "/checklists/common/", "/checklists/common/print/"],
)
def test_a_page_takes_no_more_than_twelve_queries(
    client, worker, address, django_assert_max_num_queries
):
    library.load()
    actions.load()
    client.force_login(worker)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200
