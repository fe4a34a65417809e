"""What `safegrid check` says, and that a real city can't start with demo accounts."""

import pytest

from safegrid.config import checks, sqlite
from safegrid.demo import load
from tests import town as makers


def test_a_sound_installation_may_be_used(db, capsys):
    assert checks.report() == 0
    assert "可以使用" in capsys.readouterr().out


def test_a_demo_account_stops_production_mode(town, settings, capsys):
    user = makers.person("demo-one", "示例人")
    user.is_demo = True
    user.save()
    settings.IS_DEMO = False
    assert checks.report() == 1
    assert "演示账号" in capsys.readouterr().out


def test_production_mode_makes_no_demo_city(db, settings, capsys):
    settings.IS_DEMO = False
    assert load.build(places=1, days=1) == 1
    assert "正式模式" in capsys.readouterr().out


def test_the_demo_city_goes_into_an_empty_database_only(town, capsys):
    assert load.build(places=1, days=1) == 1
    assert "空库" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "TRUNCATE"),
        ((3, 44, 5), "TRUNCATE"),
        ((3, 44, 6), "WAL"),
        ((3, 50, 6), "TRUNCATE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "TRUNCATE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
    ],
)
def test_wal_is_used_only_where_its_fault_is_mended(version, mode):
    assert sqlite.journal_mode(version) == mode
