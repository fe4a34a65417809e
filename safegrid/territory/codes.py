"""Division codes as paths: stored without padding zeros, a code begins with its parent's code.

Segments follow GB/T 2260 (2+2+2), GB/T 10114 (+3) and the statistical code (+3); a grid adds
three more. Local codes, given where no official one exists, have a letter in the last segment.
"""

import re
from collections.abc import Iterable, Iterator

from safegrid.shared.numbers import fold

WIDTHS = (2, 4, 6, 9, 12, 15)

_CODE = re.compile(r"[0-9A-Z]+")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O look like digits


def unpad(code: str) -> str:
    """The code without its padding: whole segments of zeros at the end.

    Raises ValueError when it is no division code.
    """
    folded = fold(code).upper()
    if len(folded) not in WIDTHS or not _CODE.fullmatch(folded):
        raise ValueError(f"“{code}”不是区划代码：应是2、4、6、9、12或15位数字或字母")
    segments = _segments(folded)
    while segments and not segments[-1].strip("0"):
        segments.pop()
    if not segments:
        raise ValueError(f"“{code}”不是区划代码：不能全是0")
    return "".join(segments)


def level_of(code: str) -> int:
    """1 province, 2 city, 3 county, 4 township, 5 community, 6 grid; raises ValueError."""
    return WIDTHS.index(len(unpad(code))) + 1


def parent_of(code: str) -> str | None:
    """The code one level up, None for a province; raises ValueError.

    A level that the code leaves at zero is passed over, as for towns directly under a city.
    """
    segments = _segments(unpad(code))[:-1]
    return unpad("".join(segments)) if segments else None


def prefix_end(code: str) -> str:
    """The smallest text, by bytes, above everything that begins with `code`.

    Raises ValueError for an empty code, which has no end.
    """
    if not code:
        raise ValueError("区划代码不能为空")
    return code[:-1] + chr(ord(code[-1]) + 1)


def asked(text: str) -> str:
    """The code, or beginning of one, that a query string asks for; "" for anything else."""
    text = text.strip()[: WIDTHS[-1]]
    return text if text.isascii() and text.isalnum() else ""


def local_code(parent: str, taken: Iterable[str]) -> str:
    """The first free local code directly below `parent` ("" for a province): A01, A02 … Z99.

    `taken` holds every code ever given there, retired ones too. Raises ValueError when the parent
    is a grid or nothing is free.
    """
    above = unpad(parent) if parent else ""
    if len(above) == WIDTHS[-1]:
        raise ValueError("网格下面不能再分")
    used = {unpad(code) for code in taken}
    free = (above + segment for segment in _local_segments(above) if above + segment not in used)
    found = next(free, None)
    if found is None:
        raise ValueError(f"{above}下面的本地代码已经用完")
    return found


def _local_segments(above: str) -> Iterator[str]:
    width = next(width for width in WIDTHS if width > len(above)) - len(above)
    digits = width - 1
    return (f"{letter}{n:0{digits}}" for letter in _LETTERS for n in range(1, 10**digits))


def _segments(code: str) -> list[str]:
    starts = (0, *WIDTHS)
    return [code[start:end] for start, end in zip(starts, WIDTHS, strict=False) if code[start:end]]
