import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from safegrid.codes import plates, queries
from safegrid.codes.tests import make


def rendered(pdf: bytes, page: int = 0, scale: float = 4) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[page].render(scale=scale).to_pil()
        return picture.convert("L")
    finally:
        document.close()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def read(picture: Image.Image) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(picture)]


@pytest.fixture
def pdf(code, worker, officer):
    return plates.plate_pdf([code])


def small(picture: Image.Image) -> Image.Image:
    return picture.resize(
        (int(picture.width * 0.3), int(picture.height * 0.3)), Image.Resampling.BILINEAR
    )


WORN = {
    "as printed": lambda picture: picture,
    "at 30 %": small,
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(5)),
    "tilted a little": lambda picture: picture.rotate(8, expand=True, fillcolor=255),
    "tilted": lambda picture: picture.rotate(17, expand=True, fillcolor=255),
    "faded": lambda picture: picture.point(lambda shade: 90 + shade // 3),
    "seen from the side": lambda picture: picture.transform(
        picture.size,
        Image.Transform.QUAD,
        (0, 0, 0, picture.height, picture.width, picture.height - 150, picture.width, 150),
    ),
}


@pytest.mark.parametrize("worn", WORN.values(), ids=WORN)
def test_the_printed_code_leads_to_the_page(pdf, code, client, worn):
    (content,) = read(worn(rendered(pdf)))
    assert content == queries.url(code)
    path = content.removeprefix("HTTP://127.0.0.1:8000")
    assert "示例老灶烧烤店" in client.get(path).content.decode()


def test_the_code_is_big_and_sturdy(code):
    picture = plates.picture(queries.url(code))
    modules = picture.symbol_size(border=0)[0]
    assert picture.mode == "alphanumeric"
    assert picture.error in ("M", "Q", "H")
    assert plates.CODE >= 45
    assert plates.CODE / modules * (modules + 2 * plates.QUIET) < 62  # beside it stands text


def test_an_address_that_is_not_alphanumeric_is_printed_too():
    picture = plates.picture("https://安网.example/c/x_1")
    assert picture.mode == "byte" and picture.error in ("M", "Q", "H")


@pytest.mark.parametrize("length", [4, 10, 13, 15, 27, 60])
def test_around_the_code_is_a_quiet_zone(code, length, town):
    town.place.name, town.place.address = ("示例丰收临街住宅出租屋" * 6)[:length], "路" * 90
    town.place.save()
    code.refresh_from_db()
    page = rendered(plates.plate_pdf([code]), scale=8)
    (found,) = zxingcpp.read_barcodes(page)
    corner, right = found.position.top_left, found.position.top_right
    modules = plates.picture(queries.url(code)).symbol_size(border=0)[0]
    quiet = int((right.x - corner.x) / modules * (plates.QUIET - 0.2))
    low = found.position.bottom_right
    box = (corner.x - quiet, corner.y - quiet, low.x + quiet, low.y + quiet)
    around = page.crop(box)
    around.paste(255, (quiet - 4, quiet - 4, around.width - quiet + 4, around.height - quiet + 4))
    assert min(around.tobytes()) > 250


def test_the_plate_says_the_place_and_whom_to_call(pdf, code):
    text = text_of(pdf)
    for words in ("示例老灶烧烤店", code.serial, "127.0.0.1:8000", "119", "12350", "区消防",
                  "大庆街道", "韩师傅", "0453-0000114", "牡丹江市", "先撤人", "再报警",
                  "会用灭火器"):  # fmt: skip
        assert words in text, words
    assert "13800002671" not in text


def test_a_plate_is_a6(pdf):
    document = pypdfium2.PdfDocument(pdf)
    width, height = document[0].get_size()
    document.close()
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (105, 148)


def test_a_rare_character_comes_from_the_full_font(code, town):
    town.place.name = "示例龘犇面馆"
    town.place.save()
    code.refresh_from_db()
    assert "示例龘犇面馆" in text_of(plates.plate_pdf([code]))


def test_a_character_without_a_glyph_is_refused(code, town):
    town.place.name = "示例😀面馆"
    town.place.save()
    code.refresh_from_db()
    with pytest.raises(plates.PlateRefused, match="😀"):
        plates.plate_pdf([code])


def test_invisible_marks_and_very_long_names_do_no_harm(code, town):
    town.place.name = "\u202e" + "示例特别长的场所名称" * 11
    town.place.address = "路" * 160
    town.place.save()
    code.refresh_from_db()
    pdf = plates.plate_pdf([code])
    assert read(rendered(pdf)) == [queries.url(code)]
    assert "…" in text_of(pdf)


def test_a_sheet_holds_four_to_a_page(town):
    codes = [make.code(one) for one in (town.place, town.neighbour, town.far_place)]
    page = rendered(plates.sheet_pdf(codes))
    assert sorted(read(page)) == sorted(queries.url(code) for code in codes)


def test_many_plates_ask_no_more_than_one(town, django_assert_num_queries):
    rows = [make.code(one) for one in (town.place, town.neighbour, town.far_place)]
    found = list(queries.listed(type(rows[0]).objects.all()))
    with django_assert_num_queries(1):  # the posts to call
        plates.sheet_pdf(found)
