import re
import statistics
import time
from datetime import timedelta

import pytest
from django.core.cache import cache

from safegrid.codes import actions
from safegrid.codes.tests import make
from safegrid.hazards import actions as hazards
from safegrid.shared import clock, fonts
from tests import town as makers

STATIC = fonts.FOLDER.parent / "static"


def test_everybody_sees_whom_to_call(client, code, worker, officer, town):
    answer = client.get(f"/c/{code.token}")
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("示例老灶烧烤店", "小餐饮", "庆兴社区01网格", "韩师傅", "0453-0000114",
                  "反映隐患", "tel:119", "tel:120", "tel:110", "tel:12350", "还没有", "区消防",
                  "大庆街道"):  # fmt: skip
        assert words in text, words


def test_a_body_that_leads_in_its_own_street_stands_there_once(client, code, officer, town):
    town.place.lead_department = town.street_body
    town.place.save()
    text = client.get(f"/c/{code.token}").content.decode()
    assert text.count(">大庆街道<") == 1 and "牵头和属地" in text


def test_upper_and_lower_case_are_the_same(client, code):
    for path in (f"/C/{code.token}", f"/c/{code.token.lower()}", f"/c/{code.token}/"):
        assert "示例老灶烧烤店" in client.get(path).content.decode()


def test_the_public_page_gives_nothing_away(client, code, worker, officer, keeper, town):
    actions.report(town.place, words="后门锁着，推不开")
    text = client.get(f"/c/{code.token}").content.decode()
    secrets = [
        town.place.phone, keeper.phone, worker.phone, town.place.principal, worker.name,
        officer.name, str(town.place.pk), str(town.place.enterprise_id) + "/", town.place.number,
        town.place.area_code, "后门锁着", "开始走访", "开始检查", "档案",
    ]  # fmt: skip
    assert [one for one in secrets if one in text] == []
    assert not re.search(r"1[3-9]\d{9}", text)
    assert "password" not in text
    assert f"/sign-in/?next=/c/{code.token}" in text


def test_the_worker_starts_from_the_plate(client, code, worker, town):
    client.force_login(worker)
    text = client.get(f"/c/{code.token}").content.decode()
    assert f"/visits/start/{town.place.pk}/?kind=patrol&amp;scan=1" in text
    assert "开始检查" not in text and "责令" not in text


def test_an_officer_with_power_inspects_from_the_plate(client, code, inspector, town):
    client.force_login(inspector)
    text = client.get(f"/c/{code.token}").content.decode()
    assert f"/visits/start/{town.place.pk}/?kind=inspection" in text
    assert "开始走访" not in text


def test_the_keeper_sees_the_self_check_and_the_open_hazards(client, code, keeper, town, inspector):
    hazards.record(by=inspector, place=town.place, title="安全出口上锁", origin="inspection")
    client.force_login(keeper)
    text = client.get(f"/c/{code.token}").content.decode()
    assert "开始自查" in text and "安全出口上锁" in text


@pytest.mark.parametrize("who", ["stranger", "auditor"])
def test_who_has_no_business_here_sees_the_public_page(client, code, who, town, request):
    role = ("auditor", "苏岚", "auditor", town.city, town.city_body)
    user = makers.person(*role) if who == "auditor" else request.getfixturevalue(who)
    client.force_login(user)
    text = client.get(f"/c/{code.token}").content.decode()
    assert "我要反映隐患" in text and str(town.place.pk) not in text


def test_unknown_revoked_and_misspelt_codes_look_alike(client, code, officer):
    actions.revoke(code, by=officer, reason="丢了")
    tokens = (code.token, make.UNKNOWN, "abc", code.token + "X", "%00", "你好")
    answers = [client.get(f"/c/{token}") for token in tokens]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    for page in ("report", "reported"):
        assert client.get(f"/c/{code.token}/{page}").status_code == 404


def test_unknown_and_revoked_codes_take_the_same_work(
    client, code, officer, django_assert_num_queries
):
    make_ready = client.get(f"/c/{make.UNKNOWN}")
    assert make_ready.status_code == 404
    actions.revoke(code, by=officer, reason="丢了")
    took: dict[str, list[float]] = {code.token: [], make.UNKNOWN: []}
    for token in took:
        with django_assert_num_queries(1):
            client.get(f"/c/{token}")
    for _ in range(40):
        cache.clear()
        for token, times in took.items():
            began = time.perf_counter()
            client.get(f"/c/{token}")
            times.append(time.perf_counter() - began)
    first, second = (statistics.median(times) for times in took.values())
    assert abs(first - second) < 0.005


def test_guessing_is_slowed_down(client, code, monkeypatch):
    monkeypatch.setattr("safegrid.codes.limits.time.time", lambda: 1_700_000_010.0)
    answers = [client.get(f"/c/{make.UNKNOWN[:-2]}{n:02}") for n in range(31)]
    assert [answer.status_code for answer in answers[:30]] == [404] * 30
    assert (answers[30].status_code, answers[30].headers["Retry-After"]) == (429, "30")
    assert client.get(f"/c/{code.token}").status_code == 429
    assert client.get(f"/c/{code.token}", REMOTE_ADDR="10.0.0.9").status_code == 200
    monkeypatch.setattr("safegrid.codes.limits.time.time", lambda: 1_700_000_061.0)
    assert client.get(f"/c/{code.token}").status_code == 200


def test_a_public_page_is_small(client, code, worker, officer):
    loads = sum(
        (STATIC / name).stat().st_size for name in ("public.css", "icons.svg", "favicon.svg")
    )
    for path in (f"/c/{code.token}", f"/c/{code.token}/report", f"/c/{make.UNKNOWN}"):
        page = client.get(path).content
        assert len(page) + loads <= 60_000
        assert b"looks.css" not in page and b"<script" not in page


def test_the_page_costs_few_queries(
    client, code, worker, officer, keeper, town, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):  # the code, the posts to call
        client.get(f"/c/{code.token}")
    client.force_login(worker)
    with django_assert_max_num_queries(6):  # and session, user, posts, hazards
        client.get(f"/c/{code.token}")
    client.force_login(keeper)
    with django_assert_max_num_queries(7):  # and the places kept
        client.get(f"/c/{code.token}")


def test_the_last_visit_is_told_by_its_day(client, code, town):
    town.place.last_visited_at = clock.now() - timedelta(days=3)
    town.place.save()
    text = client.get(f"/c/{code.token}").content.decode()
    gone = clock.today() - timedelta(days=3)
    assert f"{gone.month}月{gone.day}日，3天前" in text


def test_a_name_with_markup_and_marks_does_no_harm(client, code, town):
    town.place.name = "<script>alert(1)</script>\u202e店"
    town.place.save()
    assert b"<script>alert" not in client.get(f"/c/{code.token}").content


def test_the_page_kept_for_the_public_ends_with_its_code(
    client, town, office, code, django_capture_on_commit_callbacks
):
    address = f"/c/{code.token}"
    assert client.get(address).status_code == 200
    assert client.get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        actions.revoke(code, by=office, reason="丢了")
    assert client.get(address).status_code == 404


def test_the_page_kept_for_the_public_is_read_without_a_query(
    client, code, django_assert_num_queries
):
    client.get(f"/c/{code.token}")
    with django_assert_num_queries(0):
        client.get(f"/C/{code.token}")
