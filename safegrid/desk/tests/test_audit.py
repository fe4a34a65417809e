import pytest

from safegrid.shared import clock, journal
from safegrid.shared.models import Entry
from safegrid.visits.models import Visit
from tests import town as people


@pytest.fixture
def auditor(town):
    return people.person("auditor", "辛审", "auditor", town.city, town.city_body)


def test_only_the_auditor_reads_the_journal(client, town, auditor, officer, office) -> None:
    for user, status in ((auditor, 200), (officer, 404), (office, 404)):
        client.force_login(user)
        assert client.get("/audit/").status_code == status


def test_the_journal_is_filtered_by_day_person_and_step(client, town, auditor, officer) -> None:
    journal.record("places.edit", "改档案", town.place, by=officer)
    journal.record("places.add", "建档", town.place)
    client.force_login(auditor)
    today = clock.today().isoformat()
    assert "改档案" in client.get("/audit/", {"day": today}).content.decode()
    assert "改档案" not in client.get("/audit/", {"day": "2020-01-01"}).content.decode()
    html = client.get("/audit/", {"person": "周宁"}).content.decode()
    assert "改档案" in html
    assert "建档" not in html
    html = client.get("/audit/", {"step": "places.add"}).content.decode()
    assert "改档案" not in html
    for day in ("昨天", "9999-12-31", "0001-01-01"):
        assert client.get("/audit/", {"day": day}).status_code == 422


def test_states_are_read_in_words(client, town, auditor) -> None:
    visit = Visit(place=town.place)
    journal.record("visits.submit", "提交", visit, source="draft", target="complete")
    client.force_login(auditor)
    html = client.get("/audit/").content.decode()
    assert "未提交→已提交" in html
    assert "draft" not in html


def test_the_chain_is_verified_on_demand(client, town, auditor) -> None:
    journal.record("places.add", "建档", town.place)
    journal.seal()
    client.force_login(auditor)
    assert "逐条相连，完好" in client.post("/audit/").content.decode()
    Entry.objects.update(label="改过的")
    Entry.objects.update(step="places.void")
    assert "内容与封存时不同" in client.post("/audit/").content.decode()


def test_about_says_what_this_is(client, town, officer) -> None:
    client.force_login(officer)
    html = client.get("/about/").content.decode()
    assert "Apache License 2.0" in html
