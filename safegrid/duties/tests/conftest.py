import pytest

from safegrid.duties import actions


@pytest.fixture(autouse=True)
def _lines(request):
    if "db" in request.fixturenames or "town" in request.fixturenames:
        request.getfixturevalue("db")
        actions.load_lines()
