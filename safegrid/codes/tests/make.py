"""Codes and pictures for tests: fixed values."""

import io
from typing import Any

from PIL import Image

from safegrid.codes import actions
from safegrid.codes.models import PlaceCode
from safegrid.enterprises.models import Place

UNKNOWN = "A" * 26


def code(place: Place, **changes: Any) -> PlaceCode:
    made = actions.issue(place)
    PlaceCode.objects.filter(pk=made.pk).update(**changes)
    made.refresh_from_db()
    return made


def photo(colour: str = "white") -> io.BytesIO:
    """A small picture with a position in its EXIF, as a phone writes it."""
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (44.0, 36.0, 0.0), 3: "E", 4: (129.0, 36.0, 0.0)}
    exif[0x0132] = "2026:11:20 08:00:00"
    Image.new("RGB", (40, 30), colour).save(stream, "JPEG", exif=exif)
    stream.seek(0)
    stream.name = f"{colour}.jpg"
    return stream
