"""The unified social credit code of a legal entity (GB 32100-2015)."""

import re

from safegrid.shared.numbers import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_WEIGHTS = [pow(3, i, 31) for i in range(LENGTH - 1)]
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOKALIKES = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}
_DIVISION = slice(2, 8)


def check_credit_code(text: str) -> str:
    """The code in half-width capitals without spaces.

    Raises ValueError with the sentence that says what is wrong: the length, the position of a
    wrong character, or the check character expected.
    """
    code = re.sub(r"\s", "", fold(text)).upper()
    _check_length(code)
    _check_characters(code)
    expected = check_digit(code[:-1])
    if code[-1] != expected:
        raise ValueError(
            f"统一社会信用代码校验不对：按前17位算，第18位应是“{expected}”，"
            f"这里是“{code[-1]}”，请对照营业执照核对"
        )
    return code


def check_digit(first17: str) -> str:
    """The 18th character for the first 17, capitals of the alphabet; raises ValueError else."""
    if len(first17) != LENGTH - 1:
        raise ValueError(f"计算校验位要前17位，这里有{len(first17)}位")
    _check_characters(first17)
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def make_credit_code(division6: str, serial: int, kind: str = "91") -> str:
    """A valid code for demonstration: both check characters hold, no registry issued it.

    `kind` is the authority and class (91 enterprise, 92 individual business). The organisation
    code begins with YY, unlike the issued ones (digits or MA). Raises ValueError when the division
    is not six digits or the serial not within 0 to 999999.
    """
    if not re.fullmatch(r"[0-9]{6}", division6):
        raise ValueError(f"“{division6}”不是6位区划代码")
    if not 0 <= serial <= 999_999:
        raise ValueError("序号应在0到999999之间")
    body = f"YY{serial:06}"
    first17 = f"{kind}{division6}{body}{_organisation_check(body)}"
    return first17 + check_digit(first17)


def _check_length(code: str) -> None:
    if not code:
        raise ValueError("没有填统一社会信用代码")
    if re.fullmatch(r"[0-9]{15}", code):
        raise ValueError("这是15位的旧注册号，请填18位的统一社会信用代码")
    if len(code) != LENGTH:
        raise ValueError(f"统一社会信用代码应是18位，这里有{len(code)}位")


def _check_characters(code: str) -> None:
    for position, character in enumerate(code, start=1):
        if character not in ALPHABET:
            raise ValueError(_alphabet_fault(position, character))
    if not re.fullmatch(r"[0-9]{6}", code[_DIVISION]):
        raise ValueError(f"第3到8位是行政区划，只能是数字，这里是“{code[_DIVISION]}”")


def _alphabet_fault(position: int, character: str) -> str:
    meant = _LOOKALIKES.get(character)
    if meant is None:
        return f"第{position}位“{character}”不是数字或大写字母"
    return f"第{position}位“{character}”不会出现在统一社会信用代码里，是不是“{meant}”"


def _organisation_check(body: str) -> str:
    """The ninth character of an organisation code (GB 11714-1997)."""
    total = sum(int(c, 36) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]
