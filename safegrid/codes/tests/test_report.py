import pytest
from django.test import Client

from safegrid.codes.tests import make
from safegrid.hazards.models import Clue, Origin
from safegrid.shared.ids import uuid7
from safegrid.shared.models import Entry, EntryText, StoredFile

WORDS = {"words": "后门锁着，推不开"}


def test_anybody_reports_without_a_name(client, code, town):
    answer = client.post(f"/c/{code.token}/report", WORDS, follow=True)
    clue = Clue.objects.get()
    assert (clue.place, clue.title, clue.origin, clue.found_by) == (
        town.place, "后门锁着，推不开", Origin.PUBLIC, None,
    )  # fmt: skip
    text = answer.content.decode()
    assert clue.number in text and str(clue.pk) not in text
    entry = Entry.objects.get(step="hazards.collect_clue")
    assert (entry.by, entry.post) == (None, "")


def test_long_words_are_kept_whole(client, code):
    words = "后厨的燃气管子老化了，" * 20
    client.post(f"/c/{code.token}/report", {"words": words})
    clue = Clue.objects.get()
    assert len(clue.title) <= 40 and clue.note == words


def test_nothing_about_the_reporter_is_kept(client, code):
    client.post(
        f"/c/{code.token}/report",
        {**WORDS, "photos": [make.photo()]},
        REMOTE_ADDR="10.1.2.3",
        headers={"user-agent": "PlantedAgent"},
    )
    assert StoredFile.objects.get().camera == {}
    kept = str([*Entry.objects.values(), *EntryText.objects.values(), *Clue.objects.values()])
    assert "10.1.2.3" not in kept and "PlantedAgent" not in kept


def test_photos_stand_beside_the_clue(client, code):
    photos = [make.photo("white"), make.photo("red")]
    client.post(f"/c/{code.token}/report", {**WORDS, "photos": photos})
    assert Clue.objects.get().photos.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"words": "门锁着了"},
        {"words": "门" * 501},
        {**WORDS, "id": "x"},
    ],
)
def test_a_wrong_report_saves_nothing(client, code, wrong):
    answer = client.post(f"/c/{code.token}/report", wrong)
    assert answer.status_code == 422
    assert not Clue.objects.exists()


def test_four_photos_and_broken_ones_are_refused(client, code):
    photos = [make.photo(colour) for colour in ("white", "red", "blue", "green")]
    broken = make.photo()
    broken.truncate(100)
    for given in (photos, [broken]):
        answer = client.post(f"/c/{code.token}/report", {**WORDS, "photos": given})
        assert answer.status_code == 422
    assert not Clue.objects.exists()


def test_a_form_sent_twice_makes_one_clue(client, code):
    given = {**WORDS, "id": str(uuid7())}
    pages = [client.post(f"/c/{code.token}/report", given, follow=True) for _ in range(2)]
    assert Clue.objects.count() == 1
    assert Clue.objects.get().number in pages[1].content.decode()


def test_the_id_of_another_clue_is_not_overwritten(client, code, town):
    other = make.code(town.neighbour)
    given = {**WORDS, "id": str(uuid7())}
    for one in (other, code):
        client.post(f"/c/{one.token}/report", given)
    assert Clue.objects.count() == 2


def test_ten_reports_an_hour_from_one_address(client, code, monkeypatch):
    monkeypatch.setattr("safegrid.codes.limits.time.time", lambda: 1_700_000_000.0)
    for number in range(10):
        client.post(f"/c/{code.token}/report", {"words": f"第{number}扇门锁着"})
    answer = client.post(f"/c/{code.token}/report", WORDS)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert Clue.objects.count() == 10
    client.post(f"/c/{code.token}/report", WORDS, REMOTE_ADDR="10.0.0.9")
    assert Clue.objects.count() == 11


def test_a_made_up_receipt_shows_nothing(client, code):
    answer = client.get(f"/c/{code.token}/reported", {"receipt": "XS-1:abc"})
    assert (answer.status_code, answer.url) == (302, f"/c/{code.token}")


def test_a_report_needs_the_token_of_its_form(code):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/c/{code.token}/report", WORDS).status_code == 403
    assert not Clue.objects.exists()
