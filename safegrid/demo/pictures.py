"""Drawn pictures for the demo city: a corridor, a kitchen, a yard, a socket; before and after."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

from safegrid.shared import files
from safegrid.shared.fonts import REGULAR
from safegrid.shared.models import StoredFile

SIZE = (960, 640)
WALL, FLOOR, LINE, LIGHT = "#dce0dc", "#c4cbc5", "#9aa59e", "#f1f3f0"
Pen = ImageDraw.ImageDraw


def store() -> list[tuple[StoredFile, StoredFile]]:
    """The pairs of pictures, before and after, as stored files."""
    return [(_store(draw, False), _store(draw, True)) for draw in SCENES]


def _store(scene: Callable[[Pen, bool], None], is_after: bool) -> StoredFile:
    image = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 470, 960, 640), fill=FLOOR)
    scene(pen, is_after)
    font = ImageFont.truetype(str(REGULAR), 30)
    pen.text(
        (24, 590), f"演示图片　{'整改后' if is_after else '整改前'}", fill="#47534d", font=font
    )
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85)
    return files.store_picture(data.getvalue())


def _exit(pen: Pen, is_after: bool) -> None:
    pen.rectangle((360, 110, 600, 470), fill=LIGHT, outline=LINE, width=5)
    pen.line((480, 110, 480, 470), fill=LINE, width=5)
    pen.rectangle((400, 44, 560, 88), fill="#7fa893")
    if is_after:
        for start, end in (
            ((360, 476), (290, 560)),
            ((600, 476), (670, 560)),
            ((300, 590), (660, 590)),
        ):
            pen.line((*start, *end), fill="#c9b36a", width=10)
        return
    for box, colour in (
        ((260, 310, 430, 500), "#98a39c"),
        ((440, 370, 590, 505), "#84908a"),
        ((590, 350, 710, 500), "#a8b2ab"),
    ):
        pen.rectangle(box, fill=colour, outline="#6f7b74", width=4)


def _kitchen(pen: Pen, is_after: bool) -> None:
    pen.rectangle((80, 300, 520, 480), fill="#aeb8b1", outline=LINE, width=5)
    pen.ellipse((140, 270, 260, 310), fill="#6f7b74")
    pen.ellipse((320, 270, 440, 310), fill="#6f7b74")
    pen.rectangle((640, 90, 760, 190), fill=LIGHT, outline=LINE, width=5)
    pen.ellipse((690, 120, 712, 142), fill="#1e7c47" if is_after else "#8a948d")
    if not is_after:
        for left in (620, 720, 820):
            pen.rounded_rectangle(
                (left, 320, left + 80, 500), 26, fill="#7e8a83", outline="#6f7b74", width=4
            )
            pen.rectangle((left + 28, 296, left + 52, 322), fill="#6f7b74")


def _yard(pen: Pen, is_after: bool) -> None:
    pen.rectangle((60, 80, 900, 470), fill="#e6e9e5", outline=LINE, width=5)
    pen.line((60, 200, 900, 200), fill=LINE, width=4)
    if is_after:
        pen.rectangle((690, 240, 850, 470), fill="#d9c9a4", outline="#a8946a", width=5)
        return
    for left, top in ((150, 330), (290, 260), (430, 330), (570, 300)):
        pen.polygon(((left, 470), (left + 60, top), (left + 150, 470)), fill="#b8a888")


def _socket(pen: Pen, is_after: bool) -> None:
    pen.rectangle((330, 180, 480, 330), fill=LIGHT, outline=LINE, width=5)
    for left in (365, 425):
        pen.rectangle((left, 235, left + 14, 275), fill="#6f7b74")
    if is_after:
        pen.rectangle((560, 120, 720, 330), fill=LIGHT, outline=LINE, width=5)
        pen.rectangle((600, 160, 680, 220), fill="#7fa893")
        return
    for shift, colour in ((0, "#47534d"), (18, "#6f7b74"), (36, "#8f7a52")):
        pen.arc((250 + shift, 260, 760 + shift, 560), 200, 350, fill=colour, width=9)


SCENES: tuple[Callable[[Pen, bool], None], ...] = (_exit, _kitchen, _yard, _socket)
