"""The figures, and that they stay where the product needs them."""

import json

import pytest
import yaml

from safegrid.recognition import content, evaluate


@pytest.fixture(scope="module")
def figures():
    return evaluate.judge(content.held_out())


def test_held_out_phrases_reach_the_aims(figures):
    assert figures["known_place"]["top1"] >= 0.80
    assert figures["known_place"]["top3"] >= 0.90
    assert figures["unknown_place"]["top1"] >= 0.72
    assert figures["unknown_place"]["top3"] >= 0.90


def test_other_talk_is_rejected_and_hazards_seldom(figures):
    assert figures["null_rejected"] >= 0.80
    assert figures["false_rejected"] <= 0.05


def test_sentences_with_two_hazards_come_apart(figures):
    assert figures["two_hazards_f1"] >= 0.85


def test_an_answer_takes_less_than_30_milliseconds(figures):
    assert figures["ms_per_phrase"] <= 30


def test_the_command_prints_one_object_with_the_agreed_keys(tmp_path, capsys):
    rows = [
        {"text": "灭火器过期了", "item": "common.extinguisher-expired", "place": "common"},
        {"text": "大门锁着", "item": "common.exit-locked", "accept": ["edu.exits-two"],
         "place": "common"},
        {"text": "菜太贵了", "item": None},
        {"text": "插排串着用，灭火器也过期了", "place": "common",
         "items": ["common.socket-overload", "common.extinguisher-expired"]},
    ]  # fmt: skip
    file = tmp_path / "phrases.yaml"
    file.write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")
    evaluate.main(file)
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {
        "known_place", "unknown_place", "null_rejected", "false_rejected", "two_hazards_f1",
        "ms_per_phrase", "n",
    }  # fmt: skip
    assert set(found["known_place"]) == {"top1", "top3", "top5"}
    assert (found["n"], found["null_rejected"], found["two_hazards_f1"]) == (4, 1.0, 1.0)
    assert found["known_place"]["top1"] == 1.0


def test_a_plain_row_accepts_only_what_it_says():
    rows = [content.Phrase("灭火器过期了", ("common.exit-locked",), "common")]
    assert evaluate.judge(rows)["known_place"]["top5"] == 0.0
