"""What each row of a list means for the file: new, changed, the same, a duplicate, or wrong."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from safegrid.enterprises import register
from safegrid.enterprises.columns import Record
from safegrid.enterprises.facts import LABELS
from safegrid.enterprises.models import Enterprise, Place, RowVerdict
from safegrid.shared.numbers import fold
from safegrid.territory.codes import prefix_end

COMMUNITY_WIDTH = 12
_PUNCTUATION = re.compile(r"[\s,，.。、;；:：()（）\-—_#·]")
_DAYS = ("founded_on",)


@dataclass
class Finding:
    """The verdict on one row, ready to be kept."""

    line: int
    verdict: str
    values: dict[str, Any]
    errors: list[str] = field(default_factory=list)
    difference: dict[str, list[Any]] = field(default_factory=dict)
    place: Place | None = None


class Filed:
    """The places on file that the rows may mean, read by name, code and number."""

    def __init__(self, within: str, rows: Sequence[dict[str, Any]]) -> None:
        self.within = within
        self.by_name: dict[str, list[Place]] = {}
        self.by_code: dict[str, list[Place]] = {}
        self.by_number: dict[str, Place] = {}
        self.holders: dict[str, tuple[int, str]] = {}
        for part in register.chunks(rows):
            self._read(part)

    def _read(self, rows: Sequence[dict[str, Any]]) -> None:
        codes = _given(rows, "credit_code")
        lookups = {
            "name__in": _given(rows, "name"),
            "enterprise__credit_code__in": codes,
            "number__in": _given(rows, "number"),
        }
        for lookup, words in lookups.items():
            if words:
                self._keep(Place.objects.filter(**{lookup: words}))
        held = Enterprise.objects.filter(credit_code__in=codes).values_list(
            "credit_code", "pk", "name"
        )
        self.holders |= {code: (pk, name) for code, pk, name in held}

    def _keep(self, places: Any) -> None:
        rows = places.filter(area_code__gte=self.within, area_code__lt=prefix_end(self.within))
        for place in rows.select_related("enterprise"):
            if place.number in self.by_number:
                continue
            self.by_number[place.number] = place
            self.by_name.setdefault(place.name, []).append(place)
            if place.enterprise.credit_code:
                self.by_code.setdefault(place.enterprise.credit_code, []).append(place)


class Judge:
    """Judges the rows of one list in order, so that it also sees what repeats within it."""

    def __init__(self, filed: Filed) -> None:
        self.filed = filed
        self.lines: dict[Any, int] = {}

    def judge(self, record: Record, values: dict[str, Any], errors: dict[str, str]) -> Finding:
        number = fold(str(record.facts.get("number", "")))
        if number and number not in self.filed.by_number:
            errors = {"number": f"范围内没有编号{number}的场所", **errors}
        place, doubt = (None, "") if errors else self._match(record, values, number)
        needs = {} if place or doubt or number else register.missing(values)
        faults = [f"{record.cell(name)}：{words}" for name, words in {**needs, **errors}.items()]
        if faults:
            return Finding(record.line, RowVerdict.ERROR, values, faults)
        if doubt:
            return Finding(record.line, RowVerdict.DUPLICATE, values, [doubt], place=place)
        if place is None:
            return Finding(record.line, RowVerdict.NEW, values)
        return self._changed(record, values, place)

    def _match(
        self, record: Record, values: dict[str, Any], number: str
    ) -> tuple[Place | None, str]:
        """The place on file that the row means, or the doubt about it."""
        place, doubt = (self.filed.by_number[number], "") if number else self._on_file(values)
        key = place.pk if place else (values.get("name"), _bare(values), values.get("credit_code"))
        earlier = self.lines.setdefault(key, record.line)
        if earlier != record.line:
            doubt = f"与第{earlier}行是同一处"
        return place, doubt

    def _on_file(self, values: dict[str, Any]) -> tuple[Place | None, str]:
        code, name = values.get("credit_code"), values.get("name", "")
        named = self.filed.by_name.get(name, [])
        here = [place for place in named if _bare_address(place.address) == _bare(values)]
        for place in here:
            if not code or place.enterprise.credit_code in (None, code):
                return place, ""
        if here:
            return here[0], f"与{here[0].number}同名同址，但那里登记的是另一个信用代码"
        of_code = self.filed.by_code.get(code, []) if code else []
        for place in of_code:
            if place.name == name or _bare_address(place.address) == _bare(values):
                return place, ""
        return self._namesake(values, named) if not code else (None, "")

    def _namesake(self, values: dict[str, Any], named: list[Place]) -> tuple[Place | None, str]:
        """Without a code, a place of the same name in the same community raises a doubt."""
        community = values.get("area_code", "")[:COMMUNITY_WIDTH]
        for place in named:
            if place.area_code[:COMMUNITY_WIDTH] == community:
                hint = f"是同一处就在“编号”列填{place.number}"
                return place, f"与{place.number}同名，那里的地址是{place.address}；{hint}"
        return None, ""

    def _changed(self, record: Record, values: dict[str, Any], place: Place) -> Finding:
        values = _to_write(record, values, place)
        code = values.get("credit_code")
        holder = self.filed.holders.get(code) if code else None
        if holder and holder[0] != place.enterprise_id:
            error = f"{record.cell('credit_code')}：这个信用代码已登记在“{holder[1]}”名下"
            return Finding(record.line, RowVerdict.ERROR, values, [error])
        difference = {
            name: [_json(old), _json(value)]
            for name, value in values.items()
            if (old := register.value_of(place, name)) != value
        }
        verdict = RowVerdict.CHANGED if difference else RowVerdict.SAME
        return Finding(record.line, verdict, values, difference=difference, place=place)


def to_json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _json(value) for name, value in values.items()}


def from_json(values: dict[str, Any]) -> dict[str, Any]:
    """Values as they were before `to_json`."""
    days = {name: date.fromisoformat(values[name]) for name in _DAYS if values.get(name)}
    return {**values, **days}


def label(name: str) -> str:
    return LABELS.get(name, name)


def _to_write(record: Record, values: dict[str, Any], place: Place) -> dict[str, Any]:
    """What the row says about a place on file: it stays where it is unless the row says where."""
    says_where = "lon" in record.facts or not place.area_code.startswith(values["area_code"])
    if "area_code" not in record.facts and "lon" not in record.facts:
        says_where = False
    kept = dict(values)
    if not says_where:
        kept.pop("area_code", None)
        kept.pop("grid_id", None)
    if "lon" in kept:
        kept.setdefault("source_crs", "wgs84")
    return kept


def _given(rows: Iterable[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows if row.get(name)]


def _bare(values: dict[str, Any]) -> str:
    return _bare_address(values.get("address", ""))


def _bare_address(address: str) -> str:
    return _PUNCTUATION.sub("", fold(address))


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
