import pytest
from django.core.checks import run_checks

from safegrid.people import checks
from safegrid.people.models import User
from safegrid.people.tests import make


@pytest.fixture
def production(settings):
    settings.IS_DEMO = False


def test_a_demo_account_in_production_stops_the_start(production, db):
    make.user(is_demo=True)
    found = [one for one in run_checks(databases=["default"]) if one.id == "people.E001"]
    assert len(found) == 1 and "1个演示账号" in found[0].msg


def test_demo_mode_and_real_accounts_are_fine(settings, db):
    make.user()
    settings.IS_DEMO = False
    assert checks.demo_accounts(None, databases=["default"]) == []
    make.user("grid-worker", is_demo=True)
    settings.IS_DEMO = True
    assert checks.demo_accounts(None, databases=["default"]) == []


def test_the_check_waits_for_the_table(production, db, monkeypatch):
    monkeypatch.setattr(User._meta, "db_table", "not_there_yet")
    assert checks.demo_accounts(None, databases=["default"]) == []
    assert checks.demo_accounts(None, databases=None) == []
