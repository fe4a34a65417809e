"""Words find the item: a proposal among the published items of the place, for a person to tick."""

import pytest

from safegrid.checklists import actions as checklists
from safegrid.checklists.models import Item
from safegrid.library import actions as library
from safegrid.visits import actions


@pytest.fixture
def draft(town, worker):
    library.load()
    checklists.load()
    visit = actions.start(town.place, kind="patrol", by=worker)
    visit.items.all().delete()
    return visit


def test_plain_words_find_the_item_and_nothing_is_ticked(client, draft, worker):
    client.force_login(worker)
    text = client.get(f"/visits/{draft.pk}/more/", {"q": "后门拿大锁头锁上了"}).content.decode()
    item = Item.objects.get(code="common.exit-locked")
    proposed = text[text.index("像这几项") : text.index("</section>", text.index("像这几项"))]
    assert item.point in proposed
    assert "由您定" in proposed
    assert "checked" not in proposed
    assert draft.items.count() == 0


def test_words_about_nothing_propose_nothing(client, draft, worker):
    client.force_login(worker)
    text = client.get(f"/visits/{draft.pk}/more/", {"q": "今天天气真不错"}).content.decode()
    assert "没找到像的" in text
    assert "像这几项" not in text
