"""Visits for tests: what a phone would send, fixed values."""

import io
from typing import Any
from uuid import UUID

from PIL import Image

from safegrid.checklists.models import Item
from safegrid.checklists.tests import make as checklists
from safegrid.enterprises.models import Place
from safegrid.people.models import User
from safegrid.shared import clock
from safegrid.visits import actions
from safegrid.visits.models import Visit

ID = "01932b3c-0000-7000-8000-000000000001"
LAWFUL = {"basis": "年度检查计划", "cause": "daily", "cause_note": ""}


def lists(common: int = 12, own: int = 12, **changes: Any) -> list[Item]:
    """A published common list and one for restaurants, every second item for owners too."""
    made = []
    for code, count in (("common", common), ("restaurant", own)):
        checklist = checklists.checklist(code, order=0 if code == "common" else 1)
        for number in range(1, count + 1):
            facts = {"order": number, "is_for_self_check": number % 2 == 0, **changes}
            made.append(checklists.item(checklist, f"{code}.item-{number:02}", **facts))
        checklists.publish(checklist)
    return made


def payload(place: Place, chosen: list[Item], wrong: int = 0, **changes: Any) -> dict[str, Any]:
    """A patrol of these items, the first `wrong` of them with a problem."""
    answers = [
        {"item": item.code, "result": "problem" if order < wrong else "pass"}
        for order, item in enumerate(chosen)
    ]
    facts = {
        "id": ID,
        "place": str(place.pk),
        "kind": "patrol",
        "started_at": clock.now().isoformat(),
        "items": answers,
    }
    return {**facts, **changes}


def inspection(place: Place, chosen: list[Item], second: User, **changes: Any) -> dict[str, Any]:
    facts = {"kind": "inspection", "second": second.username, **LAWFUL}
    return payload(place, chosen, **{**facts, **changes})


def submitted(by: User, given: dict[str, Any]) -> Visit:
    actions.submit_whole(given, by=by)
    found: Visit = Visit.objects.get(pk=given["id"])
    return found


def next_id(number: int) -> str:
    return str(UUID(int=UUID(ID).int + number))


def photo(colour: str = "white") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "JPEG")
    return stream.getvalue()


def upload(colour: str = "white") -> io.BytesIO:
    stream = io.BytesIO(photo(colour))
    stream.name = f"{colour}.jpg"
    return stream
