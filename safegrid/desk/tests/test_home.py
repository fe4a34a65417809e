from datetime import timedelta

import pytest

from safegrid.desk.tests import make
from safegrid.enterprises.models import Place
from safegrid.hazards.models import Answer, ClueState, Extension, Severity, State, Transfer
from safegrid.people.models import Organisation
from safegrid.shared import clock
from safegrid.visits.models import Kind
from safegrid.visits.models import State as VisitState
from tests import town as people

# Session, user, posts and unread notices are the frame's; the rest is the page's.
BUDGET = 12


def page(client, user, path="/"):
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def fill(town, worker) -> None:
    for place in (town.place, town.neighbour):
        make.overdue(place)
        make.hazard(place, "积尘超过3毫米", state=State.REPAIRED, repaired_at=clock.now())
        make.hazard(place, "用餐区存放气瓶", severity=Severity.SUSPECTED)
        make.hazard(place, "安全出口封死", severity=Severity.MAJOR, state=State.VERIFIED)
        for state in (ClueState.COLLECTED, ClueState.ACCEPTED, ClueState.ASSIGNED):
            make.clue(place, worker, state=state, department=place.lead_department)
        make.visit(place, worker)


@pytest.mark.parametrize(
    "role",
    [
        "worker",
        "head",
        "officer",
        "inspector",
        "chief",
        "office",
        "city_office",
        "leader",
        "keeper",
    ],
)
def test_the_first_page_keeps_its_query_budget(
    request, client, town, worker, role, django_assert_max_num_queries
) -> None:
    user = request.getfixturevalue(role)
    fill(town, worker)
    client.force_login(user)
    client.get("/about/")  # notes the use of the session
    with django_assert_max_num_queries(BUDGET):
        assert client.get("/").status_code == 200


def test_a_worker_sees_the_next_place_with_the_reason(client, town, worker) -> None:
    Place.objects.filter(pk=town.place.pk).update(last_visited_at=clock.now() - timedelta(days=20))
    make.hazard(town.place, "报警器断电", due_on=clock.today() + timedelta(days=2))
    html = page(client, worker)
    assert "下一家　该复看" in html
    assert "报警器断电" in html
    assert town.neighbour.name not in html


def test_a_place_never_visited_says_so(client, town, worker) -> None:
    assert "建档后还没有走访过" in page(client, worker)


def test_what_is_done_today_is_not_next(client, town, worker) -> None:
    make.visit(town.place, worker, problems=1)
    html = page(client, worker)
    assert "走完1家，还剩0家" in html
    assert "今天的走完了" in html
    assert "有问题1项" in html


def test_a_visit_not_finished_comes_first(client, town, worker) -> None:
    make.visit(town.place, worker, state=VisitState.DRAFT, submitted_at=None)
    html = page(client, worker)
    assert "接着走" in html
    assert "开始走访" not in html


def test_a_worker_sees_only_their_own_clues_waiting(client, town, worker, head) -> None:
    make.clue(town.place, worker, title="我报的这一条")
    make.clue(town.place, head, title="别人报的那一条")
    make.clue(town.place, worker, title="已经结案的", state=ClueState.CLOSED)
    html = page(client, worker)
    assert "我报的这一条" in html
    assert "别人报的那一条" not in html
    assert "已经结案的" not in html


def test_a_community_head_accepts_and_sees_who_is_out(client, town, worker, head) -> None:
    make.clue(town.place, worker)
    make.visit(town.place, worker, problems=1)
    html = page(client, head)
    assert ">受理<" in html
    assert "走访1家，1家有问题" in html


def test_an_officer_dispatches_to_the_lead_department_and_sees_gaps(
    client, town, worker, officer
) -> None:
    make.clue(town.place, worker, state=ClueState.ACCEPTED)
    Place.objects.filter(pk=town.neighbour.pk).update(lead_department=None)
    html = page(client, officer)
    assert "建议<b>区消防</b>" in html
    assert "1处没有牵头部门" in html
    assert 'href="/places/?gap=lead&amp;state=open"' in html


def test_numbers_are_counted_within_the_area_only(client, town, officer, stranger) -> None:
    make.overdue(town.place)
    assert "超3天" in page(client, officer)
    html = page(client, stranger)
    assert "超3天" not in html
    assert "<strong>0</strong> / 未销号0条" in html


def test_a_department_officer_sees_what_was_given_to_them(client, town, worker, inspector) -> None:
    make.clue(
        town.place, worker, title="交给消防的", state=ClueState.ASSIGNED, department=town.fire
    )
    make.clue(
        town.place, worker, title="交给市场的", state=ClueState.ASSIGNED, department=town.market
    )
    html = page(client, inspector)
    assert "交给消防的" in html
    assert "交给市场的" not in html


def test_a_department_head_judges_confirms_and_decides(client, town, worker, chief) -> None:
    suspected = make.hazard(town.place, "用餐区存放气瓶", severity=Severity.SUSPECTED)
    make.hazard(town.place, "待复核的", severity=Severity.MAJOR, state=State.VERIFIED)
    Extension.objects.create(
        hazard=suspected, until=clock.today(), reason="配件没到", measures="停用", asked_by=worker
    )
    Transfer.objects.create(
        hazard=suspected, receiver=town.fire, reason="归消防管", by=worker, answer=Answer.WAITING
    )
    html = page(client, chief)
    for words in ("用餐区存放气瓶", "待复核的", "配件没到", "归消防管"):
        assert words in html


def test_an_office_compares_the_areas_below(client, town, office, city_office) -> None:
    make.overdue(town.place, severity=Severity.MAJOR)
    html = page(client, office)
    assert "大庆街道" in html
    assert "兴平街道" in html
    assert 'href="/hazards/?state=overdue&amp;area=231004005"' in html
    html = page(client, city_office)
    assert "爱民区" in html
    assert "林口县" in html


def test_a_keeper_sees_what_to_do_at_their_place_only(client, town, keeper) -> None:
    make.overdue(town.place, title="我家的隐患")
    make.overdue(town.far_place, title="别家的隐患")
    html = page(client, keeper)
    assert "还没有自查过" in html
    assert "我家的隐患" in html
    assert "改完" in html
    assert "别家的隐患" not in html


def test_a_self_check_is_due_after_thirty_days(client, town, keeper) -> None:
    done = clock.now() - timedelta(days=29)
    check = make.visit(town.place, keeper, kind=Kind.SELF_CHECK, submitted_at=done)
    assert "下次还有1天" in page(client, keeper)
    check.submitted_at = clock.now() - timedelta(days=31)
    check.save()
    assert "该自查了" in page(client, keeper)


def test_a_user_with_nothing_learns_what_to_do(client, town) -> None:
    nobody = people.person("nobody", "新来的")
    html = page(client, nobody)
    assert "还没有归您管的场所" in html


@pytest.mark.parametrize(
    ("role", "door"),
    [("auditor", "/audit/"), ("system_admin", "/people/accounts/"), ("security_admin", "/people/")],
)
def test_each_administrator_finds_their_console(client, town, role, door) -> None:
    body: Organisation = town.city_body
    admin = people.person(role, "管理员", role, town.city, body)
    html = page(client, admin)
    assert f'<a href="{door}">' in html
    assert "/hazards/" not in html


def test_a_second_post_has_its_own_first_page(client, town, officer, worker) -> None:
    tenure = worker.tenures.get()
    tenure.user = officer
    tenure.save()
    html = page(client, officer, f"/?post={tenure.post_id}")
    assert "今天" in html
    assert 'aria-label="岗位"' in html
