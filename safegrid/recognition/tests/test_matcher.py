"""What the recognition of words promises, on the shipped index."""

import pytest

from safegrid.recognition import content
from safegrid.recognition.matcher import hazards, match


def codes(text: str, kinds: list[str] | None = None) -> list[str]:
    return [one.item_code for one in match(text, kinds)]


@pytest.mark.parametrize(
    ("text", "kinds", "code"),
    [
        ("后门拿大锁头锁上了 推不开", [], "common.exit-locked"),
        ("灭火气压力没了", [], "common.extinguisher-expired"),
        ("煤气管子都裂了 还拿胶带缠的", ["restaurant"], "restaurant.gas-hose"),
        ("锅炉没检验正", ["boiler-heating"], "boiler-heating.boiler-license"),
        ("除尘器没泄爆口", None, "dust.dust-explosion-vent"),
    ],
)
def test_colloquial_words_find_their_item(text, kinds, code):
    assert codes(text, kinds)[0] == code


def test_wrong_characters_of_the_same_sound_are_understood():
    assert codes("面火器过其了", [])[0] == "common.extinguisher-expired"
    assert codes("配店箱前面推了好多纸箱", [])[0] == "common.distribution-box"


def test_a_known_place_is_offered_only_items_of_its_lists():
    found = codes("油枪滴答漏油", ["restaurant", "shop"])
    assert {code.partition(".")[0] for code in found} <= {"common", "restaurant", "shop"}


def test_an_unknown_kind_leaves_the_common_list():
    assert all(code.startswith("common.") for code in codes("灭火器过期了", ["no-such-kind"]))


@pytest.mark.parametrize(
    "text", ["", "   ", "？？！", "老板说话挺冲的", "网速太慢了", "检查完毕 没啥问题", "你好"]
)
def test_what_names_no_hazard_is_answered_with_nothing(text):
    assert match(text) == []


def test_two_hazards_of_one_sentence_come_apart():
    found = hazards("插排串着用，灭火器也过期了", [])
    assert [one[0].item_code for one in found] == [
        "common.socket-overload",
        "common.extinguisher-expired",
    ]
    assert codes("插排串着用，灭火器也过期了", [])[:2] == [one[0].item_code for one in found]


def test_one_hazard_told_at_length_stays_one():
    assert len(hazards("配电箱没漏保，前头堆满货", [])) == 1


def test_a_concept_is_shown_from_one_list_only():
    meaning = content.concepts()
    for text in ("大门锁死了推不开", "有人抽烟", "电线乱拉"):
        homes: dict[str, set[str]] = {}
        for code in codes(text):
            homes.setdefault(meaning[code], set()).add(code.partition(".")[0])
        assert all(len(lists) == 1 for lists in homes.values())


def test_scores_fall_and_say_on_which_words_they_rest():
    found = match("灭火器过期了", [])
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.score <= 1 for one in found)
    assert found[0].why == "灭火器、过期"


def test_no_text_breaks_it():
    for text in ("锁" * 100_000, "，" * 100_000, "\x00\ud83d", "😀" * 500, "<script>锁门</script>"):
        assert len(match(text)) <= 5
