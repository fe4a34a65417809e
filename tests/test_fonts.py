"""The fonts for printed papers hold what we print, and PDF files really embed them."""

from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from fpdf import FPDF

from safegrid import shared

FONTS = Path(shared.__file__).parent / "fonts"
LINE = "牡丹江安网四码·监督检查 23℃ 50㎡ ①⑩ —…「」《》〔〕×→ SafeGrid 0453-119"


@pytest.mark.parametrize("name", ["plate-regular.otf", "plate-bold.otf", "full-regular.otf"])
def test_a_font_holds_the_line_and_is_embedded(name):
    font = TTFont(FONTS / name)
    assert [sign for sign in LINE if ord(sign) not in font.getBestCmap()] == []

    paper = FPDF(format="A5")
    paper.add_page()
    paper.add_font("paper", fname=FONTS / name)
    paper.set_font("paper", size=16)
    paper.multi_cell(0, 10, LINE)
    page = pypdfium2.PdfDocument(bytes(paper.output()))[0]
    text = page.get_textpage().get_text_bounded()
    assert "".join(text.split()) == "".join(LINE.split())


def test_the_full_font_holds_rare_characters_of_names():
    rare = "㛃䶮翀旻堃喆垚犇赟龘"
    known = TTFont(FONTS / "full-regular.otf").getBestCmap()
    assert [sign for sign in rare if ord(sign) not in known] == []
