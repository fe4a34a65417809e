import pytest

from safegrid.enterprises import actions, imports
from safegrid.enterprises.models import Enterprise, ImportState, Place, PlaceImport, RowVerdict
from safegrid.enterprises.tests import make
from safegrid.shared.models import Entry
from safegrid.shared.refusals import NotAllowed, Refused, StepRefused

STREET = "231004005"


def preview(rows, by, area=STREET, headings=make.HEADINGS):
    stream = make.sheet(rows, headings)
    return imports.preview(stream, by=by, area_code=area, file_name="名单.xlsx")


def verdicts(upload):
    return [row.verdict for row in upload.rows.order_by("line")]


def known_row(**changes):
    """The row that says what is on file of the town's place."""
    known = {
        "name": "示例老灶烧烤店",
        "address": "光明路18号",
        "lon": 129.605,
        "lat": 44.605,
        "principal": "孟老板",
        "phone": "13800002671",
    }
    return make.row(**{**known, **changes})


def test_each_row_gets_its_verdict(town, officer):
    upload = preview(
        [
            make.row(),
            known_row(phone="13800000000"),
            known_row(name="示例山城面馆", lon=129.625),
            make.row(),
            make.row(name="示例坏码店", code="91350100M000100Y44"),
        ],
        officer,
    )
    assert verdicts(upload) == ["new", "changed", "same", "duplicate", "error"]
    rows = list(upload.rows.order_by("line"))
    assert rows[1].difference == {"phone": ["13800002671", "13800000000"]}
    assert rows[3].errors == ["与第2行是同一处"]
    assert rows[4].errors[0].startswith("B6：")
    assert "第18位应是“3”" in rows[4].errors[0]
    assert upload.counts == {"new": 1, "changed": 1, "same": 1, "duplicate": 1, "error": 1}
    assert Place.objects.count() == 3


def test_a_list_with_an_error_writes_nothing(town, officer):
    upload = preview([make.row(), make.row(name="示例二店", kind="飞船")], officer)
    with pytest.raises(StepRefused, match="有1行有错"):
        imports.commit(upload, by=officer)
    assert Place.objects.count() == 3


def test_a_commit_writes_new_and_changed_rows_and_says_so(town, officer):
    upload = preview([make.row(), known_row(phone="13800000000")], officer)
    imports.commit(upload, by=officer)
    place = Place.objects.get(name="示例新开饭店")
    assert (place.grid, place.phone) == (town.grid, "13800001111")
    town.place.refresh_from_db()
    assert town.place.phone == "13800000000"
    steps = list(Entry.objects.order_by("id").values_list("step", flat=True))
    assert steps == [
        "enterprises.add_place",
        "enterprises.edit_place",
        "enterprises.import_places",
    ]
    assert Entry.objects.earliest("id").text.note == "导入：名单.xlsx第2行"
    upload.refresh_from_db()
    assert (upload.state, upload.done) == (ImportState.COMMITTED, 2)


def test_a_list_is_committed_once(town, officer):
    upload = preview([make.row()], officer)
    imports.commit(upload, by=officer)
    with pytest.raises(StepRefused):
        imports.commit(upload, by=officer)
    assert Place.objects.count() == 4


def test_a_blank_cell_changes_nothing(town, officer):
    upload = preview([known_row(phone="", lon="", lat="")], officer)
    assert verdicts(upload) == ["same"]


def test_a_place_changed_since_the_preview_stops_all(town, officer):
    upload = preview([make.row(), known_row(phone="13800000000")], officer)
    actions.edit_place(town.place, by=officer, principal="孟小宝")
    with pytest.raises(Refused, match="又有人改过CS-0001"):
        imports.commit(upload, by=officer)
    upload.refresh_from_db()
    assert (upload.state, Place.objects.count()) == (ImportState.FAILED, 3)
    assert "又有人改过" in upload.error


def test_a_place_filed_since_the_preview_stops_all(town, officer):
    upload = preview([make.row()], officer)
    make.place()
    with pytest.raises(Refused, match="有人建了"):
        imports.commit(upload, by=officer)
    assert Place.objects.count() == 4


def test_a_failure_half_way_leaves_nothing(town, officer, monkeypatch):
    upload = preview([make.row(), known_row(phone="13800000000")], officer)

    def fail(*args, **kwargs):
        raise Refused("停电")

    monkeypatch.setattr(actions, "change_place", fail)
    with pytest.raises(Refused):
        imports.commit(upload, by=officer)
    assert Place.objects.count() == 3
    assert not Entry.objects.exists()


def test_undo_puts_everything_back(town, officer):
    upload = preview([make.row(), known_row(phone="13800000000")], officer)
    imports.commit(upload, by=officer)
    imports.undo(PlaceImport.objects.get(), by=officer)
    town.place.refresh_from_db()
    assert (town.place.phone, Place.objects.count()) == ("13800002671", 3)
    assert not Enterprise.objects.filter(name="示例新开饭店").exists()
    assert Entry.objects.filter(step="enterprises.remove_place").exists()
    assert PlaceImport.objects.get().state == ImportState.UNDONE
    with pytest.raises(StepRefused):
        imports.undo(PlaceImport.objects.get(), by=officer)


def test_undo_refuses_when_somebody_has_worked_with_a_place(town, officer):
    upload = preview([make.row()], officer)
    imports.commit(upload, by=officer)
    place = Place.objects.get(name="示例新开饭店")
    actions.add_keeper(place, name="鲁老板", by=officer)
    with pytest.raises(Refused, match="不能撤销"):
        imports.undo(upload, by=officer)
    assert Place.objects.filter(pk=place.pk).exists()


def test_undo_refuses_when_a_changed_place_was_changed_again(town, officer):
    upload = preview([known_row(phone="13800000000")], officer)
    imports.commit(upload, by=officer)
    actions.edit_place(town.place, by=officer, principal="孟小宝")
    with pytest.raises(Refused, match="又有人改过"):
        imports.undo(upload, by=officer)


def test_a_number_names_the_place_to_change(town, officer):
    headings = ("编号", "场所名称", "地址")
    upload = preview([["CS-0001", "示例老灶总店", "光明路18号"]], officer, headings=headings)
    assert verdicts(upload) == ["changed"]
    upload = preview([["CS-9999", "示例无此店", "光明路18号"]], officer, headings=headings)
    row = upload.rows.get()
    assert (row.verdict, row.errors) == ("error", ["A2：范围内没有编号CS-9999的场所"])


def test_a_namesake_in_the_same_community_raises_a_doubt(town, officer):
    upload = preview([known_row(address="光明路999号")], officer)
    row = upload.rows.get()
    assert row.verdict == RowVerdict.DUPLICATE
    assert "CS-0001" in row.errors[0]


def test_a_code_joins_a_place_filed_without_one(town, officer):
    upload = preview([known_row(code=make.GOOD_CODE)], officer)
    assert upload.rows.get().difference == {"credit_code": [None, make.GOOD_CODE]}
    imports.commit(upload, by=officer)
    town.place.enterprise.refresh_from_db()
    assert town.place.enterprise.credit_code == make.GOOD_CODE


def test_a_code_held_elsewhere_is_an_error_with_its_cell(town, officer):
    make.place(credit_code=make.GOOD_CODE)
    upload = preview([known_row(code=make.GOOD_CODE)], officer)
    assert upload.rows.get().errors == ["B2：这个信用代码已登记在“示例新开饭店”名下"]


def test_a_point_in_another_street_is_an_error(town, officer):
    upload = preview([make.row(lon=129.605, lat=44.645)], officer)
    [error] = upload.rows.get().errors
    assert error.startswith("E2：落在爱民区·兴平街道")


def test_a_credit_code_that_excel_took_for_a_number_is_an_error(town, officer):
    upload = preview([make.row(code=911234567890123456)], officer)
    assert "存成了数字" in upload.rows.get().errors[0]


def test_a_place_without_a_point_stays_in_the_area_of_the_list(town, officer):
    upload = preview([make.row(lon="", lat="")], officer)
    imports.commit(upload, by=officer)
    place = Place.objects.get(name="示例新开饭店")
    assert (place.grid, place.area_code) == (None, STREET)


def test_an_area_out_of_reach_is_not_taken(town, officer, stranger):
    with pytest.raises(NotAllowed):
        preview([make.row()], officer, area="231004006")
    upload = preview([make.row()], officer)
    with pytest.raises(NotAllowed):
        imports.commit(upload, by=stranger)


def test_a_long_list_goes_to_the_background(town, officer, monkeypatch):
    monkeypatch.setattr(imports, "DIRECT_ROWS", 0)
    upload = preview([make.row()], officer)
    imports.start(upload, by=officer)
    upload.refresh_from_db()
    assert upload.state in (ImportState.COMMITTED, ImportState.COMMITTING)


def test_the_background_keeps_what_it_was_refused(town, officer):
    upload = preview([make.row()], officer)
    make.place()
    imports.commit_in_background.call(str(upload.pk), officer.pk)
    upload.refresh_from_db()
    assert upload.state == ImportState.FAILED


def test_rows_are_read_from_a_path(tmp_path):
    path = tmp_path / "名单.xlsx"
    path.write_bytes(make.sheet([make.row()]).getvalue())
    assert [row.facts["name"] for row in imports.read_rows(path)] == ["示例新开饭店"]
