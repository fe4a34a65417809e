"""Who answers for a place: the rules in force, resolved with the reasons. Most specific first.

A rule of a deeper area beats one of a wider area; in one area a rule for the kind of place beats
one for the industry, a longer industry code a shorter one, and all beat a rule for everything.
Two lead rules that are equally specific and name different lines are a conflict: nobody leads
until it is settled.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from safegrid.duties.models import DutyKind, DutyRule, Line
from safegrid.enterprises.models import Place, PlaceKind
from safegrid.people.models import Organisation
from safegrid.shared import clock
from safegrid.territory import queries as territory
from safegrid.territory.codes import WIDTHS

TOWNSHIP = "township"
VIEW = "duties.view"
MAIN_KIND, OTHER_KIND, INDUSTRY, EVERYTHING = 3, 2, 1, 0


@dataclass(frozen=True)
class Bearer:
    """A body with a duty. `organisation` is None where the line has no body here; `why` says so."""

    organisation: Organisation | None
    line: Line
    rule: DutyRule
    why: str


@dataclass(frozen=True)
class Duties:
    """Who leads, who joins in, who oversees. Without a lead, `reasons` says what is missing."""

    lead: Bearer | None
    specials: list[Bearer] = field(default_factory=list)
    overall: Bearer | None = None
    conflicts: list[DutyRule] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def resolve(place: Place, on: date | None = None) -> Duties:
    """Who answers for the place on a day, today unless told."""
    return Resolver(on, within=place.area_code).duties(place)


def resolve_many(places: Iterable[Place], on: date | None = None) -> list[Duties]:
    """`resolve` for many places, reading the rules and the bodies once."""
    resolver = Resolver(on)
    return [resolver.duties(place) for place in places]


class Resolver:
    """The rules and bodies of one day; asks the database when made, never afterwards."""

    def __init__(self, on: date | None = None, within: str = "") -> None:
        self.on = on or clock.today()
        path = codes_above(within)
        rules = DutyRule.objects.in_force(self.on).select_related("line")
        bodies = Organisation.objects.exclude(line="").filter(_standing(self.on))
        if within:
            rules, bodies = rules.filter(area_code__in=path), bodies.filter(area_code__in=path)
        self.rules: dict[tuple[str, str], list[DutyRule]] = {}
        for rule in rules.order_by("area_code", "number"):
            self.rules.setdefault((rule.area_code, rule.kind), []).append(rule)
        self.bodies = {(body.line, body.area_code): body for body in bodies.order_by("-id")}
        self.kinds = dict(PlaceKind.objects.values_list("code", "name"))
        self._known: dict[Any, Duties] = {}
        self._names: dict[str, str] = {}

    def duties(self, place: Place) -> Duties:
        """Places of the same ground, kinds and industry share one answer."""
        key = (place.area_code, tuple(place.kinds), place.industry)
        if key not in self._known:
            self._known[key] = self._resolve(place)
        return self._known[key]

    def body(self, line: str, area_code: str) -> Organisation | None:
        """The nearest body of a line above the area: the county's, else the city's."""
        found = (self.bodies.get((line, code)) for code in reversed(codes_above(area_code)))
        return next((body for body in found if body), None)

    def _resolve(self, place: Place) -> Duties:
        rules = self._matching(place)
        lead, conflicts, reasons = self._lead(place, rules)
        return Duties(
            lead=lead,
            specials=self._specials(place, rules, lead),
            overall=self._overall(place, rules),
            conflicts=conflicts,
            reasons=reasons,
        )

    def _matching(self, place: Place) -> list[DutyRule]:
        """The rules that apply, most specific first."""
        found = [
            rule
            for area in codes_above(place.area_code)
            for kind in (*place.kinds, "")
            for rule in self.rules.get((area, kind), ())
            if place.industry.startswith(rule.industry)
        ]
        return sorted(
            found, key=lambda rule: (_specificity(rule, place), -rule.number), reverse=True
        )

    def _lead(
        self, place: Place, rules: list[DutyRule]
    ) -> tuple[Bearer | None, list[DutyRule], list[str]]:
        leads = [rule for rule in rules if rule.duty == DutyKind.LEAD]
        if not leads:
            kind = self.kinds.get(place.kind_id, place.kind_id)
            return None, [], [f"没有一条规则给“{kind}”定行业主管"]
        best = _specificity(leads[0], place)
        tied = [rule for rule in leads if _specificity(rule, place) == best]
        if len({rule.line_id for rule in tied}) > 1:
            said = "、".join(f"第{rule.number}条定{rule.line.name}" for rule in tied)
            return None, tied, [f"规则打架：{said}，适用范围一样大；由安委办定一家"]
        bearer = self._bearer(place, tied[0])
        if bearer.organisation is None:
            return None, [], [bearer.why]
        passed = [rule for rule in leads if rule.line_id != tied[0].line_id]
        over = [f"压过第{rule.number}条（{rule.line.name}），那条更笼统" for rule in passed]
        return bearer, [], [bearer.why, *over]

    def _specials(self, place: Place, rules: list[DutyRule], lead: Bearer | None) -> list[Bearer]:
        """One bearer for each line and matter, by its most specific rule; the lead not again."""
        chosen: dict[tuple[str, str], DutyRule] = {}
        for rule in rules:
            if rule.duty == DutyKind.SPECIAL:
                chosen.setdefault((rule.line_id, rule.matter), rule)
        return [
            self._bearer(place, rule)
            for rule in sorted(chosen.values(), key=lambda rule: rule.number)
            if rule.matter or not lead or rule.line_id != lead.rule.line_id
        ]

    def _overall(self, place: Place, rules: list[DutyRule]) -> Bearer | None:
        found = next((rule for rule in rules if rule.duty == DutyKind.OVERALL), None)
        return self._bearer(place, found) if found else None

    def _bearer(self, place: Place, rule: DutyRule) -> Bearer:
        body = self.body(rule.line_id, place.area_code)
        because = f"{self._scope(rule, place)}的{rule.get_duty_display()}是{rule.line.name}"
        if body is None:
            return Bearer(None, rule.line, rule, f"{because}，可是{self._nobody(rule, place)}")
        return Bearer(body, rule.line, rule, f"{because}（{rule.basis}）")

    def _nobody(self, rule: DutyRule, place: Place) -> str:
        if rule.line_id == TOWNSHIP and len(place.area_code) < WIDTHS[3]:
            return "这一处还没有归到乡镇街道"
        return f"{self._name(place.area_code[: WIDTHS[3]])}往上都没有设这个单位"

    def _scope(self, rule: DutyRule, place: Place) -> str:
        """爱民区“小餐饮”, or what else the rule is about."""
        parts = [f"“{self.kinds.get(rule.kind, rule.kind)}”"] if rule.kind else []
        if rule.industry:
            parts.append(f"行业{rule.industry}")
        if rule.matter:
            parts.append(rule.matter)
        return self._name(rule.area_code) + ("、".join(parts) or "各类场所")

    def _name(self, code: str) -> str:
        if code not in self._names:
            self._names[code] = territory.name_of(code)
        return self._names[code]


def visible(user: Any) -> Any:
    """The rules of the user's areas, and those of the areas above that hold there too."""
    above = {code for post in user.posts_granting(VIEW) for code in codes_above(post.area_code)}
    return DutyRule.objects.filter(user.reach(VIEW, DutyRule.scope) | Q(area_code__in=above))


def rule_list(rows: Any, *, area: str = "", kind: str = "", line: str = "") -> Any:
    """Rules narrowed for a list: those that touch the area, from above or from within."""
    if area:
        rows = rows.filter(Q(area_code__in=codes_above(area)) | Q(area_code__startswith=area))
    if kind:
        rows = rows.filter(kind=kind)
    if line:
        rows = rows.filter(line=line)
    return rows.select_related("line").order_by("area_code", "number")


def codes_above(code: str) -> list[str]:
    """The code itself and those of all areas that contain it, the widest first."""
    return [code[:width] for width in WIDTHS if width <= len(code)]


def _specificity(rule: DutyRule, place: Place) -> tuple[int, int, int]:
    level = INDUSTRY if rule.industry else EVERYTHING
    if rule.kind:
        level = MAIN_KIND if rule.kind == place.kind_id else OTHER_KIND
    return len(rule.area_code), level, len(rule.industry)


def _standing(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
