"""The script scorer in a real browser gives the golden answers too."""

import json
import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from safegrid.recognition import golden
from safegrid.recognition.index import FILE

BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu"]
SITE = "http://recognition.test"

ASK = """async (asked) => {
  const { Matcher } = await import("/matcher.mjs");
  const matcher = await Matcher.load();
  return asked.map(({ text, kinds }) => matcher.hazards(text, kinds)
    .map((candidates) => candidates.map(({ code, why }) => [code, why])));
}"""


def serve(route):
    name = route.request.url.removeprefix(SITE).strip("/")
    if not name:
        return route.fulfill(body="<!doctype html>", content_type="text/html")
    kind = "text/javascript" if name.endswith(".mjs") else "application/json"
    return route.fulfill(path=FILE.with_name(name), content_type=kind)


@pytest.mark.journey
def test_the_browser_gives_the_golden_answers():
    kept = json.loads(golden.FILE.read_text(encoding="utf-8"))
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER, args=QUIET)
        page = browser.new_page()
        page.route(f"{SITE}/**", serve)
        page.goto(SITE)
        found = page.evaluate(ASK, [{"text": one["text"], "kinds": one["kinds"]} for one in kept])
        browser.close()
    expected = [
        [[[code, why] for code, _, why in candidates] for candidates in one["found"]]
        for one in kept
    ]
    assert found == expected
