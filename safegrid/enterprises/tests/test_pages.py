import io
from pathlib import Path

import openpyxl
import pytest

from safegrid.enterprises import imports
from safegrid.enterprises.models import ImportState, Place, PlaceImport
from safegrid.enterprises.tests import make
from safegrid.shared.models import Entry


def form(**changes):
    return {
        "name": "示例新开饭店",
        "kind": "restaurant",
        "address": "光明路20号",
        "lon": "129.603",
        "lat": "44.603",
        "source_crs": "wgs84",
        "state": "open",
        **changes,
    }


def edited(place, **changes):
    """The edit form as it is shown, with changes."""
    return {
        "version": place.version,
        "name": place.name,
        "kind": place.kind_id,
        "address": place.address,
        "lon": "129.605000",
        "lat": "44.605000",
        "source_crs": "wgs84",
        "area_code": place.area_code,
        "enterprise_name": place.enterprise.name,
        "enterprise_kind": place.enterprise.kind,
        "industry": place.industry,
        "state": place.state,
        "principal": place.principal,
        **changes,
    }


def test_officers_see_the_places_of_their_street(client, town, officer):
    client.force_login(officer)
    page = client.get("/places/")
    assert [place.name for place in page.context["page"].rows] == [
        "示例老灶烧烤店",
        "示例山城面馆",
    ]
    assert "示例军马饺子馆" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=老灶", 1),
        ("q=CS-0002", 1),
        ("q=光明路 山城", 1),
        ("area=231004005A01001", 1),
        ("kind=restaurant", 2),
        ("kind=shop", 0),
        ("nine_small=1", 2),
        ("above_scale=1", 0),
        ("high_risk=1", 0),
        ("state=closed", 0),
        ("grade=none", 2),
        ("gap=grid", 0),
        ("gap=lead", 0),
        ("kind=%00&q=%00", 2),
        ("gap=nonsense&state=nonsense&lead=nonsense&area=..&page=x", 2),
    ],
)
def test_the_list_is_filtered(client, town, officer, query, count):
    client.force_login(officer)
    assert len(client.get(f"/places/?{query}").context["page"].rows) == count


def test_the_list_is_filtered_by_lead(client, town, office):
    client.force_login(office)
    page = client.get(f"/places/?lead={town.market.pk}")
    assert [place.name for place in page.context["page"].rows] == ["示例军马饺子馆"]


def test_the_list_keeps_its_query_budget(client, town, officer, django_assert_max_num_queries):
    for number in range(30):
        make.place(name=f"示例{number}店", address=f"光明路{number}号")
    client.force_login(officer)
    with django_assert_max_num_queries(12):
        assert len(client.get("/places/").context["page"].rows) == 32


def test_a_place_is_filed(client, town, officer):
    client.force_login(officer)
    assert client.get("/places/new/").status_code == 200
    answer = client.post("/places/new/", form(credit_code=make.GOOD_CODE))
    place = Place.objects.get(name="示例新开饭店")
    assert answer["Location"] == place.get_absolute_url()
    assert (place.grid, place.enterprise.credit_code) == (town.grid, make.GOOD_CODE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "还没有填场所名称"),
        ({"credit_code": "91350100M000100Y44"}, "第18位应是“3”"),
        ({"lon": "116.4", "lat": "39.9"}, "不在本市范围内"),
        ({"founded_on": "2099-01-01"}, "不能晚于今天"),
        ({"phone": "1380000"}, "手机号应是11位"),
        ({"lon": "129.605", "lat": "44.645"}, "不在您的职责范围内"),
    ],
)
def test_a_wrong_form_comes_back_with_the_sentence(client, town, officer, changes, words):
    client.force_login(officer)
    answer = client.post("/places/new/", form(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Place.objects.count() == 3


def test_an_edit_writes_what_was_changed_and_keeps_the_phone(client, town, officer):
    client.force_login(officer)
    path = f"/places/{town.place.pk}/edit/"
    shown = client.get(path).content.decode()
    assert "138****2671" in shown
    assert "13800002671" not in shown
    answer = client.post(path, edited(town.place, principal="孟小宝"))
    assert answer.status_code == 302
    entry = Entry.objects.get(step="enterprises.edit_place")
    assert entry.changes == {}
    assert entry.text.details == {"principal": ["孟老板", "孟小宝"]}
    town.place.refresh_from_db()
    assert town.place.phone == "13800002671"


def test_a_stale_form_shows_both_versions(client, town, officer):
    client.force_login(officer)
    path = f"/places/{town.place.pk}/edit/"
    stale = edited(town.place, address="光明路21号")
    client.post(path, edited(town.place, address="光明路19号"))
    answer = client.post(path, stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "光明路21号" in page and "光明路19号" in page
    assert Place.objects.get(pk=town.place.pk).address == "光明路19号"
    assert answer.context["pairs"] == [("地址", "光明路21号", "光明路19号")]
    again = {**stale, "version": 2}
    assert client.post(path, again).status_code == 302
    assert Place.objects.get(pk=town.place.pk).address == "光明路21号"


def test_strangers_and_grid_workers_cannot_edit(client, town, stranger, worker):
    for user in (stranger, worker):
        client.force_login(user)
        assert client.get(f"/places/{town.place.pk}/edit/").status_code == 404
        assert client.post(f"/places/{town.place.pk}/keepers/add/").status_code == 404


def test_a_keeper_is_registered_and_released(client, town, officer, keeper):
    client.force_login(officer)
    path = f"/places/{town.place.pk}/keepers/add/"
    assert client.post(path, {"name": "", "role": "principal"}).status_code == 422
    unknown = client.post(path, {"name": "许店长", "role": "principal", "username": "nobody"})
    assert "没有账号" in unknown.content.decode()
    answer = client.post(path, {"name": "许店长", "role": "safety_manager", "phone": "13700001111"})
    assert answer.status_code == 302
    found = town.place.keepers.get(name="许店长")
    client.post(f"/places/{town.place.pk}/keepers/{found.pk}/remove/")
    found.refresh_from_db()
    assert found.ends_on is not None


def upload(client, rows, **changes):
    facts = {"file": make.sheet(rows), "area_code": "231004005", **changes}
    return client.post("/places/import/", facts)


def test_a_list_is_previewed_committed_and_undone(client, town, officer):
    client.force_login(officer)
    assert client.get("/places/import/").status_code == 200
    answer = upload(client, [make.row(), make.row(name="示例二店", address="光明路30号")])
    path = answer["Location"]
    page = client.get(path)
    assert "导入2处" in page.content.decode()
    assert client.post(f"{path}commit/").status_code == 302
    assert Place.objects.count() == 5
    assert "已导入2处" in client.get(path).content.decode()
    assert client.post(f"{path}undo/").status_code == 302
    assert Place.objects.count() == 3
    assert client.post(f"{path}undo/").status_code == 409


def test_each_fault_is_shown_with_its_cell_and_nothing_can_be_committed(client, town, officer):
    client.force_login(officer)
    path = upload(client, [make.row(), make.row(name="示例二店", code="91350100M000100Y44")])[
        "Location"
    ]
    page = client.get(path).content.decode()
    assert "B3：统一社会信用代码校验不对" in page
    assert "import_commit" not in page and f"{path}commit/" not in page
    assert client.post(f"{path}commit/").status_code == 409
    assert "示例新开饭店" in client.get(f"{path}?verdict=new").content.decode()


def test_phones_are_masked_in_the_difference(client, town, officer):
    client.force_login(officer)
    row = make.row(
        name="示例老灶烧烤店", address="光明路18号", lon=129.605, lat=44.605, principal="孟老板"
    )
    page = client.get(upload(client, [row])["Location"]).content.decode()
    assert "138****2671 → 138****1111" in page
    assert "13800001111" not in page


def test_a_file_that_is_no_list_comes_back_with_the_sentence(client, town, officer):
    client.force_login(officer)
    picture = io.BytesIO(b"\x89PNG\r\n\x1a\n\0\0")
    picture.name = "照片.png"
    answer = upload(client, [], file=picture)
    assert answer.status_code == 422
    assert "不是表格文件" in answer.content.decode()
    assert not PlaceImport.objects.exists()


def test_while_it_is_written_the_page_looks_again(client, town, officer):
    client.force_login(officer)
    path = upload(client, [make.row()])["Location"]
    PlaceImport.objects.update(state=ImportState.COMMITTING)
    page = client.get(path).content.decode()
    assert 'http-equiv="refresh"' in page
    assert "正在写入" in page


def test_lists_of_others_are_not_found(client, town, officer, stranger, worker):
    client.force_login(officer)
    path = upload(client, [make.row()])["Location"]
    client.force_login(stranger)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}commit/").status_code == 404
    client.force_login(worker)
    assert client.get("/places/import/").status_code == 404


def test_the_template_can_be_brought_in_once_filled(client, town, officer, tmp_path):
    client.force_login(officer)
    data = b"".join(client.get("/places/import/template.xlsx").streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["场所", "场所类型", "填写说明"]
    kind = book["场所类型"]["A2"].value
    book["场所"].append([None, "示例新开饭店", None, None, None, kind, None, "光明路20号"])
    path = Path(tmp_path) / "填好.xlsx"
    book.save(path)
    [record] = imports.read_rows(path)
    assert record.facts == {"name": "示例新开饭店", "kind": kind, "address": "光明路20号"}


def test_the_export_masks_phones_and_runs_no_formula(client, town, officer):
    Place.objects.filter(pk=town.place.pk).update(name='=HYPERLINK("http://x")', address="+1")
    client.force_login(officer)
    answer = client.get("/places/export.xlsx?q=CS-0001")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.max_row == 2
    assert sheet["B2"].value == '\'=HYPERLINK("http://x")'
    assert sheet["G2"].value == "'+1"
    assert sheet["J2"].value == "138****2671"
    entry = Entry.objects.get(step="enterprises.export")
    assert entry.changes["rows"] == [None, 1]
    assert entry.text.details == {"q": "CS-0001"}
