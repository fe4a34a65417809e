import pytest
from hypothesis import given
from hypothesis import strategies as st

from safegrid.shared.words import bigrams, index_text, query_text


def found(query: str, text: str) -> bool:
    """What the databases do: a single Chinese character is a prefix, other tokens are whole."""
    stored = index_text(text).split()
    return all(
        any(have.startswith(want) if len(want) == 1 else have == want for have in stored)
        for want in query_text(query)
    )


def test_chinese_is_cut_into_overlapping_pairs() -> None:
    assert bigrams("消防通道") == ["消防", "防通", "通道"]


def test_the_last_character_is_indexed_too() -> None:
    assert index_text("消防通道") == "消防 防通 通道 道"


@pytest.mark.parametrize("query", ["消防", "防通", "通道", "消防通道", "消", "道", "通道 消防"])
def test_any_part_of_a_phrase_finds_it(query: str) -> None:
    assert found(query, "三楼消防通道被堵")


@pytest.mark.parametrize("query", ["消通", "防火", "消防栓"])
def test_other_words_do_not_find_it(query: str) -> None:
    assert not found(query, "三楼消防通道被堵")


def test_latin_words_and_numbers_stay_whole_in_lower_case() -> None:
    assert bigrams("ＬＰＧ气瓶 YSP-35.5，B2座") == ["lpg", "气瓶", "ysp", "35", "5", "b2", "座"]


def test_punctuation_and_blanks_leave_no_tokens() -> None:
    assert query_text(" ，。_—  ") == []
    assert index_text("") == ""


def test_a_query_names_each_token_once() -> None:
    assert query_text("人人人人") == ["人人"]


def test_korean_is_searched_in_pairs_like_chinese() -> None:
    assert found("식당", "조선족식당")


@given(st.text("消防通道隐患ab1 ，", min_size=1), st.data())
def test_every_chinese_piece_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, len(text)))
    piece = "".join(c for c in text[start:end] if c not in "ab1")
    if piece == text[start:end]:
        assert found(piece, text)
