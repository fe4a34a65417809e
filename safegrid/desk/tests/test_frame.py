import pytest
from django.urls import resolve

from safegrid.desk import context
from safegrid.desk.tests import make
from safegrid.notices.queries import unread_count
from tests import town as people


def titles(user, path: str = "/") -> list[str]:
    return [entry.title for entry in context.menu(user, path)]


def test_the_menu_has_only_what_the_user_may_open(town, officer, worker, keeper) -> None:
    assert "单位岗位" in titles(officer)
    assert "单位岗位" not in titles(worker)
    assert titles(keeper) == ["今日", "场所档案", "隐患", "走访检查", "政策法规", "检查清单"]


def test_administrators_have_no_business_in_the_menu(town) -> None:
    auditor = people.person("auditor", "辛审", "auditor", town.city, town.city_body)
    assert titles(auditor) == ["今日", "审计流水"]


def test_the_entry_that_leads_here_is_marked(town, officer) -> None:
    def current(path: str) -> list[str]:
        return [entry.title for entry in context.menu(officer, path) if entry.is_current]

    assert current("/") == ["今日"]
    assert current("/hazards/0190/") == ["隐患"]
    assert current("/inbox/") == []


@pytest.mark.parametrize("entry", context.MENU)
def test_every_entry_leads_somewhere(entry) -> None:
    assert resolve(entry.url)


def test_the_frame_shows_demo_reach_and_unread(client, town, officer) -> None:
    make.notice(officer, town.place)
    client.force_login(officer)
    html = client.get("/about/").content.decode()
    assert "演示数据" in html
    assert "爱民区·大庆街道" in html
    assert "消息，1条未读" in html


def test_unread_stops_counting_at_ninety_nine(town, officer) -> None:
    for _ in range(101):
        make.notice(officer, town.place)
    assert unread_count(officer) == 99


def test_the_frame_costs_four_queries(client, town, officer, django_assert_max_num_queries) -> None:
    """Session, user, posts, unread; the page adds one for the edition of the library."""
    client.force_login(officer)
    client.get("/about/")  # notes the use of the session
    with django_assert_max_num_queries(5):
        client.get("/about/")


def test_what_does_not_exist_is_a_page_of_ours(client, town, officer) -> None:
    client.force_login(officer)
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "没有找到" in response.content.decode()
