import pytest
from hypothesis import given
from hypothesis import strategies as st

from safegrid.territory.codes import (
    WIDTHS,
    level_of,
    local_code,
    parent_of,
    prefix_end,
    unpad,
)

CODES = st.sampled_from(WIDTHS).flatmap(
    lambda width: st.text("0123456789AZ", min_size=width, max_size=width)
)


@pytest.mark.parametrize(
    ("code", "kept", "level", "parent"),
    [
        ("230000", "23", 1, None),
        ("231000", "2310", 2, "23"),
        ("231000000", "2310", 2, "23"),
        ("231004", "231004", 3, "2310"),
        ("231004000", "231004", 3, "2310"),
        ("231004000000", "231004", 3, "2310"),
        ("231002100", "231002100", 4, "231002"),
        ("231002100000", "231002100", 4, "231002"),
        ("231002100000000", "231002100", 4, "231002"),
        ("231004001200", "231004001200", 5, "231004001"),
        ("231004001200010", "231004001200010", 6, "231004001200"),
        ("231002A01", "231002A01", 4, "231002"),
        ("441900003000", "441900003", 4, "4419"),
        ("２３１００４", "231004", 3, "2310"),
        (" 231002a01 ", "231002A01", 4, "231002"),
    ],
)
def test_padding_is_cut_by_whole_segments(
    code: str, kept: str, level: int, parent: str | None
) -> None:
    assert (unpad(code), level_of(code), parent_of(code)) == (kept, level, parent)


@pytest.mark.parametrize("code", ["", "2", "23100", "2310021", "231002-01", "23一000", "2" * 17])
def test_other_texts_are_no_codes(code: str) -> None:
    with pytest.raises(ValueError, match="不是区划代码"):
        unpad(code)


def test_zeros_alone_are_no_code() -> None:
    with pytest.raises(ValueError, match="不能全是0"):
        unpad("000000")


@given(CODES.filter(lambda code: bool(code.strip("0"))))
def test_a_code_begins_with_its_parent_and_padding_changes_nothing(code: str) -> None:
    kept = unpad(code)
    padded = [kept.ljust(width, "0") for width in WIDTHS if width >= len(kept)]
    assert {unpad(one) for one in padded} == {kept}
    if kept[:2] != "00":
        parent = parent_of(kept)
        assert (parent is None) == (level_of(kept) == 1)
        assert kept.startswith(parent or "")


@given(st.text("0189AZ", min_size=1, max_size=6), st.text("0189AZ", max_size=6))
def test_the_range_up_to_the_end_holds_the_prefix_and_nothing_else(prefix: str, code: str) -> None:
    within = prefix.encode() <= code.encode() < prefix_end(prefix).encode()
    assert within == code.startswith(prefix)


def test_the_end_of_a_prefix_raises_its_last_character() -> None:
    assert prefix_end("231002") == "231003"
    assert prefix_end("2319") == "231:"
    assert prefix_end("231002A0Z") == "231002A0["


def test_an_empty_prefix_has_no_end() -> None:
    with pytest.raises(ValueError, match="不能为空"):
        prefix_end("")


@pytest.mark.parametrize(
    ("parent", "taken", "code"),
    [
        ("", [], "A1"),
        ("23", ["2310"], "23A1"),
        ("2310", ["2310A1"], "2310A2"),
        ("231002", ["231002001", "231002100"], "231002A01"),
        ("231002000000", ["231002A01", "231002A02"], "231002A03"),
        ("231002A01", [], "231002A01A01"),
        ("231004001200", ["231004001200A01"], "231004001200A02"),
        ("231002", [f"231002A{n:02}" for n in range(1, 100)], "231002B01"),
        ("2310", [f"2310A{n}" for n in range(1, 10)], "2310B1"),
    ],
)
def test_a_local_code_is_the_first_free_one_with_a_letter(
    parent: str, taken: list[str], code: str
) -> None:
    assert local_code(parent, taken) == code


def test_nothing_lies_below_a_grid() -> None:
    with pytest.raises(ValueError, match="网格下面不能再分"):
        local_code("231004001200010", [])


def test_local_codes_run_out_in_the_end() -> None:
    taken = [f"2310{letter}{n}" for letter in "ABCDEFGHJKLMNPQRSTUVWXYZ" for n in range(1, 10)]
    with pytest.raises(ValueError, match="已经用完"):
        local_code("2310", taken)
