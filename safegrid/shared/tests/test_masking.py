import pytest
from hypothesis import given
from hypothesis import strategies as st

from safegrid.shared.masking import mask_name, mask_phone, surname


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812342671", "138****2671"),
        ("１３８１２３４２６７１", "138****2671"),
        ("+86 138-1234-2671", "138****2671"),
        ("0453-6921234", "0453-*****34"),
        ("04536921234", "0453-*****34"),
        ("010-69212345", "010-******45"),
        ("6921234", "*****34"),
        ("12345", "*****"),
        ("无", "*"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_phone_number_is_shown_in_part(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王**"),
        (" 王 ", "王*"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("Ivan", "I***"),
        ("", ""),
    ],
)
def test_a_name_keeps_only_its_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_double_surnames_stay_whole() -> None:
    assert [surname(name) for name in ("王小明", "司马光", "慕容雪儿", "")] == [
        "王",
        "司马",
        "慕容",
        "",
    ]


@given(st.text())
def test_masking_never_fails_and_never_shows_more_than_seven_digits(text: str) -> None:
    mask_name(text)
    assert sum(c in "0123456789" for c in mask_phone(text)) <= 7
