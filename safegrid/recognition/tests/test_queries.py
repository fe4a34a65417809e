"""A proposal is always a published item of the place's lists."""

import pytest
from django.db.models import QuerySet

from safegrid.checklists import actions
from safegrid.checklists.models import Checklist, ContentState, Item
from safegrid.library import actions as library
from safegrid.recognition import content
from safegrid.recognition.queries import propose, propose_each


@pytest.fixture
def lists(db):
    library.load()
    actions.load()


def test_words_are_answered_with_published_items(lists):
    first = propose("煤气管子裂了", ["restaurant"])[0]
    assert (first.item.code, first.why) == ("restaurant.gas-hose", "软管、损坏")


def test_no_proposal_is_ever_outside_the_published_items_of_the_place(lists):
    published = set(
        Item.objects.filter(checklist__state=ContentState.PUBLISHED).values_list("pk", flat=True)
    )
    for phrase in content.phrases()[::40]:
        kinds = [phrase.place] if phrase.place else ["shop"]
        found = propose(phrase.text, kinds)
        assert {one.item.pk for one in found} <= published
        assert {one.item.checklist.code for one in found} <= {"common", *kinds}


def test_a_retired_list_is_proposed_no_more(lists):
    QuerySet(Checklist).filter(code="restaurant").update(state=ContentState.RETIRED)
    found = propose("煤气管子裂了", ["restaurant"])
    assert {one.item.checklist.code for one in found} <= {"common"}


def test_without_lists_nothing_is_proposed(db):
    assert propose("灭火器过期了", ["shop"]) == []


def test_each_hazard_of_a_sentence_has_its_own_proposals(lists):
    found = propose_each("电线乱拉，灭火器也过期了", ["shop"])
    assert [one[0].item.code for one in found] == [
        "common.wire-messy",
        "common.extinguisher-expired",
    ]


def test_it_costs_two_queries(lists, django_assert_num_queries):
    with django_assert_num_queries(2):  # the lists of the kinds, their items
        propose("灭火器过期了", ["shop", "restaurant"])
