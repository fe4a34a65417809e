"""Files by content: a picture is cleaned and kept once under its hash; others serve it."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from safegrid.shared import images
from safegrid.shared.models import StoredFile


def store_picture(data: bytes) -> StoredFile:
    """Clean a picture and keep it with its thumbnail.

    Raises `images.ImageRefused` with the sentence to show.
    """
    clean = images.clean_image(data)
    known = StoredFile.objects.filter(sha256=clean.sha256).first()
    if known:
        return known
    file = StoredFile(
        sha256=clean.sha256,
        original_sha256=clean.original_sha256,
        mime=clean.mime,
        size=len(clean.data),
        width=clean.width,
        height=clean.height,
        camera=_camera(clean),
    )
    _keep(file.path, clean.data)
    _keep(file.thumb_path, images.thumbnail(clean.data))
    StoredFile.objects.bulk_create([file], ignore_conflicts=True)
    return file


def read(file: StoredFile, *, thumb: bool = False) -> bytes:
    with default_storage.open(file.thumb_path if thumb else file.path) as stream:
        return bytes(stream.read())


def _keep(path: str, data: bytes) -> None:
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(data))


def _camera(clean: Any) -> dict[str, Any]:
    taken = clean.taken_at.isoformat() if clean.taken_at else None
    facts = {"taken_at": taken, "lon": clean.lon, "lat": clean.lat}
    return {name: value for name, value in facts.items() if value is not None}
