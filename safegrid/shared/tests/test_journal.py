"""The journal: written with the change, sealed in order, read once, tampering found."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from safegrid.shared import journal
from safegrid.shared.models import Chain, Cursor, Entry, EntryAbout, EntryText


def write(town, number=1, note="看过了"):
    return [
        journal.record(
            "test.look", "看一看", town.place, about=[town.grid], area_code="231004", note=note
        )
        for _ in range(number)
    ]


def test_an_entry_stands_in_the_timeline_of_everything_it_is_about(town):
    (entry,) = write(town)
    assert list(journal.timeline("place", town.place.pk)) == [entry]
    assert list(journal.timeline("area", town.grid.pk)) == [entry]
    assert entry.text.note == "看过了"


def test_the_same_subject_named_twice_is_kept_once(town):
    journal.record("test.look", "看一看", town.place, about=[town.place])
    assert EntryAbout.objects.count() == 1


def test_an_entry_without_words_has_no_text_row(town):
    write(town, note="")
    assert not EntryText.objects.exists()


def test_sealing_numbers_entries_in_order_and_chains_them(town):
    write(town, 3)
    assert journal.seal() == 3
    assert list(Entry.objects.order_by("id").values_list("seq", flat=True)) == [1, 2, 3]
    assert journal.verify() == (3, None)
    assert journal.seal() == 0


def test_sealing_goes_on_where_it_stopped(town):
    write(town, 3)
    journal.seal(limit=2)
    assert journal.seal(limit=2) == 1
    assert journal.verify() == (3, None)


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        (lambda: Entry.objects.filter(seq=2).update(label="改过"), 2),
        (lambda: Entry.objects.filter(seq=2).update(changes={"due_on": "2030-01-01"}), 2),
        (lambda: EntryText.objects.filter(entry__seq=2).update(note="改过"), 2),
        (lambda: EntryText.objects.filter(entry__seq=2).update(note="改过", is_erased=True), 2),
        (lambda: EntryText.objects.filter(entry__seq=2).delete(), 2),
        (lambda: Entry.objects.filter(seq=2).update(seq=20), 2),
        (lambda: Entry.objects.filter(seq=3).update(seq=None), 3),
    ],
)
def test_tampering_names_the_first_bad_row(town, change, bad):
    write(town, 3)
    journal.seal()
    change()
    good, broken = journal.verify()
    assert broken is not None
    assert (good, broken.seq) == (bad - 1, bad)


def test_erasing_the_words_keeps_the_chain_whole(town):
    (entry,) = write(town)
    journal.seal()
    journal.erase(entry)
    assert EntryText.objects.get().note == ""
    assert journal.verify() == (1, None)


def test_a_reader_sees_every_entry_once_and_in_order(town):
    write(town, 5)
    journal.seal()
    seen: list[int | None] = []
    assert journal.follow("test", lambda entry: seen.append(entry.seq), batch=2) == 5
    assert journal.follow("test", lambda entry: seen.append(entry.seq)) == 0
    assert seen == [1, 2, 3, 4, 5]


def test_a_reader_never_sees_what_is_not_sealed(town):
    write(town)
    assert journal.follow("test", lambda entry: None) == 0


def test_a_reader_that_crashes_starts_again_at_the_same_entry(town):
    write(town, 3)
    journal.seal()
    made: list[int | None] = []

    def take(entry):
        made.append(entry.seq)
        if entry.seq == 2:
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError), transaction.atomic():
        journal.follow("test", take)
    assert not Cursor.objects.exists()
    journal.follow("test", lambda entry: made.append(entry.seq))
    assert made == [1, 2, 1, 2, 3]


def test_an_empty_journal_is_whole(db):
    assert journal.verify() == (0, None)
    assert not Chain.objects.exists()


def test_entries_of_one_act_are_written_together(town, django_assert_num_queries):
    with django_assert_num_queries(3), journal.gathered():
        write(town, 2)
        with journal.gathered():
            write(town)
    assert Entry.objects.count() == 3
    assert EntryText.objects.count() == 3


def test_an_act_that_fails_leaves_no_entry(town):
    with pytest.raises(RuntimeError), journal.gathered():
        write(town)
        raise RuntimeError("no")
    assert not Entry.objects.exists()
    write(town)
    assert Entry.objects.count() == 1


def test_an_entry_put_behind_the_end_of_the_chain_is_found(town):
    write(town, 2)
    journal.seal()
    Chain.objects.update(seq=1)
    good, broken = journal.verify()
    assert broken is not None
    assert (good, broken.seq) == (1, 2)


def test_sealing_during_the_walk_is_no_fault(town):
    write(town, 2)
    journal.seal()
    with CaptureQueriesContext(connection) as asked:
        assert journal.verify() == (2, None)
    words = [one["sql"] for one in asked.captured_queries]
    assert "shared_chain" in words[0] and "shared_chain" in words[-1]
