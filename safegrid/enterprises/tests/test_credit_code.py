import pytest
from hypothesis import given
from hypothesis import strategies as st

from safegrid.enterprises.credit_code import (
    ALPHABET,
    check_credit_code,
    check_digit,
    make_credit_code,
)

EXAMPLE = "91350100M000100Y43"  # the worked example of the standard


def test_the_worked_example_holds() -> None:
    assert check_digit("91350100M000100Y4") == "3"
    assert check_credit_code(EXAMPLE) == EXAMPLE


@pytest.mark.parametrize(
    "text",
    [
        "９１３５０１００Ｍ０００１００Ｙ４３",
        " 91350100m000100y43\n",
        "9135 0100 M000 100Y 43",
    ],
)
def test_spaces_small_letters_and_full_width_are_folded(text: str) -> None:
    assert check_credit_code(text) == EXAMPLE


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有填统一社会信用代码"),
        ("350100100123456", "15位的旧注册号"),
        (EXAMPLE[:-1], "应是18位，这里有17位"),
        (EXAMPLE + "3", "应是18位，这里有19位"),
        ("9135010OM000100Y43", "第8位“O”不会出现在统一社会信用代码里，是不是“0”"),
        ("91350100M000100Y4Z", "第18位“Z”不会出现"),
        ("91350100M-00100Y43", "第10位“-”不是数字或大写字母"),
        ("91350A00M000100Y43", "第3到8位是行政区划，只能是数字，这里是“350A00”"),
        ("91350100M000100Y44", "第18位应是“3”，这里是“4”"),
    ],
)
def test_the_sentence_says_what_is_wrong(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_credit_code(text)


def test_a_check_digit_needs_17_characters() -> None:
    with pytest.raises(ValueError, match="要前17位"):
        check_digit(EXAMPLE)


@given(st.integers(0, 999_999), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(serial: int, place: int, other: str) -> None:
    code = make_credit_code("231004", serial)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(ValueError, match="第"):
            check_credit_code(wrong)


@given(st.integers(0, 999_999), st.sampled_from(["91", "92", "93"]))
def test_a_made_code_is_valid_inside_and_outside(serial: int, kind: str) -> None:
    code = make_credit_code("231004", serial, kind)
    assert check_credit_code(code) == code
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c, 36) * w for c, w in zip(code[8:16], weights, strict=True))
    value = "0123456789X".index(code[16])
    assert (total + value) % 11 == 0


def test_the_organisation_check_of_the_worked_example_holds() -> None:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c, 36) * w for c, w in zip("M000100Y", weights, strict=True))
    assert (total, 11 - total % 11) == (139, 4)


def test_made_codes_differ() -> None:
    assert len({make_credit_code("231004", n) for n in range(1000)}) == 1000


@pytest.mark.parametrize(("division", "serial"), [("2310", 1), ("23100A", 1), ("231004", -1)])
def test_a_code_is_made_only_for_a_division_and_a_serial(division: str, serial: int) -> None:
    with pytest.raises(ValueError, match=r"区划代码|序号"):
        make_credit_code(division, serial)


def test_a_serial_of_seven_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="序号应在0到999999之间"):
        make_credit_code("231004", 1_000_000)
