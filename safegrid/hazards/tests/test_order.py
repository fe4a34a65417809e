"""The paper: its words follow the power, and only verified clauses stand on it."""

import pytest

from safegrid.checklists.tests import make as make_lists
from safegrid.hazards import actions
from safegrid.hazards.models import Origin
from safegrid.hazards.tests import make
from safegrid.library.tests import make as make_library


def paper(client, hazard, by) -> str:
    client.force_login(by)
    answer = client.get(f"/hazards/{hazard.pk}/order/")
    assert answer.status_code == 200
    return str(answer.content, "utf-8")


@pytest.fixture
def item(db):
    return make_lists.item(make_lists.checklist())


def test_only_verified_clauses_stand_on_an_order(client, town, inspector, item):
    law = make_library.document()
    make_lists.basis(item, make_library.clause(law))
    make_lists.basis(
        item, make_library.clause(law, "xff-a016", article="第十六条", is_verified=False)
    )
    make_lists.basis(item, None, document_name="GB 55037", article="7.1.3")
    hazard = make.hazard(town.place, inspector, item=item)
    hazard = actions.order_repair(hazard, by=inspector, due_on=make.in_days(3), demand="开锁")
    text = paper(client, hazard, inspector)
    assert "责令限期整改通知" in text and "《中华人民共和国消防法》第二十八条" in text
    assert "示例-0001" in text and "爱民区消防救援大队" in text
    assert "第十六条" not in text and "GB 55037" not in text and "待复核" not in text


def test_what_the_street_urges_is_no_order(client, town, inspector, officer, keeper):
    hazard = make.hazard(town.place, inspector)
    hazard = actions.urge_repair(hazard, by=officer, due_on=make.in_days(3), demand="开锁")
    for by in (officer, keeper):
        text = paper(client, hazard, by)
        assert "督促整改" in text and "责令" not in text and "经检查" not in text


def test_what_an_owner_promised_is_neither(client, town, keeper):
    hazard = make.hazard(town.place, keeper, origin=Origin.SELF_CHECK)
    hazard = actions.promise_repair(hazard, by=keeper, due_on=make.in_days(3), demand="开锁")
    text = paper(client, hazard, keeper)
    assert "整改承诺" in text and "责令" not in text


def test_there_is_no_paper_before_there_is_a_term(client, town, inspector, stranger):
    hazard = make.hazard(town.place, inspector)
    client.force_login(inspector)
    assert client.get(f"/hazards/{hazard.pk}/order/").status_code == 404
    client.force_login(stranger)
    assert client.get(f"/hazards/{hazard.pk}/order/").status_code == 404
