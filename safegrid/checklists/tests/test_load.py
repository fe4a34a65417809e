import pytest
import yaml

from safegrid.checklists import actions, queries
from safegrid.checklists.actions import DATA
from safegrid.checklists.models import Checklist, Immutable, Item, ItemBasis
from safegrid.checklists.tests import make
from safegrid.library import actions as library
from safegrid.library.tests import make as make_library
from safegrid.shared.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped():
    library.load()
    return actions.load()


def test_forty_lists_with_529_items_are_published_as_trial_copies(shipped):
    assert len(shipped) == 40
    assert Item.objects.count() == 529
    assert ItemBasis.objects.count() == 1023
    assert all(one.is_published and one.is_trial for one in queries.published())


def test_every_named_clause_is_linked(shipped):
    assert ItemBasis.objects.filter(clause__isnull=False).count() == 883
    assert not Item.objects.filter(severity="major", criterion_clause__isnull=True).exists()


def test_loading_again_does_nothing(shipped):
    entries = Entry.objects.count()
    assert actions.load() == []
    assert (Checklist.objects.count(), Entry.objects.count()) == (40, entries)


def test_without_the_library_nothing_is_verified():
    actions.load()
    assert not ItemBasis.objects.filter(is_verified=True).exists()


def test_a_changed_list_is_a_new_version_and_the_old_one_stays(shipped, tmp_path):
    path = _file(tmp_path, lambda data: data[0]["items"][0].update(point="改过的要点"))
    (new,) = actions.load(path)
    old = Checklist.objects.get(code="common", state="retired")
    assert new.version != old.version
    assert old.items.get(code="common.exit-locked").point == "安全出口能不能随时推开"
    assert queries.choose(queries.versions("common")) == new
    assert Entry.objects.filter(step="checklists.publish").count() == 41


def test_going_back_to_the_former_file_puts_the_former_version_into_use(shipped, tmp_path):
    actions.load(_file(tmp_path, lambda data: data[0]["items"].pop()))
    (back,) = actions.load()
    assert back.version == "2026.11-draft1"
    assert Checklist.objects.filter(code="common").count() == 2


def test_a_published_item_cannot_be_changed():
    item = make.item(make.checklist())
    make.basis(item)
    make.publish(item.checklist)
    item.point = "别的"
    for change in (item.save, item.delete, item.bases.get().save, item.bases.get().delete):
        with pytest.raises(Immutable):
            change()
    for rows in (Item.objects, ItemBasis.objects, Checklist.objects):
        with pytest.raises(Immutable):
            rows.all().update(order=9)
        with pytest.raises(Immutable):
            rows.all().delete()
    assert Item.objects.get().point == "安全出口能不能随时推开"


def test_a_published_list_takes_no_further_item():
    checklist = make.publish(make.checklist())
    with pytest.raises(Immutable):
        make.item(checklist)


@pytest.mark.parametrize(
    "change", [{"name": "别的"}, {"digest": "x"}, {"state": "draft"}, {"is_trial": False}]
)
def test_a_published_list_cannot_be_changed_or_taken_back_into_draft(change):
    checklist = make.publish(make.checklist())
    for name, value in change.items():
        setattr(checklist, name, value)
    with pytest.raises(Immutable):
        checklist.save()
    with pytest.raises(Immutable):
        checklist.delete()


def test_there_is_no_action_that_changes_an_item():
    assert not [name for name in dir(actions) if "item" in name and name.startswith("update")]


def test_a_place_gets_the_common_list_and_those_of_its_kinds(shipped):
    codes = [one.code for one in queries.lists_for(["restaurant", "hotel", "unknown"])]
    assert codes == ["common", "restaurant", "hotel"]
    items = queries.items_for(["restaurant"])
    assert {one.checklist.code for one in items} == {"common", "restaurant"}
    assert items.count() == 31


def test_a_word_of_two_characters_is_found_in_items(shipped):
    assert queries.search("充电")
    assert all("灭火" in one.words for one in queries.search("灭火器"))


def test_an_unverified_clause_is_no_citation():
    document = make_library.document()
    item = make.item(make.checklist())
    unverified = make_library.clause(document, is_verified=False)
    assert make.basis(item, unverified).citation == ""
    verified = make_library.clause(document, "xff-a016")
    assert make.basis(item, verified).citation == "《中华人民共和国消防法》第二十八条"


def test_a_clause_of_a_document_out_of_force_is_no_citation():
    document = make_library.document(status="superseded")
    basis = make.basis(make.item(make.checklist()), make_library.clause(document))
    assert (basis.citation, basis.warning) == ("", "已被取代，不作依据")


def _file(folder, change):
    """The shipped file with one change."""
    data = yaml.load(DATA.read_bytes(), Loader=yaml.CSafeLoader)
    change(data)
    path = folder / "checklists.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path
