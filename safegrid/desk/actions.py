"""The one write that spans packages: showing a full phone number, kept in the journal."""

from dataclasses import dataclass

from django.db import transaction

from safegrid.enterprises.models import Place
from safegrid.people.models import User
from safegrid.shared import journal
from safegrid.shared.refusals import NotAllowed


@dataclass(frozen=True)
class Phones:
    """The numbers of a place in full, each with its name."""

    principal: str
    phone: str
    safety_manager: str
    safety_phone: str


@transaction.atomic
def reveal_phone(place: Place, *, by: User, reason: str) -> Phones:
    """Give the full numbers and journal who asked for them and why; raises `NotAllowed`."""
    if not by.covers("enterprises.reveal_phone", place):
        raise NotAllowed("看完整电话：不在您的职责范围内")
    journal.record(
        "enterprises.reveal_phone",
        "看完整电话",
        place,
        by=by,
        post=by.post_name("enterprises.reveal_phone", place),
        area_code=place.area_code,
        note=reason,
    )
    return Phones(place.principal, place.phone, place.safety_manager, place.safety_phone)
