"""Spreadsheets from strangers: looked over before they are opened, then given as rows of cells.

Raises `SheetRefused` with the sentence to show: too large, no spreadsheet, packed to burst,
formulas. Nothing is evaluated, no external reference is followed.
"""

import csv
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple
from xml.etree.ElementTree import Element, ParseError

import python_calamine
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as safe_xml

from safegrid.shared.refusals import Refused

LIMIT_BYTES = 50 * 1024 * 1024
LIMIT_UNPACKED = 400 * 1024 * 1024
LIMIT_PARTS = 2000
LIMIT_CELLS = 12_000_000
LIMIT_ROWS = 50_000
LIMIT_COLUMNS = 200
FORMULAS_NAMED = 5

_NOT_A_SHEET = "这不是表格文件，只收.xlsx、.xls、.csv"
_BURSTS = "这个文件解开后太大，像是压缩炸弹，不收"
_BROKEN = "这个文件坏了，打不开；在Excel里另存一份再传"
_REFERENCE = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TAIL = 200
_CHUNK = 1 << 18

Cell = Any
Line = tuple[int, list[Cell]]


class SheetRefused(Refused):
    """The file can't be taken in; the message says why and what to do."""

    status = 422


class _Looked(NamedTuple):
    """What the bytes of a worksheet show before it is opened."""

    unpacked: int
    has_formula: bool
    cells: int


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The rows of the first sheet that holds something, each with its line number from 1."""
    data = _bytes(stream)
    if data[:4] == b"PK\x03\x04":
        return _numbered(_from_xlsx(data))
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _numbered(_from_book(data))
    return _numbered(_from_csv(data))


def column_name(index: int) -> str:
    """A, B … Z, AA … of a column counted from 0."""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name, index = chr(65 + rest) + name, index - 1
    return name


def _bytes(stream: BinaryIO) -> bytes:
    stream.seek(0)
    data = stream.read(LIMIT_BYTES + 1)
    if len(data) > LIMIT_BYTES:
        raise SheetRefused("文件超过50 MB，分成几份再传")
    if not data.strip():
        raise SheetRefused("文件是空的")
    return data


def _numbered(rows: list[list[Cell]]) -> Iterator[Line]:
    if len(rows) > LIMIT_ROWS:
        raise SheetRefused(f"一次最多{LIMIT_ROWS}行，这份有{len(rows)}行，分成几份再传")
    return ((line, row) for line, row in enumerate(rows, 1))


def _from_xlsx(data: bytes) -> list[list[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _look_over(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, KeyError, ParseError) as error:
        raise SheetRefused(_BROKEN) from error
    except (DefusedXmlException, NotImplementedError) as error:
        raise SheetRefused(_NOT_A_SHEET) from error
    return _from_book(data)


def _look_over(archive: zipfile.ZipFile) -> None:
    """Refuse what must not be opened, by the archive's own bytes."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > LIMIT_PARTS or sum(part.file_size for part in parts) > LIMIT_UNPACKED:
        raise SheetRefused(_BURSTS)
    if "xl/workbook.xml" not in names:
        raise SheetRefused("这是压缩包，不是Excel表格；解开后把里面的表格传上来")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise SheetRefused("表格里带宏，不收；另存为.xlsx再传")
    looked = {}
    left = LIMIT_UNPACKED
    for part in parts:
        looked[part.filename] = _look_into(archive, part, left)
        left -= looked[part.filename].unpacked
    _refuse_formulas(archive, looked)


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> _Looked:
    """Unpack one part piecewise, without trusting the size it declares."""
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    is_xml = part.filename.endswith((".xml", ".rels"))
    unpacked, formula, columns, rows, tail = 0, False, 0, 0, b""
    for piece in _pieces(archive, part):
        unpacked += len(piece)
        if unpacked > left or unpacked > part.file_size:
            raise SheetRefused(_BURSTS)
        window = tail + piece
        if is_xml and (_DECLARED.search(window) or b"\0" in piece[:64]):
            raise SheetRefused(_NOT_A_SHEET)
        if is_sheet:
            formula = formula or _FORMULA.search(window) is not None
            for name, row in _REFERENCE.findall(window):
                columns, rows = max(columns, _column(name)), max(rows, int(row))
        tail = window[-_TAIL:]
    if columns * rows > LIMIT_CELLS:
        raise SheetRefused("表格铺得太开，删掉右边和下面的空行空列再传")
    return _Looked(unpacked, formula, columns * rows)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    stream: Any = archive.fp
    stream.seek(part.header_offset)
    header = stream.read(30)
    name_size, extra_size = struct.unpack("<HH", header[26:30])
    stream.seek(name_size + extra_size, io.SEEK_CUR)
    packed = stream.read(part.compress_size)
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (packed[at : at + _CHUNK] for at in range(0, len(packed), _CHUNK))
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        inflater = zlib.decompressobj(-15)
        while packed and not inflater.eof:
            yield inflater.decompress(packed, _CHUNK)
            packed = inflater.unconsumed_tail
    else:
        raise NotImplementedError(part.compress_type)


def _refuse_formulas(archive: zipfile.ZipFile, looked: dict[str, _Looked]) -> None:
    for name, path in _sheets(archive):
        found = looked.get(path)
        if found is None or not found.has_formula:
            continue
        cells = _formulas(archive, path)
        if cells:
            some = "、".join(cells[:FORMULAS_NAMED])
            more = "等" if len(cells) > FORMULAS_NAMED else ""
            raise SheetRefused(
                f"有公式的单元格不收：工作表“{name}”的{some}{more}。"
                "全选、复制，再“选择性粘贴为数值”，然后重新上传"
            )


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The name and the part of each worksheet."""
    book = safe_xml.fromstring(archive.read("xl/workbook.xml"))
    links = safe_xml.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = []
    for sheet in book.iter():
        if _local(sheet) == "sheet":
            key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            path = posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/")
            sheets.append((sheet.get("name", ""), path))
    return sheets


def _formulas(archive: zipfile.ZipFile, path: str) -> list[str]:
    """The first cells of a worksheet that hold a formula."""
    cells: list[str] = []
    with archive.open(path) as stream:
        for _, node in safe_xml.iterparse(stream, events=("end",)):
            if _local(node) == "c":
                if any(_local(child) == "f" for child in node):
                    cells.append(node.get("r", "?"))
                node.clear()
            if len(cells) > FORMULAS_NAMED:
                break
    return cells


def _from_book(data: bytes) -> list[list[Cell]]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for sheet in _visible(book):
                opened = book.get_sheet_by_name(sheet)
                if opened.total_width > LIMIT_COLUMNS:
                    raise SheetRefused(f"表格有{opened.total_width}列，最多{LIMIT_COLUMNS}列")
                if opened.height > 0:
                    return opened.to_python(skip_empty_area=False)
    except python_calamine.PasswordError as error:
        raise SheetRefused("表格加了密码，去掉密码再传") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise SheetRefused(_BROKEN) from error
    raise SheetRefused("表格是空的")


def _visible(book: python_calamine.CalamineWorkbook) -> list[str]:
    shown = python_calamine.SheetVisibleEnum.Visible
    return [one.name for one in book.sheets_metadata if one.visible == shown] or book.sheet_names


def _from_csv(data: bytes) -> list[list[Cell]]:
    if b"\0" in data:
        raise SheetRefused(_NOT_A_SHEET)
    text = _decoded(data)
    separator = "\t" if text.split("\n", 1)[0].count("\t") > 1 else ","
    try:
        rows: list[list[Cell]] = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise SheetRefused(_BROKEN) from error
    if max(map(len, rows)) < 2:
        raise SheetRefused(_NOT_A_SHEET)
    formulas = [
        f"{column_name(column)}{line}"
        for line, row in enumerate(rows, 1)
        for column, cell in enumerate(row)
        if cell.startswith("=")
    ]
    if formulas:
        some = "、".join(formulas[:FORMULAS_NAMED])
        raise SheetRefused(f"有公式的单元格不收：{some}，改成数值再传")
    return rows


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused(_NOT_A_SHEET)


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]
