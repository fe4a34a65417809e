"""Submissions and whole loops, beside the same inserts by bare SQL."""

import json
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.middleware.csrf import _get_new_csrf_string

from bench import pages
from bench.bare import Replay, Statement, record
from bench.client import Figures, Request, run
from safegrid.checklists.models import Item
from safegrid.enterprises.models import Place
from safegrid.hazards import actions as hazards
from safegrid.people.models import Tenure, User
from safegrid.shared import clock
from safegrid.shared.ids import uuid7
from safegrid.visits import actions as visits

ITEMS, PROBLEMS = 15, 2
SUBMISSIONS, LOOPS = 300, 100


def payload(place: Place, items: list[Item]) -> dict[str, Any]:
    """A patrol of 15 items with 2 problems."""
    answers = [
        {
            "item": item.code,
            "result": "problem" if order < PROBLEMS else "pass",
            "note": "后厨东墙" if order < PROBLEMS else "",
        }
        for order, item in enumerate(items)
    ]
    return {
        "id": str(uuid7()),
        "place": str(place.pk),
        "kind": "patrol",
        "started_at": clock.now().isoformat(),
        "items": answers,
    }


def items_of() -> list[Item]:
    common = Item.objects.filter(checklist__state="published", checklist__is_for_all=True)
    return list(common.select_related("checklist")[:ITEMS])


def worker() -> tuple[User, Place]:
    user = User.objects.get(username="grid-worker")
    post = Tenure.objects.get(user=user).post
    return user, Place.objects.filter(area_code=post.area_code).first()


def submit_by_http(site: str) -> Figures:
    """Patrols submitted by a signed-in grid worker, session and form token checked."""
    user, place = worker()
    items, headers = items_of(), pages.cookie(user)
    form = get_token_pair()
    headers["Cookie"] += f"; {settings.CSRF_COOKIE_NAME}={form}"
    headers |= {"X-CSRFToken": form, "Content-Type": "application/json", "Referer": site}

    def ask(n: int) -> Request:
        return "POST", "/api/v1/visits", json.dumps(payload(place, items)).encode(), headers

    run(site, ask, count=10)
    return run(site, ask, count=SUBMISSIONS, clients=2)


def get_token_pair() -> str:
    """A form token as the cookie holds it; the header may carry the same."""
    return str(_get_new_csrf_string())


def submit_statements() -> tuple[list[Statement], set[str]]:
    """The writes of one submission and which of their values must be fresh each time."""
    user, place = worker()
    given = payload(place, items_of())
    with transaction.atomic():
        found = record(lambda: visits.submit_whole(given, by=user))
    return found, fresh_of(found)


def fresh_of(statements: list[Statement]) -> set[str]:
    """Ids and numbers in the parameters: what a second insert would collide with."""
    values = {str(value) for _, params in statements for value in _flat(params)}
    ids = {value.replace("-", "") for value in values if len(value.replace("-", "")) == 32}
    numbers = {value for value in values if value[:3] in ("ZF-", "XS-", "YH-", "JC-", "ZC-")}
    return {*ids, *numbers} - {str(worker()[1].pk).replace("-", "")}


def _flat(params: Any) -> list[Any]:
    """The parameters of a statement, those in lists too."""
    found: list[Any] = []
    for value in params:
        found += _flat(value) if isinstance(value, list) else [value]
    return found


def bare_rate(statements: list[Statement], fresh: set[str], count: int) -> float:
    replay = Replay(statements, fresh)
    replay.rate(5)
    rate = replay.rate(count)
    replay.close()
    return rate


def loop() -> None:
    """Found → ordered → repaired → closed, by the actions, four commits."""
    place, officer, colleague, keeper = cast()
    hazard = hazards.record(
        by=officer, place=place, title="安全出口上锁", origin="inspection", department=None
    )
    due = clock.today() + timedelta(days=3)
    hazard = hazards.order_repair(hazard, by=officer, due_on=due, demand="立即开锁")
    hazard = hazards.submit_repair(hazard, by=keeper, note="已开锁，专人每天查")
    hazards.verify_repair(hazard, by=colleague, note="看过")


_cast: list[Any] = []


def cast() -> Any:
    if not _cast:
        officer = User.objects.get(username="fire-officer")
        body = officer.posts[0].organisation
        colleague = (
            Tenure.objects.filter(post__organisation=body, post__role="department_officer")
            .exclude(user=officer)
            .first()
            .user
        )
        keeper = User.objects.get(username="keeper")
        place = Place.objects.get(pk=keeper.kept_places[0])
        Place.objects.filter(pk=place.pk).update(lead_department=body)
        place.refresh_from_db()
        _cast.extend((place, officer, colleague, keeper))
    return _cast


def loop_rate(count: int = LOOPS) -> float:
    loop()
    started = time.perf_counter()
    for _ in range(count):
        loop()
    return count / (time.perf_counter() - started)


def bare_loop_rate(count: int = LOOPS) -> float:
    """The loop's writes by bare SQL, committed where the actions commit."""
    parts: list[list[Statement]] = []

    def split(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.lstrip().upper()
        if word.startswith(("INSERT", "UPDATE")):
            parts[-1].append((sql, params or ()))
        return execute(sql, params, many, context)

    place, officer, colleague, keeper = cast()
    due = clock.today() + timedelta(days=3)
    with connection.execute_wrapper(split):
        parts.append([])
        hazard = hazards.record(by=officer, place=place, title="上锁", origin="inspection")
        parts.append([])
        hazard = hazards.order_repair(hazard, by=officer, due_on=due, demand="开锁")
        parts.append([])
        hazard = hazards.submit_repair(hazard, by=keeper, note="已开锁，专人每天查")
        parts.append([])
        hazards.verify_repair(hazard, by=colleague, note="看过")
    fresh = fresh_of([statement for part in parts for statement in part])
    fresh -= {str(place.pk).replace("-", "")}
    replays = [Replay(part, fresh) for part in parts]
    started = time.perf_counter()
    for _ in range(count):
        names: dict[str, str] = {}
        for replay in replays:
            replay.play(names)
    rate = count / (time.perf_counter() - started)
    for replay in replays:
        replay.close()
    return rate
