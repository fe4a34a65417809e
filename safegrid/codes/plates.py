"""Door plates as PDF: A6 each, or four on A4. Every glyph is embedded; none is dropped silently."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode

from safegrid.codes import queries
from safegrid.codes.models import PlaceCode
from safegrid.codes.queries import Contact
from safegrid.enterprises.models import Place
from safegrid.shared import fonts
from safegrid.shared.refusals import StepRefused

WIDTH, HEIGHT = 105.0, 148.0
A4 = (210.0, 297.0)
EDGE = 6.0
QUIET = 4  # modules of quiet zone around a code (ISO/IEC 18004)
CODE = 46.0  # mm of the picture itself, without its quiet zone
NAME_SHORT, NAME_LONG = (24.0, 15.0, 1), (14.0, 11.0, 2)  # points, at least, lines
SEAM = 0.02  # mm by which runs overlap, so that no hairline shows between them
POINT = 0.3528  # mm
LINE = 1.28  # line height over type size

DEEP, BRAND, INK, SOFT, PALE = "#083D32", "#0C5948", "#15211C", "#47534D", "#C4CBC5"
RED, WASH, LIT, WHITE = "#B9261B", "#FDECEA", "#F2B62B", "#FFFFFF"

ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")  # ISO/IEC 18004

HOTLINES = "火警119　急救120　报警110　安全举报12350"
STEPS = (
    ("先撤人", "喊人都出来，别回去拿东西"),
    ("再报警", "打119，说清上面的地址"),
    ("再扑救", "会用灭火器、自己跑得掉的才去"),
)

# The mark on a field of 32 × 32; the last shape is the lit square.
MARK = (
    "3.5 10.6 3.5 5.5 11 3.1 11 10.6", "16 1.5 19.4 2.59 19.4 10.6 12.6 10.6 12.6 2.59",
    "21 3.1 28.5 5.5 28.5 10.6 21 10.6", "3.93 19 3.65 17.68 3.5 15.5 3.5 12.2 11 12.2 11 19",
    "28.5 12.2 28.5 15.5 28.35 17.68 28.07 19 21 19 21 12.2",
    "11 28.2 9.99 27.57 8.36 26.3 6.94 24.88 5.74 23.3 4.78 21.57 4.42 20.6 11 20.6",
    "19.4 20.6 19.4 29.08 18.17 29.68 16 30.5 13.83 29.68 12.6 29.08 12.6 20.6",
    "27.58 20.6 27.22 21.57 26.26 23.3 25.06 24.88 23.64 26.3 22.01 27.57 21 28.2 21 20.6",
    "19.4 12.2 19.4 19 12.6 19 12.6 12.2",
)  # fmt: skip


class PlateRefused(StepRefused):
    """A plate that can't be printed as it stands; the message names the character."""


@dataclass(frozen=True)
class Plate:
    """What one plate says."""

    name: str
    address: str
    serial: str
    url: str
    contacts: list[Contact]


def plate_pdf(codes: Sequence[PlaceCode]) -> bytes:
    """One A6 page per code. Raises PlateRefused for a character that no font has."""
    paper = Paper((WIDTH, HEIGHT))
    for plate in _plates(codes):
        paper.add_page()
        _draw(paper, plate, 0, 0)
    return bytes(paper.output())


def sheet_pdf(codes: Sequence[PlaceCode]) -> bytes:
    """Four plates on each A4 page, to be cut along the lines. Raises PlateRefused like above."""
    paper = Paper(A4)
    for order, plate in enumerate(_plates(codes)):
        spot = order % 4
        if spot == 0:
            paper.add_page()
            paper.cross(WIDTH, A4[1] / 2)
        _draw(paper, plate, spot % 2 * WIDTH, spot // 2 * A4[1] / 2)
    return bytes(paper.output())


class Paper(FPDF):
    """A page on which text is set by the millimetre, in a fixed box, with our fonts."""

    def __init__(self, size: tuple[float, float]) -> None:
        super().__init__(unit="mm", format=size)
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0.0
        self.set_title("安全责任牌")
        self.add_font("plate", fname=fonts.REGULAR)
        self.add_font("plate", style="B", fname=fonts.BOLD)
        self._set: dict[tuple[Any, ...], tuple[float, list[str]]] = {}  # texts broken into lines
        self._known = self._signs("plate") & self._signs("plateB")

    def say(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: float,
        *,
        least: float = 0,
        lines: int = 1,
        style: str = "",
        ink: str = INK,
        align: str = "L",
    ) -> float:
        """Set text in a box of so many lines, smaller down to `least` and then cut; its height."""
        text = self._printable(text)
        asked = (text, width, size, least or size, lines, style)
        if asked not in self._set:
            self._set[asked] = self._fitting(*asked)
        size, rows = self._set[asked]
        self.set_font("plate", style, size)
        self.set_text_color(ink)
        height = size * POINT * LINE
        for row in rows:
            self.set_xy(x, y)
            self.cell(width, height, row, align=align)
            y += height
        return height * len(rows)

    def fits(self, text: str, width: float, room: tuple[float, float, int]) -> bool:
        """Whether bold text goes whole into so many lines of its smallest size."""
        _, least, lines = room
        text = self._printable(text)
        self.set_font("plate", "B", least)
        return len(self._broken(text, width)) <= lines

    def field(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self.set_fill_color(fill)
        self.rect(x, y, width, height, style="F")

    def mark(self, x: float, y: float, side: float) -> None:
        for order, shape in enumerate(MARK):
            self.set_fill_color(LIT if order == len(MARK) - 1 else WHITE)
            numbers = [float(one) * side / 32 for one in shape.split()]
            points = zip(numbers[::2], numbers[1::2], strict=True)
            self.polygon([(x + left, y + top) for left, top in points], style="F")

    def code(self, x: float, y: float, side: float, content: str) -> None:
        """The picture of a code, drawn in runs of modules; its quiet zone lies around the box."""
        rows = list(picture(content).matrix)
        module = side / len(rows)
        quiet = QUIET * module
        self.field(x - quiet, y - quiet, side + 2 * quiet, side + 2 * quiet, WHITE)
        self.set_fill_color("#000000")
        for down, row in enumerate(rows):
            for start, length in _runs(row):
                left, top = x + start * module, y + down * module
                self.rect(left, top, length * module + SEAM, module + SEAM, style="F")

    def cross(self, x: float, y: float) -> None:
        """Lines to cut along."""
        self.set_draw_color(PALE)
        self.set_line_width(0.1)
        self.line(x, 0, x, self.h)
        self.line(0, y, self.w, y)

    def _signs(self, font: str) -> set[int]:
        loaded: Any = self.fonts[font]
        return set(loaded.cmap)

    def _printable(self, text: str) -> str:
        """Without invisible signs; the full font joins when needed. Raises PlateRefused."""
        text = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C")
        missing = {sign for sign in text if ord(sign) not in self._known}
        if missing and "full" not in self.fonts:
            self.add_font("full", fname=fonts.FULL)
            self.set_fallback_fonts(["full"], exact_match=False)
        if missing:
            full = self._signs("full")
            if lost := [sign for sign in sorted(missing) if ord(sign) not in full]:
                raise PlateRefused(f"“{lost[0]}”这个字印不出来：“{text}”，换个写法再印")
        return text

    def _fitting(
        self, text: str, width: float, size: float, least: float, lines: int, style: str
    ) -> tuple[float, list[str]]:
        while True:
            self.set_font("plate", style, size)
            rows = self._broken(text, width)
            if len(rows) <= lines:
                return size, rows
            if size - 0.5 < least:
                last = rows[lines - 1]
                return size, [*rows[: lines - 1], last[:-1] + "…"]
            size -= 0.5

    def _broken(self, text: str, width: float) -> list[str]:
        found: Any = self.multi_cell(
            width, text=text, dry_run=True, output=MethodReturnValue.LINES, wrapmode=WrapMode.CHAR
        )
        return list(found)


def picture(content: str) -> segno.QRCode:
    """The code for an address: alphanumeric where its signs allow, level M or better."""
    mode = "alphanumeric" if set(content) <= ALPHANUMERIC else None
    return segno.make_qr(content, error="m", mode=mode, boost_error=True)


def _plates(codes: Sequence[PlaceCode]) -> list[Plate]:
    contacts = queries.contacts_of(code.place for code in codes)
    return [
        Plate(
            name=code.place.name,
            address=_address_of(code.place),
            serial=code.serial,
            url=queries.url(code),
            contacts=contacts[code.place_id],
        )
        for code in codes
    ]


def _address_of(place: Place) -> str:
    ground = queries.ground_name(place)
    return place.address if ground in place.address else f"{place.address}　{ground}"


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """Where dark runs of a row begin and how long they are."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if not dark:
            continue
        if found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((place, 1))
    return found


def _draw(paper: Paper, plate: Plate, x: float, y: float) -> None:
    _scan(paper, plate, x, y + 28)  # first: the white around the code covers nothing
    _head(paper, plate, x, y)
    _address(paper, x, y + 88)
    _steps(paper, x, y + 97.5)
    _people(paper, plate, x, y + 120)
    _foot(paper, x, y + 138)


def _head(paper: Paper, plate: Plate, x: float, y: float) -> None:
    paper.field(x, y, WIDTH, 28, DEEP)
    paper.mark(x + EDGE, y + 6.5, 15)
    left, width = x + EDGE + 20, WIDTH - 2 * EDGE - 20
    paper.say(left, y + 3, width, f"{settings.CITY}　安全责任牌", 8, least=6, ink=LIT)
    size, least, lines = NAME_SHORT if paper.fits(plate.name, width, NAME_SHORT) else NAME_LONG
    used = paper.say(
        left, y + 7, width, plate.name, size, least=least, lines=lines, style="B", ink=WHITE
    )
    paper.say(left, y + 8 + used, width, plate.address, 8, least=6.5, lines=2, ink=WHITE)


def _scan(paper: Paper, plate: Plate, x: float, y: float) -> None:
    paper.code(x + EDGE + 1, y + 7, CODE, plate.url)
    left, width = x + EDGE + CODE + 7.5, WIDTH - 2 * EDGE - CODE - 7.5
    paper.say(left, y + 6, width, "监督检查码", 19, least=12, style="B", ink=BRAND)
    paper.say(left, y + 16, width, "扫一扫：", 10, ink=SOFT)
    for order, words in enumerate(("谁来管这里", "最近谁来过", "反映隐患，可不留名")):
        paper.say(left, y + 21.5 + 5.5 * order, width, f"· {words}", 10, least=8)
    paper.say(left, y + 42, width, "门牌号", 7.5, ink=SOFT)
    paper.say(left, y + 45.5, width, plate.serial, 13, least=9, style="B")


def _address(paper: Paper, x: float, y: float) -> None:
    """The domain, so large that a sticker over the code is found out."""
    host = urlsplit(settings.SITE_URL).netloc
    paper.say(x + EDGE, y, 62, host, 17, least=9, style="B", ink=BRAND)
    left, width = x + EDGE + 64, WIDTH - 2 * EDGE - 64
    paper.say(left, y + 0.4, width, "扫出别的网址是假的", 8, least=6, ink=SOFT)
    paper.say(left, y + 4, width, "不问密码，不收钱", 8, least=6, ink=SOFT)


def _steps(paper: Paper, x: float, y: float) -> None:
    paper.field(x + EDGE, y, WIDTH - 2 * EDGE, 20.5, WASH)
    paper.say(x + EDGE + 3, y + 1.2, 60, "着火、出事了", 8, style="B", ink=RED)
    width = (WIDTH - 2 * EDGE - 3) / 3
    for order, (what, how) in enumerate(STEPS):
        left = x + EDGE + 3 + order * width
        paper.say(left, y + 5, width - 2, f"{order + 1} {what}", 13, style="B", ink=RED)
        paper.say(left, y + 11.5, width - 2, how, 8.5, least=7, lines=2)


def _people(paper: Paper, plate: Plate, x: float, y: float) -> None:
    width = (WIDTH - 2 * EDGE) / 3
    for order, one in enumerate(plate.contacts[:3]):
        left = x + EDGE + 3 + order * width
        paper.say(left, y, width - 4, one.title, 7.5, ink=SOFT)
        used = paper.say(left, y + 3.6, width - 4, one.name, 11, least=7, lines=2, style="B")
        paper.say(left, y + 4 + used, width - 4, one.phone, 10.5, least=6)


def _foot(paper: Paper, x: float, y: float) -> None:
    paper.field(x, y, WIDTH, HEIGHT - 138, RED)
    paper.say(x, y + 2.4, WIDTH, HOTLINES, 11.5, style="B", ink=WHITE, align="C")
