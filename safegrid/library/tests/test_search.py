import time

import pytest

from safegrid.library import actions, queries
from safegrid.library.tests import make

pytestmark = pytest.mark.django_db


def test_a_word_of_two_characters_is_found():
    fire = make.clause(make.document())
    assert queries.search("消防") == [fire]
    assert queries.search("疏散") == [fire]
    assert queries.search("燃气") == []


def test_every_word_must_occur():
    fire = make.clause(make.document())
    assert queries.search("消防 出口") == [fire]
    assert queries.search("消防 燃气") == []


def test_a_single_character_begins_a_word():
    fire = make.clause(make.document())
    assert queries.search("堵") == [fire]


def test_nothing_asked_finds_nothing():
    make.clause(make.document())
    assert queries.search(" ，%_ ") == []


def test_the_whole_library_answers_within_50_milliseconds():
    actions.load()
    queries.search("消防")
    started = time.perf_counter()
    found = queries.search("消防", 50)
    assert len(found) == 50
    assert time.perf_counter() - started < 0.05
