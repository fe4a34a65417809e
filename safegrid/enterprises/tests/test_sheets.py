import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from safegrid.enterprises import columns, sheets
from safegrid.enterprises.tests import make


def read(stream):
    return list(columns.records(sheets.read_lines(stream)))


def test_titles_above_the_heading_and_blank_rows_are_passed_over():
    stream = make.sheet([make.row(), [], make.row(name="示例二店")], title="某街道场所名单")
    found = read(stream)
    assert [record.line for record in found] == [3, 5]
    assert found[0].facts["name"] == "示例新开饭店"
    assert "credit_code" not in found[0].facts
    assert found[0].cell("lon") == "E3"


def test_a_merged_two_line_heading_is_understood():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet()
        page.merge_range("A1:A2", "单位名称")
        page.merge_range("B1:B2", "场所类型")
        page.merge_range("C1:D1", "坐标")
        page.write_row("C2", ["经度", "纬度"])
        page.merge_range("E1:E2", "地　址（详细）")
        page.write_row("A3", ["示例新开饭店", "小餐馆", 129.6, 44.6, "光明路20号"])
    [record] = read(stream)
    assert record.line == 3
    assert record.facts == {
        "name": "示例新开饭店",
        "kind": "小餐馆",
        "lon": 129.6,
        "lat": 44.6,
        "address": "光明路20号",
    }


def test_numbers_days_and_wide_digits_come_as_people_mean_them():
    stream = make.sheet(
        [["示例新开饭店", "小餐馆", 13800001111, "１２", "2020年5月1日"]],
        headings=("企业名称", "类别", "电话", "员工数", "成立日期"),
    )
    [record] = read(stream)
    assert record.facts["phone"] == "13800001111"
    assert record.facts["staff"] == "１２"  # narrowed where it is read as a number
    assert record.facts["founded_on"] == "2020年5月1日"


def test_days_of_excel_are_days():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["场所名称", "地址", "成立日期"])
        page.write_row(1, 0, ["示例新开饭店", "光明路20号"])
        page.write_datetime(1, 2, date(2020, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert read(stream)[0].facts["founded_on"].startswith("2020-05-01")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_in_both_usual_encodings(encoding):
    text = "场所名称,类别,地址\n示例新开饭店,小餐馆,光明路20号\n"
    assert read(io.BytesIO(text.encode(encoding)))[0].facts["kind"] == "小餐馆"


def test_formula_cells_are_named():
    stream = make.sheet([make.row(address="=A3&B3")], title="名单")
    with pytest.raises(sheets.SheetRefused, match=r"有公式的单元格.*D3"):
        read(stream)


def test_a_formula_in_csv_is_refused():
    with pytest.raises(sheets.SheetRefused, match="A2"):
        read(io.BytesIO("场所名称,地址\n=1+1,光明路\n".encode()))


def bomb(size, declared=None):
    """A workbook whose sheet unpacks to `size` bytes."""
    stream = make.sheet([make.row()])
    packed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part.filename)
            if part.filename == "xl/worksheets/sheet1.xml":
                data += b" " * size
            new.writestr(part.filename, data)
    if declared is None:
        return packed
    raw = bytearray(packed.getvalue())
    at = raw.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    raw[at : at + 4] = declared.to_bytes(4, "little")
    return io.BytesIO(bytes(raw))


def test_a_zip_bomb_is_refused_before_it_bursts(monkeypatch):
    monkeypatch.setattr(sheets, "LIMIT_UNPACKED", 1_000_000)
    with pytest.raises(sheets.SheetRefused, match="压缩炸弹"):
        read(bomb(2_000_000))


def test_a_bomb_that_lies_about_its_size_is_refused():
    with pytest.raises(sheets.SheetRefused, match="压缩炸弹"):
        read(bomb(2_000_000, declared=1000))


def test_entities_are_refused():
    stream = make.sheet([make.row()])
    packed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            data = old.read(part.filename)
            if part.filename == "xl/sharedStrings.xml":
                data = data.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
            new.writestr(part.filename, data)
    with pytest.raises(sheets.SheetRefused, match="不是表格文件"):
        read(packed)


def test_a_sheet_spread_over_a_million_cells_is_refused():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["场所名称", "地址"])
        page.write("XFD1048576", "远")
    with pytest.raises(sheets.SheetRefused, match="铺得太开"):
        read(stream)


def archive(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return stream


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (io.BytesIO(b""), "空的"),
        (io.BytesIO(b"\x89PNG\r\n\x1a\n\0\0\0"), "不是表格"),
        (io.BytesIO(b"PK\x03\x04broken"), "坏了"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken"), "坏了"),
        (archive(readme="x"), "压缩包"),
        (io.BytesIO("随便一句话".encode()), "不是表格"),
        (io.BytesIO("甲,乙\n1,2\n".encode()), "没找到表头"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(stream, words):
    with pytest.raises(sheets.SheetRefused, match=words):
        read(stream)


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "LIMIT_BYTES", 100)
    with pytest.raises(sheets.SheetRefused, match="超过50 MB"):
        read(make.sheet([make.row()]))


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_are_called_as_in_excel(index, name):
    assert sheets.column_name(index) == name
