"""Pages as their readers ask for them: signed in, warm, at the full size."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from bench.client import Figures, Request, run
from safegrid.codes.models import PlaceCode
from safegrid.enterprises.models import Place
from safegrid.hazards.models import Hazard
from safegrid.people.models import User
from safegrid.visits.models import Visit

COUNT = 200


def cookie(user: User) -> dict[str, str]:
    """Headers of a browser in which this user is signed in."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={store.session_key}"}


def requests() -> dict[str, tuple[str, Callable[[int], str]]]:
    """What is measured: name → door (user name, "" for nobody) and address by serial number."""
    places = list(Place.objects.order_by("-pk").values_list("pk", flat=True)[:400])
    hazards = list(Hazard.objects.order_by("-pk").values_list("pk", flat=True)[:400])
    visits = list(Visit.objects.order_by("-pk").values_list("pk", flat=True)[:400])
    tokens = list(PlaceCode.objects.order_by("pk").values_list("token", flat=True)[:400])
    return {
        "今日，街道": ("street-officer", lambda n: "/"),
        "今日，部门": ("fire-officer", lambda n: "/"),
        "今日，区安委办": ("county-office", lambda n: "/"),
        "今日，市安委办": ("city-office", lambda n: "/"),
        "今日，网格员": ("grid-worker", lambda n: "/"),
        "场所名单": ("city-office", lambda n: f"/places/?page={n % 5 + 1}"),
        "隐患名单": ("city-office", lambda n: f"/hazards/?page={n % 5 + 1}"),
        "线索名单": ("city-office", lambda n: f"/clues/?page={n % 5 + 1}"),
        "走访检查名单": ("city-office", lambda n: f"/visits/?page={n % 5 + 1}"),
        "场所档案": ("city-office", lambda n: f"/places/{places[n % len(places)]}/"),
        "隐患详情": ("city-office", lambda n: f"/hazards/{hazards[n % len(hazards)]}/"),
        "走访记录": ("city-office", lambda n: f"/visits/{visits[n % len(visits)]}/"),
        "查找": ("city-office", lambda n: f"/search/?q=老灶{n % 9 or ''}"),
        "扫码页": ("", lambda n: f"/C/{tokens[n % len(tokens)]}"),
    }


def measure(site: str) -> dict[str, Figures]:
    """Figures by page, each warmed up before."""
    found = {}
    for name, (door, address) in requests().items():
        headers = cookie(User.objects.get(username=door)) if door else {}

        def ask(
            n: int, address: Callable[[int], str] = address, headers: dict[str, str] = headers
        ) -> Request:
            from urllib.parse import quote

            return "GET", quote(address(n), safe="/?=&"), None, headers

        run(site, ask, count=8, clients=2)
        found[name] = run(site, ask, count=COUNT, clients=2)
    return found


def bare(site: str) -> Figures:
    """A view that does nothing, on the same server."""
    run(site, lambda n: ("GET", "/bare/", None, {}), count=50)
    return run(site, lambda n: ("GET", "/bare/", None, {}), count=2000, clients=2)


def scan(site: str) -> Figures:
    """The code page, for its rate beside the bare view; each plate was scanned a moment ago."""
    address = requests()["扫码页"][1]
    run(site, lambda n: ("GET", address(n), None, {}), count=400, clients=2)
    return run(site, lambda n: ("GET", address(n), None, {}), count=2000, clients=2)
