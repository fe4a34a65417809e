"""Where a point is: the national datum inside, the maps' shifted systems at the edge.

CGCS2000 differs from WGS-84 by centimetres and counts as the same. The shifts are those of the
published GCJ-02 and BD-09 formulas; outside China there is none.
"""

from math import asin, atan2, cos, hypot, isfinite, pi, radians, sin, sqrt
from typing import Literal

Crs = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Point = tuple[float, float]

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG

# The ellipsoid of the GCJ-02 formula (Krasovsky 1940).
_AXIS_M = 6_378_245.0
_ECCENTRICITY = 0.00669342162296594323

_BD_TURN = pi * 3000 / 180
_PRECISION = 1e-10
_FARTHEST = 0.05  # degrees; no shift reaches further
_ROUNDS = 40


def to_wgs84(lon: float, lat: float, crs: str) -> Point:
    """The WGS-84 point, in degrees, of a point in `crs`; exact to 1e-7 degrees.

    Raises ValueError for an unknown system or impossible degrees.
    """
    _check(lon, lat, crs)
    if not _in_china(lon, lat, margin=_FARTHEST):
        return lon, lat
    found = _unshift((lon, lat), crs)
    return found if _in_china(*found, margin=_PRECISION) else (lon, lat)


def from_wgs84(lon: float, lat: float, crs: str) -> Point:
    """The point in `crs`, in degrees, of a WGS-84 point.

    Raises ValueError for an unknown system or impossible degrees.
    """
    _check(lon, lat, crs)
    return _shift(lon, lat, crs) if _in_china(lon, lat) else (lon, lat)


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres along the great circle (haversine), within 0.5 % of the ellipsoid."""
    phi1, phi2 = radians(lat1), radians(lat2)
    across = sin(radians(lon2 - lon1) / 2) ** 2 * cos(phi1) * cos(phi2)
    along = sin((phi2 - phi1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(along + across)))


def _check(lon: float, lat: float, crs: str) -> None:
    if crs not in ("wgs84", "cgcs2000", "gcj02", "bd09"):
        raise ValueError(f"不认识的坐标系：{crs}")
    if not (isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError(f"经纬度超出范围：{lon}，{lat}")


def _in_china(lon: float, lat: float, margin: float = 0) -> bool:
    """Whether the published formula applies; its rectangle reaches over the borders."""
    within_lon = 72.004 - margin <= lon <= 137.8347 + margin
    return within_lon and 0.8293 - margin <= lat <= 55.8271 + margin


def _shift(lon: float, lat: float, crs: str) -> Point:
    if crs == "gcj02":
        return _gcj02(lon, lat)
    if crs == "bd09":
        return _bd09(*_gcj02(lon, lat))
    return lon, lat


def _unshift(target: Point, crs: str) -> Point:
    """Fixed-point iteration: the shift hardly changes within its own length."""
    lon, lat = target
    for _ in range(_ROUNDS):
        there = _shift(lon, lat, crs)
        miss_lon, miss_lat = target[0] - there[0], target[1] - there[1]
        lon, lat = lon + miss_lon, lat + miss_lat
        if max(abs(miss_lon), abs(miss_lat)) < _PRECISION:
            break
    return lon, lat


def _gcj02(lon: float, lat: float) -> Point:
    east, north = _gcj02_metres(lon - 105.0, lat - 35.0)
    phi = radians(lat)
    bend = 1 - _ECCENTRICITY * sin(phi) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY) / bend**1.5
    parallel = _AXIS_M / sqrt(bend) * cos(phi)
    return lon + east * 180 / (parallel * pi), lat + north * 180 / (meridian * pi)


def _gcj02_metres(x: float, y: float) -> Point:
    root = sqrt(abs(x))
    ripple = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += ripple * 2 / 3 + (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += ripple * 2 / 3 + (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    return east, north


def _bd09(lon: float, lat: float) -> Point:
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006
