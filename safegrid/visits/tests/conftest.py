import pytest

from safegrid.visits.tests import make


@pytest.fixture
def items(town):
    return make.lists()
