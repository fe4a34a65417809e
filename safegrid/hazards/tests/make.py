"""Cases in any state, made by the real actions where that is short; fixed values."""

import io
from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from safegrid.enterprises.models import Place
from safegrid.hazards import actions
from safegrid.hazards.models import Clue, Hazard, Origin
from safegrid.people.models import User
from safegrid.shared import clock, files
from safegrid.shared.models import StoredFile

DEMAND = "清走货架，划黄线标明禁止堆放"


Made = TypeVar("Made", Hazard, Clue)


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def hazard(place: Place, by: User, **changes: Any) -> Hazard:
    """Found in an inspection; what is changed afterwards stands as if it had happened."""
    facts = {"title": "安全出口门前堆放货架", "origin": Origin.INSPECTION}
    born = ("title", "origin", "item", "severity", "note", "photos")
    facts |= {name: changes.pop(name) for name in born if name in changes}
    return set_to(actions.record(by=by, place=place, **facts), **changes)


def ordered(place: Place, by: User, **changes: Any) -> Hazard:
    found = hazard(place, by)
    made: Hazard = actions.order_repair(found, by=by, due_on=in_days(5), demand=DEMAND)
    return set_to(made, **changes)


def repaired(place: Place, by: User, keeper: User, **changes: Any) -> Hazard:
    made: Hazard = actions.submit_repair(ordered(place, by), by=keeper, note="货架已移到库房")
    return set_to(made, **changes)


def clue(place: Place, by: User | None, **changes: Any) -> Clue:
    facts = {"title": "楼梯间停放电动自行车", "origin": Origin.PATROL}
    born = ("title", "origin", "item", "severity", "photos", "note")
    facts |= {name: changes.pop(name) for name in born if name in changes}
    return set_to(actions.collect_clue(by=by, place=place, **facts), **changes)


def assigned(place: Place, worker: User, head: User, officer: User, body: Any) -> Clue:
    accepted = actions.accept_clue(clue(place, worker), by=head)
    made: Clue = actions.assign_clue(accepted, by=officer, department=body)
    return made


def set_to(case: Made, **changes: Any) -> Made:
    if changes:
        model: Any = type(case)
        model.objects.filter(pk=case.pk).update(**changes)
        case.refresh_from_db()
    return case


def jpeg(colour: str = "white") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return data.getvalue()


def picture(colour: str = "white") -> StoredFile:
    return files.store_picture(jpeg(colour))


def upload(name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), "image/jpeg")


def html(answer: Any) -> str:
    return str(answer.content, "utf-8")
