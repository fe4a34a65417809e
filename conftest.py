"""Fixtures for every test: the town and its people."""

import os
import tempfile

os.environ.setdefault("SAFEGRID_HOME", tempfile.mkdtemp(prefix="safegrid-test-"))

import pytest

from safegrid.people.models import User
from tests import town as makers
from tests.town import Town


@pytest.fixture(autouse=True)
def _plain(settings, tmp_path):
    """Plain static files, quick hashes, a file store of the test's own."""
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.AXES_ENABLED = False
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def town(db) -> Town:
    return makers.build()


@pytest.fixture
def worker(town: Town) -> User:
    """Grid worker of the place's grid."""
    return makers.person("worker", "韩梅", "grid_worker", town.grid, town.street_body)


@pytest.fixture
def head(town: Town) -> User:
    """Head of the community."""
    return makers.person("head", "吕静", "community_head", town.community, town.street_body)


@pytest.fixture
def officer(town: Town) -> User:
    """Township officer, without the power to inspect."""
    return makers.person("officer", "周宁", "township_officer", town.street, town.street_body)


@pytest.fixture
def inspector(town: Town) -> User:
    """Fire officer of the county with power and certificate."""
    return makers.person(
        "inspector", "邵文", "department_officer", town.county, town.fire,
        is_empowered=True, certificate="示例-0001",
    )  # fmt: skip


@pytest.fixture
def inspector2(town: Town) -> User:
    return makers.person(
        "inspector2", "方平", "department_officer", town.county, town.fire,
        is_empowered=True, certificate="示例-0002",
    )  # fmt: skip


@pytest.fixture
def chief(town: Town) -> User:
    """Head of the county's fire department."""
    return makers.person("chief", "田野", "department_head", town.county, town.fire)


@pytest.fixture
def office(town: Town) -> User:
    """County safety-committee office."""
    return makers.person("office", "高原", "county_office", town.county, town.office_body)


@pytest.fixture
def city_office(town: Town) -> User:
    return makers.person("city-office", "乔川", "city_office", town.city, town.city_body)


@pytest.fixture
def leader(town: Town) -> User:
    return makers.person("leader", "谷雨", "leader", town.city, town.city_body)


@pytest.fixture
def stranger(town: Town) -> User:
    """Township officer of another street."""
    return makers.person("stranger", "栾青", "township_officer", town.other_street, town.far_body)


@pytest.fixture
def keeper(town: Town) -> User:
    """The owner of the place."""
    user = makers.person("keeper", "孟老板")
    makers.keep(town.place, user)
    return user
