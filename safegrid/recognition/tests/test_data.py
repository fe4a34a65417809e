"""What the editable data owes: enough of it, for every item, and an index that belongs to it."""

import gzip
import json

from safegrid.recognition import content
from safegrid.recognition.build import skeleton
from safegrid.recognition.index import FILE

CODES = {item["id"] for item in content.items()}


def test_every_item_has_eight_sayings_at_least():
    said = content.aliases()
    assert set(said) == CODES
    assert min(len(set(own)) for own in said.values()) >= 8


def test_no_saying_belongs_to_two_items_of_one_list():
    homes: dict[tuple[str, str], str] = {}
    for code, own in content.aliases().items():
        for text in own:
            assert homes.setdefault((code.partition(".")[0], text), code) == code


def test_objects_and_defects_are_many_and_each_word_has_one_meaning():
    lexicon = content.lexicon()
    assert len(lexicon["objects"]) >= 300
    assert len(lexicon["defects"]) >= 40
    for table in (lexicon["objects"], lexicon["defects"]):
        words = [word for row in table for word in row[1:]]
        assert len(words) == len(set(words))


def test_own_phrases_are_many_and_name_shipped_items():
    phrases = content.phrases()
    assert len(phrases) >= 1500
    assert {code for one in phrases for code in one.items} == CODES
    assert len(content.held_out()) >= len(phrases) / 3


def test_no_held_out_phrase_is_among_what_is_learned():
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    learned = {text for own in raw["sayings"] for text in own}
    held = {one.text for one in content.held_out()}
    assert len(held) >= 500
    assert not held & learned


def test_the_index_was_built_from_the_data_as_it_stands():
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    phrases = [one for one in content.phrases() if not one.is_held_out]
    fresh = json.loads(json.dumps(skeleton(phrases)))
    for name in ("items", "formal", "sayings", "dialect", "objects", "defects", "plain", "sounds"):
        assert raw[name] == fresh[name], f"{name}: run `python -m safegrid.recognition.build`"


def test_the_phone_loads_less_than_400_kilobytes():
    script = FILE.with_name("matcher.mjs").read_bytes()
    assert len(gzip.compress(FILE.read_bytes() + script, 9)) <= 400 * 1024
