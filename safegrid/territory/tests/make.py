"""Files and features as a county would send them."""

from typing import Any

from safegrid.territory import actions
from safegrid.territory.models import Area

SIDE = 0.01


def divisions() -> list[dict[str, str]]:
    return [
        {"code": "231000", "name": "牡丹江市", "verified": "yes", "note": ""},
        {"code": "231004", "name": "爱民区", "verified": "yes", "note": ""},
        {"code": "231004005", "name": "大庆街道", "verified": "yes", "note": ""},
    ]


def street() -> Area:
    actions.import_divisions(divisions())
    return Area.objects.get(code="231004005")


def square(lon: float, lat: float, side: float = SIDE) -> dict[str, Any]:
    """A square whose south-west corner is at the point."""
    right, top = lon + side, lat + side
    ring = [[lon, lat], [right, lat], [right, top], [lon, top], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: Any = None, **facts: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": facts,
        "geometry": geometry or square(129.60, 44.60),
    }


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def community(**facts: Any) -> dict[str, Any]:
    given = {"code": "231004005A01", "parent": "231004005", "name": "庆兴社区", **facts}
    return feature(square(129.60, 44.60, 3 * SIDE), **given)


def grid(serial: int = 1, **facts: Any) -> dict[str, Any]:
    """The nth grid of the community, eastwards."""
    geometry = facts.pop("geometry", None) or square(129.60 + (serial - 1) * SIDE, 44.60)
    given = {
        "code": f"231004005A01{serial:03d}",
        "parent": "231004005A01",
        "name": f"{serial:02d}网格",
        **facts,
    }
    return feature(geometry, **given)
