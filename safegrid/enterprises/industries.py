"""Industry codes of GB/T 4754-2017: a section letter and up to four digits."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from safegrid.shared.numbers import fold

_CODE = re.compile(r"([A-T])([0-9]{2,4})?|([0-9]{2,4})")
_DATA = Path(__file__).parent / "data" / "industries.yaml"


def check_industry(text: str) -> str:
    """The code with its section letter, H6210; the letter is added where it is missing.

    Raises ValueError with the sentence that says what is wrong.
    """
    code = re.sub(r"[\s.]", "", fold(text)).upper()
    found = _CODE.fullmatch(code)
    if found is None:
        raise ValueError(f"“{text}”不是行业代码：应是一个字母加2到4位数字，如H6210")
    letter, digits, bare = found.groups()
    digits = digits or bare
    if digits is None:
        return code
    section = section_of(digits)
    if section is None:
        raise ValueError(f"“{text}”不是行业代码：大类没有{digits[:2]}")
    if letter and letter != section:
        raise ValueError(f"行业代码的字母不对：{digits[:2]}大类属于{section}，这里是{letter}")
    return section + digits


def section_of(digits: str) -> str | None:
    """The letter of the section to which a division belongs."""
    division = digits[:2]
    ranges: dict[str, list[str]] = _standard()["ranges"]
    return next((letter for letter, (a, b) in ranges.items() if a <= division <= b), None)


def industry_name(code: str) -> str:
    """The name of the code or of the nearest known one above it, "" when nothing is known."""
    data = _standard()
    for end in range(len(code), 1, -1):
        if name := data["names"].get(code[1:end]):
            return str(name)
    return str(data["sections"].get(code[:1], ""))


def sections() -> dict[str, str]:
    return dict(_standard()["sections"])


@cache
def _standard() -> Any:
    return yaml.safe_load(_DATA.read_text(encoding="utf-8"))
