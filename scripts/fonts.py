"""Cuts the fonts for printed papers out of Noto Sans CJK (Debian: fonts-noto-cjk).

.venv/bin/python scripts/fonts.py [folder with NotoSansCJK-Regular.ttc and -Bold.ttc]
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto")
TARGET = Path(__file__).resolve().parent.parent / "safegrid/shared/fonts"
FACE = "Noto Sans CJK SC"
COPYRIGHT, FAMILY, STYLE, UNIQUE, FULL, VERSION, POSTSCRIPT, LICENCE, LICENCE_URL = (
    *range(7),
    13,
    14,
)

LATIN = {*range(0x20, 0x7F), *range(0xA0, 0x180)}
# What GB 2312 lacks and our papers use: the middle dot, dashes, ticks, boxes, circles, units.
SIGNS = {ord(sign) for sign in "·—–…‥〇々℃℉№㎡㎥㎏㎜㎝㎞℡×÷±≤≥≠≈→←↑↓↗↘⇒√✓"}
SIGNS |= {ord(sign) for sign in "「」『』《》〈〉【】〔〕〖〗●○◎◐■□▲△▼▽◆◇★☆※"}
SIGNS |= {*range(0x2460, 0x249C), *range(0x3220, 0x322A), *range(0x2160, 0x216C)}
PUNCTUATION = {*range(0x2010, 0x2028), *range(0x3000, 0x3020), *range(0xFF01, 0xFFEF)}
HAN = {*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00)}


def gb2312() -> set[int]:
    """The code points of every character of GB 2312."""
    rows = (
        bytes((row, cell)).decode("gb2312", errors="ignore")
        for row in range(0xA1, 0xF8)
        for cell in range(0xA1, 0xFF)
    )
    return {ord(sign) for sign in rows if sign}


def face(collection: Path) -> TTFont:
    fonts = TTCollection(str(collection)).fonts
    return next(font for font in fonts if font["name"].getDebugName(FAMILY).startswith(FACE))


def rename(font: TTFont, family: str, style: str) -> None:
    """Names the cut as ours and keeps copyright, version and licence of the original."""
    table = font["name"]
    kept = {number: table.getDebugName(number) for number in (COPYRIGHT, VERSION, LICENCE)}
    kept[LICENCE_URL] = table.getDebugName(LICENCE_URL)
    names = {FAMILY: family, STYLE: style, UNIQUE: f"{family} {style}", FULL: f"{family} {style}"}
    names[POSTSCRIPT] = f"{family.replace(' ', '')}-{style}"
    table.names = []
    for number, text in sorted((kept | names).items()):
        table.setName(text, number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [names[POSTSCRIPT]]
    cff.topDictIndex[0].FamilyName = family
    cff.topDictIndex[0].FullName = names[FULL]


def cut(collection: Path, signs: Iterable[int], target: str, family: str, style: str) -> None:
    print(f"Cutting {target} ...", flush=True)
    font = face(collection)
    options = Options(layout_features=[], hinting=False, name_IDs=["*"], notdef_outline=True)
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=signs)
    subsetter.subset(font)
    font.recalcTimestamp = False
    rename(font, family, style)
    font.save(TARGET / target)
    print(f"  {len(font.getBestCmap())} characters, {(TARGET / target).stat().st_size:,} bytes")


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    regular, bold = source / "NotoSansCJK-Regular.ttc", source / "NotoSansCJK-Bold.ttc"
    plate = gb2312() | LATIN | SIGNS | PUNCTUATION
    cut(regular, plate, "plate-regular.otf", "SafeGrid Plate", "Regular")
    cut(bold, plate, "plate-bold.otf", "SafeGrid Plate", "Bold")
    cut(regular, plate | HAN, "full-regular.otf", "SafeGrid Full", "Regular")


if __name__ == "__main__":
    main()
