from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safegrid.territory.coordinates import distance_m, from_wgs84, to_wgs84

MUDANJIANG = (129.6, 44.6)
KNOWN = {"gcj02": (129.607042, 44.601935), "bd09": (129.613400, 44.608291)}
SYSTEMS = ["wgs84", "cgcs2000", "gcj02", "bd09"]


@pytest.mark.parametrize("crs", KNOWN)
def test_the_known_point_near_mudanjiang_shifts_as_computed(crs: str) -> None:
    assert from_wgs84(*MUDANJIANG, crs) == pytest.approx(KNOWN[crs], abs=1e-5)
    assert to_wgs84(*KNOWN[crs], crs) == pytest.approx(MUDANJIANG, abs=1e-5)


@pytest.mark.parametrize(("crs", "metres"), [("gcj02", 598), ("bd09", 1403)])
def test_mixing_systems_moves_the_point_by_this_much(crs: str, metres: float) -> None:
    assert distance_m(*MUDANJIANG, *from_wgs84(*MUDANJIANG, crs)) == pytest.approx(metres, rel=5e-3)


@pytest.mark.parametrize("crs", SYSTEMS)
@given(st.floats(72.004, 137.8347), st.floats(0.8293, 55.8271))
def test_a_point_in_china_comes_back(crs: str, lon: float, lat: float) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, crs), crs)
    assert back == pytest.approx((lon, lat), rel=0, abs=1e-7)


@pytest.mark.parametrize("crs", SYSTEMS)
@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_point_anywhere_else_is_not_shifted(crs: str, lon: float, lat: float) -> None:
    if not (71.9 <= lon <= 138 and 0.7 <= lat <= 56):
        assert from_wgs84(lon, lat, crs) == (lon, lat)
        assert to_wgs84(lon, lat, crs) == (lon, lat)


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000"])
def test_the_national_system_counts_as_wgs84(crs: str) -> None:
    assert from_wgs84(*MUDANJIANG, crs) == MUDANJIANG
    assert to_wgs84(*MUDANJIANG, crs) == MUDANJIANG


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(ValueError, match="不认识的坐标系：beijing54"):
        to_wgs84(*MUDANJIANG, "beijing54")


@pytest.mark.parametrize(("lon", "lat"), [(nan, 44), (181, 44), (129, 91), (44.6, 129.6)])
def test_impossible_degrees_are_refused(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="经纬度超出范围"):
        from_wgs84(lon, lat, "gcj02")


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m(129, 44, 129, 45) == pytest.approx(111_195, abs=1)
    assert distance_m(129, 44, 129, 44) == 0
    assert distance_m(0, 0, 180, 0) == pytest.approx(20_015_115, abs=1)
