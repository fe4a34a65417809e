from datetime import date

import pytest
import yaml

from safegrid.library import actions, queries
from safegrid.library.actions import DATA
from safegrid.library.models import Clause, Document, DocumentStatus, Edition
from safegrid.shared.models import Entry

pytestmark = pytest.mark.django_db


def test_the_shipped_file_has_108_documents_and_742_clauses():
    actions.load()
    assert (Document.objects.count(), Clause.objects.count()) == (108, 742)
    assert Clause.objects.filter(is_verified=False).count() == 20


def test_the_first_load_is_one_entry_and_the_second_does_nothing():
    first = actions.load()
    assert actions.load() == first
    assert [entry.step for entry in Entry.objects.all()] == ["library.load"]
    assert Edition.objects.count() == 1


def test_a_changed_clause_is_updated_and_journalled(tmp_path):
    actions.load()
    actions.load(
        _edition(tmp_path, lambda data: data["clauses"][0].update(summary_zh="改过的要点"))
    )
    entry = Entry.objects.get(step="library.revise")
    assert (entry.kind, entry.subject) == ("clause", "aqscf-a003")
    assert entry.changes["summary"][1] == "改过的要点"
    assert Clause.objects.get(pk="aqscf-a003").summary == "改过的要点"
    assert queries.search("改过")


def test_a_changed_date_of_a_document_is_journalled_in_plain_values(tmp_path):
    actions.load()
    actions.load(
        _edition(tmp_path, lambda data: data["documents"][0].update(effective="2021-09-02"))
    )
    assert Entry.objects.get(step="library.revise").changes == {
        "effective": ["2021-09-01", "2021-09-02"]
    }


def test_a_clause_that_is_gone_stays_but_is_never_cited_again(tmp_path):
    actions.load()
    gone = Clause.objects.get(pk="aqscf-a003")
    assert gone.may_be_cited
    actions.load(_edition(tmp_path, lambda data: data["clauses"].pop(0)))
    gone.refresh_from_db()
    assert not gone.may_be_cited
    assert Entry.objects.get(step="library.withdraw").subject == gone.pk


def test_the_standing_in_sql_is_the_standing_in_python():
    actions.load()
    for on in (date(2018, 1, 1), date(2026, 2, 28), date(2026, 11, 26), date(2027, 2, 1)):
        for status in DocumentStatus:
            found = {one.pk for one in Document.objects.standing(status, on)}
            told = {one.pk for one in Document.objects.all() if one.standing(on) == status}
            assert found == told, (on, status)


def test_a_standard_is_in_force_until_the_day_of_its_successor():
    actions.load()
    in_force = {one.pk for one in queries.in_force(date(2027, 1, 31))}
    assert "gbt13869_2017" in in_force and "gbt13869_2026" not in in_force
    later = {one.pk for one in queries.in_force(date(2027, 2, 1))}
    assert "gbt13869_2026" in later and "gbt13869_2017" not in later


def test_a_draft_and_an_unconfirmed_document_are_never_in_force():
    actions.load()
    statuses = {one.status for one in queries.in_force(date(2026, 11, 26))}
    assert statuses <= {"in_force", "in_force_partly_overridden", "superseded"}


def _edition(folder, change):
    """The shipped file with one change."""
    data = yaml.load(DATA.read_bytes(), Loader=yaml.CSafeLoader)
    change(data)
    path = folder / "regulations.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path
