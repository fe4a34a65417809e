"""A real server on a small demo city, a real browser, and the doors of the sign-in page."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
PLACES, DAYS = "160", "30"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SignIn = Callable[..., Page]
Check = Callable[[Page], None]
# Every kind of element on the page with its parent, class, state and the names of its attributes.
PARTS = """() => {
    const looks = /^(class|data-|type|role|hidden|disabled)/;
    const one = (here) => [here.tagName, ...[...here.attributes].map((its) =>
        looks.test(its.name) ? its.name + its.value : its.name)];
    const parts = [...document.querySelectorAll("*")].map((here) =>
        [...one(here), ...(here.parentElement ? one(here.parentElement) : [])].join(" "));
    return [innerWidth, ...[...new Set(parts)].sort()].join();
}"""
PATIENCE = 15_000  # ms
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of a running server with a demo city."""
    port = _free_port()
    facts = {"SAFEGRID_HOME": str(home), "SAFEGRID_URL": f"http://127.0.0.1:{port}"}
    surroundings = {**os.environ, **facts}
    surroundings.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "safegrid"]
    subprocess.run(
        [*command, "demo", "--places", PLACES, "--days", DAYS],
        cwd=ROOT,
        env=surroundings,
        check=True,
    )
    server = subprocess.Popen([*command, "serve", "--port", str(port)], cwd=ROOT, env=surroundings)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def sign_in(site: str, browser: Browser) -> Iterator[SignIn]:
    """Opens a browser of its own for a role, signed in through its door; phone=True for 390 px."""
    opened = []

    def enter(door: str = "", *, phone: bool = False, script: bool = True, **facts: object) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=script,
            locale="zh-CN",
            **facts,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if door:
            page.goto("/sign-in/")
            page.locator(f'button[value="{door}"]').click()
            page.wait_for_url(f"{site}/")
        return page

    yield enter
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def kept_place(site: str, browser: Browser) -> str:
    """The name of the place behind the owner's door; it lies in the grid worker's grid."""
    context = browser.new_context(base_url=site, viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto("/sign-in/")
    page.locator('button[value="keeper"]').click()
    name = page.get_by_role("article").first.get_by_role("heading").inner_text()
    context.close()
    return name


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture as a phone takes it."""
    return _picture(tmp_path / "before.jpg", "firebrick")


@pytest.fixture
def after_photo(tmp_path: Path) -> Path:
    return _picture(tmp_path / "after.jpg", "seagreen")


@pytest.fixture(scope="session")
def accessible() -> Check:
    """Fails with the list when axe finds a violation on the page.

    A page made of the same parts at the same width as one that had none is not examined again.
    """
    axe, examined = Axe(), set()

    def check(page: Page) -> None:
        parts = page.evaluate(PARTS)
        if parts in examined:
            return
        found = axe.run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        examined.add(parts)

    return check


def _picture(path: Path, colour: str) -> Path:
    picture = Image.new("RGB", (1200, 900), "lightgray")
    ImageDraw.Draw(picture).rectangle((200, 200, 900, 700), fill=colour)
    picture.save(path, quality=80)
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            with urlopen(f"{address}/sign-in/", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("the server did not start")
