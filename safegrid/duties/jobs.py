"""The lead department follows the places and the rules, by the journal."""

from datetime import timedelta

from django.db.models import Q

from safegrid.duties import actions
from safegrid.duties.models import DutyRule
from safegrid.duties.queries import Resolver
from safegrid.enterprises.models import Place
from safegrid.shared import clock, journal
from safegrid.shared.models import Entry

PLACE_STEPS = ("enterprises.add_place", "enterprises.edit_place")
RULE_STEPS = ("duties.add_rule", "duties.close_rule")
AREA_STEPS = ("duties.load_rules", "people.add_organisation")


def follow_places() -> int:
    """Assign places that are new or changed, and those that a changed rule touches."""
    follower = _Follower()
    return journal.follow("duties", follower.take)


def turn_the_day() -> int:
    """Assign where a rule comes into force or ends today or yesterday; return how many changed."""
    today = clock.today()
    near = (today - timedelta(days=1), today)
    turning = DutyRule.objects.filter(Q(valid_from__in=near) | Q(valid_to__in=near))
    areas = sorted(set(turning.values_list("area_code", flat=True)))
    resolver = Resolver()
    return sum(actions.assign_below(code, resolver) for code in areas)


class _Follower:
    """Reads rules and bodies once a run, again after each change of a rule."""

    def __init__(self) -> None:
        self.resolver: Resolver | None = None

    def take(self, entry: Entry) -> None:
        if entry.kind == "place" and entry.step in PLACE_STEPS:
            self._place(entry.subject)
        elif entry.step in RULE_STEPS:
            self._rule(entry.subject)
        elif entry.step in AREA_STEPS:
            self._area(entry.area_code)

    def _place(self, pk: str) -> None:
        place = Place.objects.filter(pk=pk).first()
        if place is not None:
            actions.assign_with(self._resolver(), [place])

    def _rule(self, pk: str) -> None:
        rule = DutyRule.objects.filter(pk=pk).first()
        if rule is not None:
            self._area(rule.area_code)

    def _area(self, area_code: str) -> None:
        self.resolver = None
        actions.assign_below(area_code, self._resolver())

    def _resolver(self) -> Resolver:
        if self.resolver is None:
            self.resolver = Resolver()
        return self.resolver
