"""The stylesheets and templates keep their own rules."""

import re
from pathlib import Path

SHARED = Path(__file__).parent.parent
STATIC = SHARED / "static"
TEMPLATES = [*SHARED.parent.glob("*/templates/**/*.html")]
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))


def test_public_css_is_cut_from_looks_css() -> None:
    looks = set((STATIC / "looks.css").read_text("utf-8").splitlines())
    public = (STATIC / "public.css").read_text("utf-8").splitlines()[1:]
    assert [line for line in public if line not in looks] == []


def test_what_a_public_page_loads_is_small() -> None:
    names = ("public.css", "icons.svg", "favicon.svg")
    assert sum((STATIC / name).stat().st_size for name in names) < 40_000


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    used = {
        (path.name, name)
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8"))
    }
    assert {pair for pair in used if pair[1] not in ICONS} == set()


def test_no_template_styles_or_scripts_inline() -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=")
    assert [path.name for path in TEMPLATES if inline.search(path.read_text("utf-8"))] == []


def test_the_stylesheet_never_shouts() -> None:
    looks = (STATIC / "looks.css").read_text("utf-8")
    assert "!important" not in looks
    assert "color-mix" not in looks
