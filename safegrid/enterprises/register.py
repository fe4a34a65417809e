"""Writing places and their enterprises in bulk; the actions decide, check and journal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from safegrid.enterprises import classes
from safegrid.enterprises.facts import ENTERPRISE_FIELDS, PERSONAL, SHARED_FIELDS, Known
from safegrid.enterprises.models import Enterprise, EnterpriseKind, Place
from safegrid.shared import series
from safegrid.shared.ids import uuid7

CHUNK = 500
_BY_CODE = {"91": "company", "92": "self_employed", "93": "cooperative", "12": "institution",
            "52": "non_profit"}  # fmt: skip
_COMPANY = ("公司", "集团", "厂", "银行", "股份")
Row = TypeVar("Row")
Difference = dict[str, tuple[Any, Any]]


def chunks(rows: Sequence[Row], size: int = CHUNK) -> Iterator[Sequence[Row]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def missing(values: dict[str, Any]) -> dict[str, str]:
    """What a new place needs and has not."""
    words = {"name": "没有填场所名称", "kind": "没有填场所类型", "address": "没有填地址"}
    return {field: words[field] for field in words if not values.get(field)}


def write_places(rows: Sequence[dict[str, Any]], known: Known) -> list[Place]:
    """New places from prepared rows, with enterprises found or made; three statements a chunk."""
    enterprises = _enterprises(rows)
    numbers = series.next_number("CS", len(rows))
    places = [
        _new_place(row, enterprise, number, known)
        for row, enterprise, number in zip(rows, enterprises, numbers, strict=True)
    ]
    Place.objects.bulk_create(places, batch_size=CHUNK)
    return places


def apply(place: Place, values: dict[str, Any], known: Known) -> Difference:
    """Set the values on the place and its enterprise, unsaved; return what differs (old, new)."""
    differs: Difference = {}
    for field, value in values.items():
        owner, attribute = _home(place, field)
        old = getattr(owner, attribute)
        if old != value:
            setattr(owner, attribute, value)
            differs[field] = (old, value)
        if field in SHARED_FIELDS:
            setattr(place.enterprise, field, value)
    if "kind" in differs or "more_kinds" in differs:
        differs |= _reclassed(place, values, known)
    return differs


def save(place: Place, differs: Difference) -> None:
    """Save what `apply` set."""
    own = [_home(place, field)[1] for field in differs if field not in ENTERPRISE_FIELDS]
    place.version += 1
    place.save(update_fields=[*own, "version"])
    theirs = [ENTERPRISE_FIELDS[field] for field in differs if field in ENTERPRISE_FIELDS]
    theirs += [field for field in differs if field in SHARED_FIELDS]
    if theirs:
        place.enterprise.version += 1
        place.enterprise.save(update_fields=[*theirs, "version"])
    if "is_above_scale" in differs:
        Place.objects.filter(enterprise=place.enterprise_id).update(
            is_above_scale=place.is_above_scale
        )


def told(differs: Difference) -> tuple[dict[str, Any], dict[str, Any]]:
    """The difference for the journal: plain facts, and personal ones apart."""
    shown = {field: [_plain(old), _plain(new)] for field, (old, new) in differs.items()}
    shown.pop("grid_id", None)
    personal = {field: pair for field, pair in shown.items() if field in PERSONAL}
    return {field: pair for field, pair in shown.items() if field not in PERSONAL}, personal


def first_facts(place: Place) -> Difference:
    """What a new place is journalled with."""
    facts = {
        "name": place.name,
        "kind": place.kind_id,
        "industry": place.industry,
        "address": place.address,
        "area_code": place.area_code,
        "credit_code": place.enterprise.credit_code,
        "lon": place.lon,
        "lat": place.lat,
        **{field: getattr(place, field, "") for field in PERSONAL},
        "legal_representative": place.enterprise.legal_representative,
    }
    return {field: (None, value) for field, value in facts.items() if value not in (None, "")}


def value_of(place: Place, field: str) -> Any:
    owner, attribute = _home(place, field)
    return getattr(owner, attribute)


def _home(place: Place, field: str) -> tuple[Any, str]:
    if field in ENTERPRISE_FIELDS:
        return place.enterprise, ENTERPRISE_FIELDS[field]
    return place, "kind_id" if field == "kind" else field


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _reclassed(place: Place, values: dict[str, Any], known: Known) -> Difference:
    """The classes that follow from the kind, unless they were given."""
    found = _classes(place.kinds, place.floor_area, known)
    changed = {field: value for field, value in found.items() if field not in values}
    differs = {}
    for field, value in changed.items():
        if (old := getattr(place, field)) != value:
            setattr(place, field, value)
            differs[field] = (old, value)
    return differs


def _classes(codes: Iterable[str], floor_area: int | None, known: Known) -> dict[str, bool]:
    kinds = [known.kinds[code] for code in codes if code in known.kinds]
    small = [classes.is_nine_small(kind, {"floor_area": floor_area}).value for kind in kinds[:1]]
    return {
        "is_nine_small": bool(small and small[0]),
        "is_high_risk": bool(classes.is_high_risk(kinds).value),
    }


def _new_place(row: dict[str, Any], enterprise: Enterprise, number: str, known: Known) -> Place:
    facts = {
        field: value
        for field, value in row.items()
        if field not in ENTERPRISE_FIELDS and field not in ("kind", "source_crs")
        and value is not None
    }  # fmt: skip
    kinds = [row["kind"], *row.get("more_kinds", [])]
    facts = {**_classes(kinds, row.get("floor_area"), known), **facts}
    if row.get("lon") is not None:
        facts["source_crs"] = row.get("source_crs", "wgs84")
    facts.setdefault("is_above_scale", enterprise.is_above_scale)
    facts["industry"] = row.get("industry") or enterprise.industry
    return Place(id=uuid7(), number=number, enterprise=enterprise, kind_id=row["kind"], **facts)


def _enterprises(rows: Sequence[dict[str, Any]]) -> list[Enterprise]:
    """The enterprise of each row: by its code, else by its name in the same county, else new."""
    by_code = _by_code(rows)
    by_name = _by_name(rows)
    new: list[Enterprise] = []
    found = []
    for row in rows:
        code, name = row.get("credit_code"), row.get("enterprise_name") or row["name"]
        county = (name, row["area_code"][:6])
        enterprise = by_code.get(code) if code else by_name.get(county)
        if enterprise is None:
            enterprise = _new_enterprise(row, name)
            new.append(enterprise)
            if code:
                by_code[code] = enterprise
            else:
                by_name[county] = enterprise
        found.append(enterprise)
    Enterprise.objects.bulk_create(new, batch_size=CHUNK)
    return found


def _by_code(rows: Sequence[dict[str, Any]]) -> dict[str, Enterprise]:
    codes = [row["credit_code"] for row in rows if row.get("credit_code")]
    found: dict[str, Enterprise] = {}
    for part in chunks(codes):
        for enterprise in Enterprise.objects.filter(credit_code__in=part):
            found[enterprise.credit_code] = enterprise
    return found


def _by_name(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], Enterprise]:
    """Enterprises without a code, by name and county; a name held twice there counts as none."""
    names = [
        row.get("enterprise_name") or row["name"] for row in rows if not row.get("credit_code")
    ]
    found: dict[tuple[str, str], dict[Any, Enterprise]] = {}
    for part in chunks(names):
        places = Place.objects.filter(
            enterprise__name__in=part, enterprise__credit_code__isnull=True
        )
        for place in places.select_related("enterprise").only("area_code", "enterprise"):
            key = (place.enterprise.name, place.area_code[:6])
            found.setdefault(key, {})[place.enterprise_id] = place.enterprise
    return {key: next(iter(held.values())) for key, held in found.items() if len(held) == 1}


def _new_enterprise(row: dict[str, Any], name: str) -> Enterprise:
    code = row.get("credit_code")
    return Enterprise(
        name=name,
        credit_code=code,
        kind=row.get("enterprise_kind") or _likely_kind(code, name),
        legal_representative=row.get("legal_representative", ""),
        industry=row.get("industry", ""),
        size=row.get("size", ""),
        is_above_scale=row.get("is_above_scale", False),
        founded_on=row.get("founded_on"),
    )


def _likely_kind(code: str | None, name: str) -> str:
    """What the code says, else the name; a missing code is not a missing licence."""
    if code and code[:2] in _BY_CODE:
        return _BY_CODE[code[:2]]
    is_company = any(word in name for word in _COMPANY)
    return str(EnterpriseKind.COMPANY if is_company else EnterpriseKind.SELF_EMPLOYED)
