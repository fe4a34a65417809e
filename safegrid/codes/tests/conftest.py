import pytest
from django.core.cache import cache

from safegrid.codes.tests import make


@pytest.fixture(autouse=True)
def _no_counts():
    """Each test starts with no address counted."""
    cache.clear()


@pytest.fixture
def code(town):
    return make.code(town.place)
