import pytest

from safegrid.desk.tests import make


def search(client, user, text: str) -> str:
    client.force_login(user)
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize(
    "text", ["烧烤", "老灶", "光明", "孟老", "CS-0001", "cs-0001", "13800002671", "光明 烧烤"]
)
def test_two_characters_a_number_or_a_phone_find_the_place(client, town, officer, text) -> None:
    assert f"/places/{town.place.pk}/" in search(client, officer, text)


def test_every_word_must_occur(client, town, officer) -> None:
    assert "没有查到" in search(client, officer, "烧烤 饺子")


def test_cases_are_found_by_title_and_number(client, town, officer, worker) -> None:
    hazard = make.hazard(town.place, "安全出口上锁")
    clue = make.clue(town.place, worker, title="楼道堆物")
    assert hazard.get_absolute_url() in search(client, officer, "出口")
    assert hazard.get_absolute_url() in search(client, officer, hazard.number)
    assert clue.get_absolute_url() in search(client, officer, "堆物")


def test_people_are_found_by_those_who_may_see_posts(client, town, officer, worker) -> None:
    assert "网格员" in search(client, officer, "韩梅") or "韩梅的岗位" in search(
        client, officer, "韩梅"
    )
    assert "没有查到" in search(client, worker, "周宁")


def test_nothing_is_found_outside_the_area(client, town, officer, stranger, worker) -> None:
    make.hazard(town.place, "安全出口上锁")
    make.clue(town.place, worker, title="安全出口堆物")
    html = search(client, stranger, "安全出口")
    assert "没有查到" in html
    assert "没有查到" in search(client, stranger, "老灶")


def test_a_keeper_finds_their_place_but_no_clue_about_it(client, town, keeper, worker) -> None:
    make.clue(town.place, worker, title="楼道堆物")
    assert f"/places/{town.place.pk}/" in search(client, keeper, "烧烤")
    assert "没有查到" in search(client, keeper, "堆物")


def test_more_than_ten_lead_to_the_whole_list(client, town, officer) -> None:
    for number in range(11):
        make.hazard(town.place, f"灭火器过期{number}具")
    html = search(client, officer, "灭火")
    assert "前10条" in html
    assert "/hazards/?q=%E7%81%AD%E7%81%AB" in html


def test_an_empty_search_explains_itself(client, town, officer) -> None:
    assert "两个字就能查" in search(client, officer, "  ")


def test_search_keeps_its_query_budget(
    client, town, officer, worker, django_assert_max_num_queries
) -> None:
    for _ in range(5):
        make.hazard(town.place, "烧烤炉太近")
        make.clue(town.place, worker, title="烧烤烟大")
    client.force_login(officer)
    client.get("/about/")  # notes the use of the session
    with django_assert_max_num_queries(10):
        client.get("/search/", {"q": "烧烤"})
