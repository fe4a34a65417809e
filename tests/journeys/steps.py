"""What people do in several journeys: open a page, scan a plate, answer the items of a visit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import zxingcpp
from playwright.sync_api import Locator, Page, Response, expect

ENGLISH = re.compile(r"(?<![\w@./-])[A-Za-z_.]*[a-z_.]{3,}[A-Za-z_.]*(?![\w@/-])")
NAMES = {
    "Excel", "GeoJSON", "SafeGrid", ".xlsx", ".xls", ".csv",
    "Apache", "License", "Leaflet", "Open", "Font",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What the visitor finds wrong: a note, pictures, and whether it was put right at once."""

    note: str
    photos: Sequence[Path] = field(default=())
    is_fixed: bool = False


def visit(page: Page, address: str) -> Response:
    """Open an address that must work."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, f"{address}: {answer.status}"
    return answer


def press(page: Page, target: Locator) -> Response:
    """Press what leads to another page and wait for it; the answer of the server."""
    with page.expect_navigation() as led:
        target.click()
    assert led.value is not None
    return led.value


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def said(page: Page) -> Locator:
    """What the page says about what was just done, or why it was not."""
    return page.get_by_role("status").or_(page.get_by_role("alert")).first


def is_sound(page: Page) -> None:
    """A title, a heading, no word that a Chinese officer couldn't read, no sideways scrolling."""
    assert re.match(r"\S+.*·安网$", page.title()), f"{page.url}: {page.title()!r}"
    expect(heading(page)).not_to_be_empty()
    words = set(ENGLISH.findall(_read(page))) - NAMES
    assert not words, f"{page.url} says {sorted(words)}"
    assert not sideways(page), f"{page.url} is wider than the screen"


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def _read(page: Page) -> str:
    """The visible text; codes, file names and account names stand as they are."""
    return str(
        page.evaluate(
            """() => {
                const codes = [...document.querySelectorAll(".code")].map((one) => one.innerText);
                return codes.reduce((text, code) => text.replace(code, " "),
                                    document.body.innerText);
            }"""
        )
    )


def scan(page: Page, place: str) -> str:
    """Print the plate of a place and read its picture: the path that a phone would open."""
    visit(page, f"/codes/?q={place}")
    address = link(page, f"印 {place}的门牌").get_attribute("href")
    assert address is not None
    plate = page.request.get(address)
    assert plate.status == 200
    (found,) = read_codes(plate.body())
    return re.sub(r"^HTTP://[^/]+", "", found)


def read_codes(pdf: bytes) -> list[str]:
    """What the pictures on the first page of a PDF hold."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil()
    return [one.text for one in zxingcpp.read_barcodes(picture)]


def answer_all(page: Page, problems: Sequence[Problem]) -> None:
    """Answer item after item; the first ones that can't be major get the problems, in order."""
    waiting = list(problems)
    while button(page, "没问题").is_visible():
        if waiting and not page.get_by_text("可能重大", exact=True).is_visible():
            _report(page, waiting.pop(0))
        else:
            press(page, button(page, "没问题"))
    assert not waiting, "too few items that can't be major"


def _report(page: Page, problem: Problem) -> None:
    press(page, button(page, "有问题"))
    page.get_by_label("情况").fill(problem.note)
    if problem.photos:
        page.get_by_label("照片").set_input_files(problem.photos)
    if problem.is_fixed:
        page.get_by_label("场所已当场改好").check()
    press(page, button(page, "记下，看下一项"))


def take_step(page: Page, name: str) -> None:
    """Press the button of a step on its case and see that it was taken."""
    press(page, button(page, name))
    expect(page.get_by_text(f"{name}：已办好")).to_be_visible()


def note(page: Page, label: str, words: str) -> None:
    page.get_by_label(label).fill(words)


def case_link(page: Page, region: str) -> str:
    """The address of the first case in a region of the page."""
    box = page.get_by_role("region", name=region)
    address = box.get_by_role("link").first.get_attribute("href")
    assert address is not None
    return address
