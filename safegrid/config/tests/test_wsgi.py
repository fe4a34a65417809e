import pytest

from safegrid.config.wsgi import seen_by_proxy


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        ({}, "10.0.0.1"),
        ({"HTTP_X_FORWARDED_FOR": "198.51.100.7"}, "198.51.100.7"),
        ({"HTTP_X_FORWARDED_FOR": "made, up, 198.51.100.7"}, "198.51.100.7"),
    ],
)
def test_behind_a_proxy_each_visitor_has_their_own_address(forwarded, seen):
    answer = seen_by_proxy(lambda environ, start: environ["REMOTE_ADDR"])
    assert answer({"REMOTE_ADDR": "10.0.0.1", **forwarded}, None) == seen
