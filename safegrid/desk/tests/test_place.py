from datetime import date

import pytest

from safegrid.desk.tests import make
from safegrid.duties.models import DutyRule, Line
from safegrid.enterprises.models import Grade, Place
from safegrid.hazards import actions as hazards
from safegrid.shared import journal
from safegrid.shared.models import Entry

BUDGET = 12  # frame 4, place, rules, bodies, kinds, holders, hazards, visits, timeline


def url(place: Place, step: str = "") -> str:
    return f"/places/{place.pk}/{step}"


def test_the_file_shows_who_answers_for_the_place(client, town, officer, worker, head) -> None:
    client.force_login(officer)
    html = client.get(url(town.place)).content.decode()
    for words in ("爱民区消防救援大队", "周宁", "网格长吕静", "网格员韩梅", "庆兴社区01网格"):
        assert words in html


def test_phones_are_masked(client, town, officer) -> None:
    client.force_login(officer)
    html = client.get(url(town.place)).content.decode()
    assert "138****2671" in html
    assert "13800002671" not in html


def test_the_missing_link_of_the_chain_is_said(client, town, officer) -> None:
    Place.objects.filter(pk=town.place.pk).update(lead_department=None)
    client.force_login(officer)
    html = client.get(url(town.place)).content.decode()
    assert 'data-state="missing"' in html
    assert "没有网格员" in html


def test_a_stranger_does_not_find_it(client, town, stranger) -> None:
    client.force_login(stranger)
    for step in ("", "timeline/", "reveal-phone/"):
        assert client.get(url(town.place, step)).status_code == 404


def test_buttons_follow_the_post(client, town, worker, officer, inspector, keeper) -> None:
    def words(user) -> str:
        client.force_login(user)
        return str(client.get(url(town.place)).content.decode())

    assert "登记走访" in words(worker)
    assert "改档案" not in words(worker)
    assert "看完整电话" not in words(worker)
    assert "开始检查" not in words(officer)
    assert "改档案" in words(officer)
    assert "开始检查" in words(inspector)
    assert "自查" in words(keeper)
    assert "登记走访" not in words(keeper)


def test_open_hazards_and_the_grade_are_shown(client, town, officer) -> None:
    make.overdue(town.place, title="安全出口上锁")
    Place.objects.filter(pk=town.place.pk).update(grade=Grade.ORANGE)
    client.force_login(officer)
    html = client.get(url(town.place)).content.decode()
    assert "安全出口上锁" in html
    assert "橙　较大风险" in html


def test_inspections_are_counted_against_the_cap(client, town, officer, inspector) -> None:
    facts = {"kind": "inspection", "counts_to_cap": True}
    for body in (town.fire, town.fire, town.market):
        make.visit(town.place, inspector, authority=body, **facts)
    make.visit(town.place, inspector, authority=town.fire, kind="inspection", counts_to_cap=False)
    client.force_login(officer)
    html = client.get(url(town.place)).content.decode()
    assert "<strong>2</strong> / 2次" in html
    assert "查得最多的是爱民区消防救援大队" in html


def test_the_timeline_is_paged(client, town, officer) -> None:
    for number in range(60):
        journal.record("x.y", f"第{number}件事", town.place, by=officer)
    client.force_login(officer)
    first = client.get(url(town.place, "timeline/")).content.decode()
    assert "第59件事" in first
    assert "第9件事" not in first
    assert "第9件事" in client.get(url(town.place, "timeline/?page=2")).content.decode()


def test_the_file_keeps_its_query_budget(
    client, town, officer, worker, django_assert_max_num_queries
) -> None:
    for _ in range(5):
        make.overdue(town.place)
        make.visit(town.place, worker)
        journal.record("x.y", "事", town.place, by=officer, note="说明")
    client.force_login(officer)
    client.get("/about/")  # notes the use of the session
    with django_assert_max_num_queries(BUDGET):
        client.get(url(town.place))


def test_a_full_number_needs_a_reason_and_is_journalled(client, town, officer) -> None:
    client.force_login(officer)
    path = url(town.place, "reveal-phone/")
    assert "13800002671" not in client.get(path).content.decode()
    assert client.post(path, {"reason": ""}).status_code == 422
    assert not Entry.objects.filter(step="enterprises.reveal_phone").exists()
    html = client.post(path, {"reason": "核实火警"}).content.decode()
    assert "13800002671" in html
    entry = Entry.objects.get(step="enterprises.reveal_phone")
    assert (entry.by, entry.text.note) == (officer, "核实火警")


def test_a_worker_cannot_reveal_numbers(client, town, worker) -> None:
    client.force_login(worker)
    assert client.post(url(town.place, "reveal-phone/"), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("step", ["", "timeline/", "reveal-phone/"])
def test_nobody_reads_a_file_without_signing_in(client, town, step) -> None:
    assert client.get(url(town.place, step)).status_code == 302


def test_the_chain_names_lead_and_special_departments_with_the_rule(client, town, officer) -> None:
    for number, (kind, line, matter) in enumerate(
        [("lead", "fire", ""), ("special", "market", "食品安全")], 1
    ):
        row, _ = Line.objects.get_or_create(code=line, defaults={"name": line, "short_name": line})
        DutyRule.objects.create(
            number=number, area_code="2310", kind="restaurant", duty=kind, line=row,
            matter=matter, basis="责任清单", valid_from=date(2020, 1, 1),
        )  # fmt: skip
    client.force_login(officer)
    html = client.get(url(town.place)).content.decode()
    assert "凭责任规则1条" in html
    assert "区市场监管" in html
    assert "食品安全" in html


def test_an_owner_does_not_read_what_the_public_reported(client, town, keeper, officer):
    hazards.collect_clue(by=None, place=town.place, title="后门锁着", origin="public")
    for path in (f"/places/{town.place.pk}/", f"/places/{town.place.pk}/timeline/"):
        client.force_login(keeper)
        assert "后门锁着" not in client.get(path).content.decode()
        client.force_login(officer)
        assert "后门锁着" in client.get(path).content.decode()
