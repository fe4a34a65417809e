import pytest

from safegrid.checklists.tests import make
from safegrid.library.tests import make as make_library
from tests import town as makers
from tests.api import Caller


@pytest.fixture
def item(db):
    return make.item(make.checklist())


def test_the_lists_in_use_are_listed(worker, item):
    make.publish(item.checklist)
    make.publish(make.checklist("hotel"))
    caller = Caller(worker)
    assert {one["code"] for one in caller.get("/checklists").json()["items"]} == {"common", "hotel"}
    found = caller.get("/checklists", kind="restaurant").json()["items"]
    assert [one["code"] for one in found] == ["common"]


def test_only_a_verified_clause_has_a_citation(worker, item):
    document = make_library.document()
    make.basis(item, make_library.clause(document))
    make.basis(item, make_library.clause(document, "xff-a016", is_verified=False), order=1)
    make.publish(item.checklist)
    (shown,) = Caller(worker).get("/checklists/common").json()["items"]
    assert [basis["citation"] for basis in shown["bases"]] == [
        "《中华人民共和国消防法》第二十八条",
        None,
    ]


def test_an_unknown_version_is_not_found(worker, item):
    make.publish(item.checklist)
    caller = Caller(worker)
    assert caller.get("/checklists/common", version="9").status_code == 404
    assert caller.get("/checklists/nothing").status_code == 404


def test_a_user_without_the_right_finds_no_lists(town, item):
    make.publish(item.checklist)
    auditor = makers.person("auditor", "苏岚", "auditor", town.city, town.city_body)
    assert Caller(auditor).get("/checklists").status_code == 404


def test_a_misspelt_filter_is_told(worker):
    assert Caller(worker).get("/checklists", kinds="hotel").status_code == 422
