import pytest

from safegrid.enterprises import actions


@pytest.fixture(autouse=True)
def _kinds(request):
    if "db" in request.fixturenames or "town" in request.fixturenames:
        request.getfixturevalue("db")
        actions.load_kinds()
