"""Pictures from strangers' phones, decoded and drawn anew so that only pixels remain."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import ExifTags, Image
from pillow_heif import register_heif_opener

LIMIT_BYTES = 20 * 1024 * 1024
LIMIT_PIXELS = 50_000_000
MAX_SIDE = 2560
QUALITY = 85

_HEIC_STILL = frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1"))
_HEIC_MOVING = frozenset((b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"))

# EXIF orientation (CIPA DC-008, 4.6.5) and what brings the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

register_heif_opener()


class ImageRefused(ValueError):
    """The picture can't be kept; the message is the sentence shown."""


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture without metadata, and what its metadata said.

    `taken_at` is aware; `lon` and `lat` are degrees as the camera wrote them, both or neither.
    """

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str
    original_sha256: str
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    orientation: int = 1
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def clean_image(
    data: bytes, limit_bytes: int = LIMIT_BYTES, limit_pixels: int = LIMIT_PIXELS
) -> CleanImage:
    """Re-encode a JPEG, PNG, WebP or HEIC picture as upright JPEG of at most 2560 pixels a side.

    Raises ImageRefused with the sentence to show.
    """
    if len(data) > limit_bytes:
        raise ImageRefused(f"照片超过{limit_bytes / 2**20:g}MB，压缩后再传")
    picture, facts = _decode(data, limit_pixels)
    clean = _jpeg(picture, MAX_SIDE)
    return CleanImage(
        data=clean,
        mime="image/jpeg",
        width=picture.width,
        height=picture.height,
        sha256=hashlib.sha256(clean).hexdigest(),
        original_sha256=hashlib.sha256(data).hexdigest(),
        taken_at=facts.taken_at,
        lon=facts.lon,
        lat=facts.lat,
    )


def thumbnail(data: bytes, side: int = 480) -> bytes:
    """A JPEG of the picture whose longer side is at most `side` pixels; raises ImageRefused."""
    picture, _ = _decode(data, LIMIT_PIXELS)
    return _jpeg(picture, side)


def _decode(data: bytes, limit_pixels: int) -> tuple[Image.Image, _Facts]:
    kind = _kind(data)
    try:
        with Image.open(BytesIO(data), formats=[kind]) as photo:
            _refuse_unfit(photo, kind, limit_pixels)
            photo.draft("RGB", (MAX_SIDE, MAX_SIDE))
            photo.load()
            facts = _facts(photo)
            return _upright(_flat(photo), facts.orientation), facts
    except ImageRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(limit_pixels) from error
    except Exception as error:  # decoders fail on hostile bytes in every way there is
        raise ImageRefused("照片损坏，打不开") from error


def _kind(data: bytes) -> str:
    brand = data[8:12]
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"RIFF") and brand == b"WEBP":
        return "WEBP"
    return _heif_kind(data[4:8], brand)


def _heif_kind(box: bytes, brand: bytes) -> str:
    if box == b"ftyp" and brand in _HEIC_STILL:
        return "HEIF"
    if box == b"ftyp" and brand in _HEIC_MOVING:
        raise _moving()
    raise ImageRefused("这不是照片文件")


def _refuse_unfit(photo: Image.Image, kind: str, limit_pixels: int) -> None:
    if photo.width * photo.height > limit_pixels:
        raise _too_many_pixels(limit_pixels)
    # Phones store a second, smaller picture behind the first in JPEG and HEIC; that is no motion.
    if kind in ("PNG", "WEBP") and getattr(photo, "is_animated", False):
        raise _moving()


def _too_many_pixels(limit_pixels: int) -> ImageRefused:
    return ImageRefused(f"照片超过{limit_pixels / 10_000:g}万像素，缩小后再传")


def _moving() -> ImageRefused:
    return ImageRefused("这是动图，请传静止的照片")


def _facts(photo: Image.Image) -> _Facts:
    try:
        exif = photo.getexif()
        taken_at = _taken_at(exif.get_ifd(ExifTags.IFD.Exif))
        lon, lat = _position(exif.get_ifd(ExifTags.IFD.GPSInfo))
        return _Facts(exif.get(ExifTags.Base.Orientation, 1), taken_at, lon, lat)
    except Exception:  # a picture with broken EXIF is still a picture
        return _Facts()


def _taken_at(tags: dict[int, Any]) -> datetime | None:
    """The moment of exposure; in the city's time zone unless the camera wrote its own."""
    text = str(tags.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    offset = str(tags.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    for value, form in ((text + offset, "%Y:%m:%d %H:%M:%S%z"), (text, "%Y:%m:%d %H:%M:%S")):
        try:
            moment = datetime.strptime(value, form)
        except ValueError:
            continue
        return moment if moment.tzinfo else timezone.make_aware(moment)
    return None


def _position(tags: dict[int, Any]) -> tuple[float | None, float | None]:
    lon = _degrees(tags, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef)
    lat = _degrees(tags, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef)
    is_real = abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0, 0)
    return (round(lon, 7), round(lat, 7)) if is_real else (None, None)


def _degrees(tags: dict[int, Any], value: int, side: int) -> float:
    """Decimal degrees, negative in the west and south; not a number when the tag is unusable."""
    try:
        degrees, minutes, seconds = map(float, tags[value])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return float("nan")
    size = degrees + minutes / 60 + seconds / 3600
    return -size if str(tags.get(side)).strip("\0 ") in ("W", "S") else size


def _flat(photo: Image.Image) -> Image.Image:
    """The picture in RGB, on white where it was transparent."""
    if photo.mode.startswith("I;16"):
        return photo.point(lambda value: value * (1 / 256)).convert("RGB")
    if not photo.has_transparency_data:
        return photo.convert("RGB")
    layer = photo.convert("RGBA")
    ground = Image.new("RGB", layer.size, "white")
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _jpeg(picture: Image.Image, side: int) -> bytes:
    """Shrink the picture in place to the side and encode it without its comments and profile."""
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    picture.info.clear()
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
