"""180 days of plausible history, made by the real actions with the clock moved; one day, one
transaction. What will happen to a case is drawn when the case is born and kept in an agenda."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from safegrid.checklists.models import Item
from safegrid.demo import pictures
from safegrid.demo.cast import Cast
from safegrid.demo.city import City
from safegrid.enterprises.models import Place
from safegrid.hazards import actions as hazards
from safegrid.hazards.jobs import escalate
from safegrid.hazards.models import Clue, ClueState, Hazard, State
from safegrid.notices.actions import mark_read
from safegrid.notices.jobs import follow_journal
from safegrid.notices.models import Notice
from safegrid.people.models import User
from safegrid.shared import clock, journal, progress
from safegrid.shared.calendar import is_workday
from safegrid.shared.ids import uuid7
from safegrid.shared.refusals import Refused
from safegrid.visits import actions as visits
from safegrid.visits import queries

ZONE = ZoneInfo("Asia/Shanghai")
VISITS_A_PLACE = 4
SHARES = {"patrol": 62, "self_check": 28, "inspection": 10}
WEEKEND = 0.15
PROBLEM, NOT_APPLICABLE = 0.045, 0.06
FIXED = 0.35
MAJOR = 0.25
NEGLECTED = 0.03
READ_AFTER = 2

Deed = Callable[[], None]


@dataclass
class Agenda:
    """What is due on which day, in the order in which it was put down."""

    days: dict[date, list[Deed]] = field(default_factory=lambda: defaultdict(list))

    def put(self, day: date, deed: Deed) -> None:
        self.days[day].append(deed)

    def take(self, day: date) -> list[Deed]:
        return self.days.pop(day, [])


class History:
    """Lives through the days."""

    def __init__(self, cast: Cast, city: City, days: int, most: int) -> None:
        self.random, self.city, self.days = cast.random, city, days
        self.agenda = Agenda()
        self.pictures = pictures.store()
        rows = Place.objects.select_related("enterprise", "kind", "lead_department", "grid")
        self.places: list[Place] = list(rows.order_by("number")[:most])
        self.keepers = {
            place.pk: keeper.user
            for place in self.places
            for keeper in place.keepers.select_related("user")
        }

    def run(self) -> None:
        """Live through the days up to this moment."""
        self.until = clock.now()
        start = clock.today() - timedelta(days=self.days)
        days = [start + timedelta(days=n) for n in range(self.days + 1)]
        for day in progress.counted("经过", days, len(days)):
            self._day(day)
        self._read_notices()

    def _day(self, day: date) -> None:
        with transaction.atomic():
            for number, deed in enumerate(self.agenda.take(day)):
                self._at(day, 8 + number % 9, number * 7 % 60, deed)
            for number in range(self._visits_on(day)):
                self._at(day, 8 + number % 10, number * 11 % 60, self._visit)
            with clock.moved(min(_moment(day, 23, 30), self.until)):
                escalate()
                journal.seal()
                follow_journal()

    def _at(self, day: date, hour: int, minute: int, deed: Deed) -> None:
        moment = _moment(day, hour, minute)
        if moment > self.until:
            return
        with clock.moved(moment):
            try:
                deed()
            except Refused:
                return

    def _read_notices(self) -> None:
        """Everybody has read what is older than a few days."""
        old = self.until - timedelta(days=READ_AFTER)
        with clock.moved(old), transaction.atomic():
            for user in User.objects.filter(tenures__isnull=False).distinct():
                mark_read(Notice.objects.filter(at__lt=old), by=user)

    def _visits_on(self, day: date) -> int:
        workdays = self.days * 5 / 7 + self.days * 2 / 7 * WEEKEND
        share = 1.0 if is_workday(day) else WEEKEND
        mean = len(self.places) * VISITS_A_PLACE / workdays * share
        return int(mean + self.random.random())

    def _visit(self) -> None:
        place = self.random.choice(self.places)
        kinds = list(SHARES)
        kind = self.random.choices(kinds, [SHARES[one] for one in kinds])[0]
        by, powers = self._visitor(place, kind)
        if by is None:
            return
        payload = self._payload(place, kind, powers)
        receipt = visits.submit_whole(payload, by=by)
        if not any(one["result"] == "problem" for one in payload["items"]):
            return
        for clue in Clue.objects.filter(origin_id=receipt.id):
            self._follow_clue(clue)
        for hazard in Hazard.objects.filter(origin_id=receipt.id):
            self._follow_hazard(hazard)

    def _visitor(self, place: Place, kind: str) -> tuple[User | None, dict[str, Any]]:
        if kind == "patrol":
            return self.city.workers.get(place.area_code[:15]), {}
        if kind == "self_check":
            return self.keepers.get(place.pk), {}
        officers = self.city.officers.get(place.lead_department_id or 0, [])
        if len(officers) < 2:
            return None, {}
        facts = {"second": officers[1].pk, "basis": "年度检查计划", "cause": "daily"}
        return officers[0], facts

    def _payload(self, place: Place, kind: str, powers: dict[str, Any]) -> dict[str, Any]:
        chosen = queries.choose_items(place, kind)
        minutes = self.random.randint(6, 35)
        began = clock.now() - timedelta(minutes=minutes)
        return {
            "id": uuid7(began),
            "place": place.pk,
            "kind": kind,
            "started_at": began,
            "items": [self._answer(one.item, one.reason) for one in chosen],
            **self._position(place),
            **powers,
        }

    def _answer(self, item: Item, reason: str) -> dict[str, Any]:
        draw = self.random.random()
        if draw < PROBLEM:
            before, _ = self._scene(item.pk)
            return {
                "item": item.pk,
                "reason": reason,
                "result": "problem",
                "note": item.hazard,
                "is_fixed": item.severity != "major" and self.random.random() < FIXED,
                "photos": [before.sha256],
            }
        result = "na" if draw < PROBLEM + NOT_APPLICABLE else "pass"
        return {"item": item.pk, "reason": reason, "result": result}

    def _scene(self, item_id: int) -> Any:
        """Before and after show the same scene."""
        return self.pictures[item_id % len(self.pictures)]

    def _position(self, place: Place) -> dict[str, Any]:
        if place.lon is None or place.lat is None:
            return {}
        return {
            "lon": round(place.lon + self.random.uniform(-0.0004, 0.0004), 6),
            "lat": round(place.lat + self.random.uniform(-0.0003, 0.0003), 6),
            "accuracy": self.random.randint(5, 40),
        }

    # What becomes of a clue.

    def _follow_clue(self, clue: Clue) -> None:
        if clue.state != ClueState.COLLECTED or self.random.random() < 0.02:
            return
        self._later(0, 2, lambda: self._accept(clue))

    def _accept(self, clue: Clue) -> None:
        head = self.city.heads.get(clue.area_code[:12])
        if head is None:
            return
        if self.random.random() < 0.06:
            hazards.dismiss_clue(clue, by=head, note="到现场看过，不是隐患")
            return
        hazards.accept_clue(clue, by=head)
        self._later(0, 2, lambda: self._assign(clue))

    def _assign(self, clue: Clue) -> None:
        clue.refresh_from_db()
        officer = self.city.townships[clue.area_code[:9]][0]
        body = clue.place.lead_department
        if body is None:
            return
        hazards.assign_clue(clue, by=officer, department=body, note=f"{body.short_name}主管")
        self._later(0, 3, lambda: self._decide(clue))

    def _decide(self, clue: Clue) -> None:
        clue.refresh_from_db()
        officers = self.city.officers.get(clue.department_id or 0)
        if officers is None:
            return
        if self.random.random() < 0.62:
            hazards.confirm_clue(clue, by=officers[0], note="现场核实属实")
            clue.refresh_from_db()
            if clue.hazard:
                self._follow_hazard(clue.hazard)
        else:
            hazards.handle_clue(clue, by=officers[0], note="已当场督促改好", outcome="已改好")
        self._later(1, 4, lambda: self._feed_back(clue, officers[0]))

    def _feed_back(self, clue: Clue, officer: User) -> None:
        clue.refresh_from_db()
        if clue.hazard and clue.hazard.is_open:
            self._later(3, 9, lambda: self._feed_back(clue, officer))
            return
        hazards.feed_back_clue(clue, by=officer, note="处理结果已告知反映人")
        self._later(0, 3, lambda: self._finish(clue))

    def _finish(self, clue: Clue) -> None:
        clue.refresh_from_db()
        officer = self.city.townships[clue.area_code[:9]][0]
        hazards.verify_clue(clue, by=officer, note="核查属实")
        clue.refresh_from_db()
        hazards.close_clue(clue, by=officer)

    # What becomes of a hazard.

    def _follow_hazard(self, hazard: Hazard) -> None:
        hazard.refresh_from_db()
        if hazard.state == State.FOUND:
            self._later(0, 2, lambda: self._order(hazard))
        elif hazard.state == State.ORDERED:
            self._await_repair(hazard)
        elif hazard.state == State.REPAIRED:
            self._later(1, 5, lambda: self._verify(hazard))

    def _order(self, hazard: Hazard) -> None:
        hazard.refresh_from_db()
        officers = self.city.officers.get(hazard.department_id or 0)
        if officers is None or self.random.random() < NEGLECTED:
            return
        if hazard.severity == "suspected":
            verdict = "major" if self.random.random() < MAJOR else "general"
            chief = self.city.chiefs[hazard.department_id or 0]
            hazards.judge_major(hazard, by=chief, severity=verdict, note="对照判定标准研判")
            hazard.refresh_from_db()
        days = 30 if hazard.severity == "major" else self.random.choice((3, 5, 7, 10, 15))
        due = clock.today() + timedelta(days=days)
        demand = hazard.item.rectify if hazard.item else "立即改正"
        if hazard.origin == "self_check":
            keeper = self.keepers[hazard.place_id]
            hazards.promise_repair(hazard, by=keeper, due_on=due, demand=demand)
        else:
            hazards.order_repair(hazard, by=officers[0], due_on=due, demand=demand)
        hazard.refresh_from_db()
        self._await_repair(hazard)

    def _await_repair(self, hazard: Hazard) -> None:
        left = max(1, (hazard.due_on - clock.today()).days) if hazard.due_on else 5
        draw = self.random.random()
        if draw < 0.05:
            return
        if draw < 0.12 and left > 2:
            self._later(left - 1, left - 1, lambda: self._ask(hazard))
        late = self.random.randint(1, 9) if draw > 0.84 else 0
        day = left + late if late else self.random.randint(0, left)
        self._later(day, day, lambda: self._repair(hazard))

    def _ask(self, hazard: Hazard) -> None:
        hazard.refresh_from_db()
        keeper = self.keepers.get(hazard.place_id)
        if keeper is None or hazard.due_on is None:
            return
        hazards.ask_extension(
            hazard,
            by=keeper,
            until=hazard.due_on + timedelta(days=7),
            reason="配件未到货，厂家排期在下周",
            measures="该区域停用并专人看守",
        )
        self._later(1, 1, lambda: self._grant(hazard))

    def _grant(self, hazard: Hazard) -> None:
        hazard.refresh_from_db()
        chief = self.city.chiefs.get(hazard.department_id or 0)
        if chief is not None:
            answer = "granted" if self.random.random() < 0.8 else "refused"
            hazards.decide_extension(hazard, by=chief, answer=answer, opinion="按期改完")

    def _repair(self, hazard: Hazard) -> None:
        hazard.refresh_from_db()
        keeper = self.keepers.get(hazard.place_id)
        if keeper is None or hazard.state != State.ORDERED:
            return
        if hazard.severity == "major":
            hazards.plan_repair(hazard, by=keeper, **PLAN)
            hazard.refresh_from_db()
        _, after = self._scene(hazard.item_id or 0)
        hazards.submit_repair(hazard, by=keeper, note="已按要求改好", photos=[after])
        self._later(0, 4, lambda: self._verify(hazard))

    def _verify(self, hazard: Hazard) -> None:
        hazard.refresh_from_db()
        by = self._verifier(hazard)
        if by is None:
            return
        if self.random.random() < 0.1:
            hazards.return_repair(hazard, by=by, note="照片看不出已改好，重拍同一角度")
            self._later(1, 4, lambda: self._repair(hazard))
            return
        hazards.verify_repair(hazard, by=by, note="现场看过，已改好")
        hazard.refresh_from_db()
        if hazard.state == State.VERIFIED:
            self._later(1, 3, lambda: self._confirm(hazard))

    def _verifier(self, hazard: Hazard) -> User | None:
        if hazard.is_urged:
            return self.city.townships[hazard.area_code[:9]][0]
        officers = self.city.officers.get(hazard.ordering_body_id or hazard.department_id or 0)
        return officers[-1] if officers else None

    def _confirm(self, hazard: Hazard) -> None:
        hazard.refresh_from_db()
        chief = self.city.chiefs.get(hazard.department_id or 0)
        if chief is not None:
            hazards.confirm_close(hazard, by=chief, note="复核资料和照片，同意销号")

    def _later(self, least: int, most: int, deed: Deed) -> None:
        """Put a deed on a workday between `least` and `most` days from now."""
        day = clock.today() + timedelta(days=max(1, self.random.randint(least, most)))
        while not is_workday(day):
            day += timedelta(days=1)
        self.agenda.put(day, deed)


PLAN = {
    "duty": "负责人牵头，安全管理员盯现场",
    "measures": "先停用，再更换合格设备",
    "funds": "自筹，已预留",
    "time_limit": "按责令期限完成",
    "emergency": "专人看守，备足灭火器材，出事先撤人再报119",
}


def _moment(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour % 24, minute), ZONE)
