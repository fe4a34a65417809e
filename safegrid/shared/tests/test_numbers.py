from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safegrid.shared.numbers import fold, parse_date, parse_phone

DAY = date(2026, 11, 25)


def test_folding_makes_full_width_half_width_and_drops_invisible_marks() -> None:
    assert fold("\ufeff　１２３ＡＢ\u200b（Ｃ）\u00a0") == "123AB(C)"


@given(st.text())
def test_folding_twice_changes_nothing_in_digits_and_letters(text: str) -> None:
    kept = "".join(c for c in text if c.isascii())
    assert fold(fold(kept)) == fold(kept)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2026, 11, 25, 23, 59),
        46351,
        46351.75,
        "46351",
        20261125,
        "2026-11-25",
        "2026/11/25",
        "2026.11.25",
        "2026年11月25日",
        " 2026 年 11 月 25 日 ",
        "20261125",
        "２０２６－１１－２５",
        "2026-11-25 08:30:00",
        "2026-11-25T08:30",
    ],
)
def test_the_usual_spellings_of_a_day_are_read(value: object) -> None:
    assert parse_date(value) == DAY


def test_single_digit_months_and_leap_days_are_read() -> None:
    assert parse_date("2024/2/29") == date(2024, 2, 29)


def test_a_moment_counts_in_the_time_of_the_city() -> None:
    assert parse_date(datetime(2026, 11, 24, 17, 0, tzinfo=UTC)) == DAY


@given(st.dates(date(1930, 1, 1), date(2170, 1, 1)))
def test_excel_serials_count_days(day: date) -> None:
    assert parse_date((day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "没有填日期"),
        ("  ", "没有填日期"),
        ("明天", "“明天”不是日期"),
        ("2026-11", "不是日期"),
        ("26-11-25", "不是日期"),
        ("11/25/2026", "不是日期"),
        ("2026-02-29", "这一天不存在"),
        ("20261332", "这一天不存在"),
        (2026, "不是日期"),
        (True, "不是日期"),
        (float("nan"), "不是日期"),
        (float("inf"), "不是日期"),
        (1e20, "不是日期"),
    ],
)
def test_anything_else_is_no_day(value: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_date(value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13812342671", "13812342671"),
        ("138 1234 2671", "13812342671"),
        ("138-1234-2671", "13812342671"),
        ("+86 13812342671", "13812342671"),
        ("8613812342671", "13812342671"),
        ("１３８１２３４２６７１", "13812342671"),
        ("0453-6921234", "0453-6921234"),
        ("04536921234", "0453-6921234"),
        ("（0453）6921234", "0453-6921234"),
        ("0453－6921234转801", "0453-6921234-801"),
        ("010-69212345", "010-69212345"),
        ("02569212345", "025-69212345"),
    ],
)
def test_a_phone_number_gets_one_form(text: str, number: str) -> None:
    assert parse_phone(text) == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有填电话号码"),
        ("1381234267", "手机号应是11位，这里有10位"),
        ("138123426711", "这里有12位"),
        ("6921234", "要带区号"),
        ("12812342671", "不是电话号码"),
        ("٠٤٥٣٦٩٢١٢٣٤", "不是电话号码"),
        ("电话打不通", "不是电话号码"),
    ],
)
def test_anything_else_is_no_phone_number(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_phone(text)
