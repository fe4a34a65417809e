import hashlib
import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from safegrid.shared.images import ImageRefused, clean_image, thumbnail

RED, BLUE = (220, 20, 20), (20, 20, 220)
NOTE = b"<?php system($_GET['c']); ?><script>alert(1)</script>"
GPS = {1: "N", 2: (44.0, 36.0, 0.0), 3: "E", 4: (129.0, 36.0, 0.0)}
TAKEN = {0x9003: "2026:11:25 10:20:30"}
FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]


def photo(width: int = 64, height: int = 32) -> Image.Image:
    """A blue picture with a red left quarter."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 4, height))
    return picture


def saved(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def exif(
    orientation: int = 1,
    gps: Mapping[int, object] = GPS,
    taken: Mapping[int, object] = TAKEN,
) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "CameraMaker"
    tags.get_ifd(0x8825).update(gps)
    tags.get_ifd(0x8769).update(taken)
    return tags


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def is_close(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


def png_of_size(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", FORMATS)
def test_every_accepted_format_becomes_a_jpeg_without_metadata(form: str) -> None:
    data = saved(photo(), form, exif=exif())
    clean = clean_image(data)
    assert (clean.mime, clean.width, clean.height) == ("image/jpeg", 64, 32)
    assert opened(clean.data).format == "JPEG"
    assert len(opened(clean.data).getexif()) == 0
    assert b"CameraMaker" in data
    assert b"CameraMaker" not in clean.data
    assert clean.sha256 == hashlib.sha256(clean.data).hexdigest()
    assert clean.original_sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("form", FORMATS)
def test_time_and_place_are_read_before_they_are_removed(form: str) -> None:
    clean = clean_image(saved(photo(), form, exif=exif()))
    assert clean.taken_at == datetime(2026, 11, 25, 2, 20, 30, tzinfo=UTC)
    assert (clean.lon, clean.lat) == (129.6, 44.6)


def test_the_offset_written_by_the_camera_wins() -> None:
    tags = exif(taken={**TAKEN, 0x9011: "+09:00"})
    clean = clean_image(saved(photo(), exif=tags))
    assert clean.taken_at == datetime(2026, 11, 25, 1, 20, 30, tzinfo=UTC)


def test_south_and_west_are_negative() -> None:
    clean = clean_image(saved(photo(), exif=exif(gps={**GPS, 1: "S", 3: "W"})))
    assert (clean.lon, clean.lat) == (-129.6, -44.6)


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {1: "N", 2: (44.0, 36.0, 0.0)},
        {**GPS, 2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
        {**GPS, 2: (144.0, 0.0, 0.0)},
        {**GPS, 2: (44.0, 36.0)},
    ],
)
def test_an_unusable_position_is_none(gps: dict[int, object]) -> None:
    clean = clean_image(saved(photo(), exif=exif(gps=gps)))
    assert (clean.lon, clean.lat) == (None, None)


@pytest.mark.parametrize("text", ["", "0000:00:00 00:00:00", "yesterday"])
def test_an_unusable_time_is_none(text: str) -> None:
    assert clean_image(saved(photo(), exif=exif(taken={0x9003: text}))).taken_at is None


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_picture_with_broken_exif_is_still_a_picture() -> None:
    clean = clean_image(saved(photo(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"))
    assert (clean.taken_at, clean.lon, clean.width) == (None, None, 64)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_stands_upright(form: str, orientation: int) -> None:
    as_stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    picture = photo() if as_stored is None else photo().transpose(as_stored)
    clean = clean_image(saved(picture, form, exif=exif(orientation).tobytes()))
    shown = opened(clean.data)
    assert shown.size == (64, 32)
    assert is_close(shown.getpixel((4, 16)), RED)
    assert is_close(shown.getpixel((60, 16)), BLUE)


def test_a_large_picture_shrinks_to_2560_pixels() -> None:
    clean = clean_image(saved(photo(6000, 3000)))
    assert (clean.width, clean.height) == (2560, 1280)
    assert opened(clean.data).size == (2560, 1280)


def test_a_thumbnail_fits_its_side() -> None:
    assert opened(thumbnail(saved(photo(640, 320)))).size == (480, 240)
    assert opened(thumbnail(saved(photo(640, 320)), side=100)).size == (100, 50)


def test_transparent_places_become_white() -> None:
    clean = clean_image(saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"))
    assert is_close(opened(clean.data).getpixel((4, 4)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_understood(mode: str) -> None:
    assert clean_image(saved(Image.new(mode, (8, 8)), "PNG")).mime == "image/jpeg"


def test_cmyk_becomes_rgb() -> None:
    clean = clean_image(saved(Image.new("CMYK", (8, 8)), "JPEG"))
    assert opened(clean.data).mode == "RGB"


def test_deep_grey_keeps_its_shades() -> None:
    clean = clean_image(saved(Image.new("I;16", (8, 8), 0x8000), "PNG"))
    assert is_close(opened(clean.data).getpixel((4, 4)), (128, 128, 128))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_code_behind_a_picture_does_not_survive(form: str) -> None:
    clean = clean_image(saved(photo(), form) + NOTE)
    assert NOTE not in clean.data
    assert b"<?php" not in clean.data


def test_code_in_a_comment_or_profile_does_not_survive() -> None:
    clean = clean_image(saved(photo(), comment=NOTE, icc_profile=NOTE, xmp=NOTE))
    assert b"<?php" not in clean.data
    assert b"<script>" not in clean.data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)",
        b"%PDF-1.7\n%" + NOTE,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>" + NOTE,
        saved(photo(), "GIF"),
        saved(photo(), "BMP"),
        saved(photo(), "TIFF"),
        b"RIFF\0\0\0\0WAVE",
        b"\0\0\0\x18ftypmp42" + b"\0" * 40,
    ],
)
def test_other_files_are_no_photos(data: bytes) -> None:
    with pytest.raises(ImageRefused, match="这不是照片文件"):
        clean_image(data)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_picture_is_refused(form: str, share: float) -> None:
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    data = saved(noise, form)
    with pytest.raises(ImageRefused, match="照片损坏，打不开"):
        clean_image(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "magic",
    [
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x90\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    ],
)
def test_a_picture_in_name_only_is_refused(magic: bytes) -> None:
    with pytest.raises(ImageRefused, match="照片损坏，打不开"):
        clean_image(magic + NOTE * 20)


def test_a_file_of_50_megabytes_is_refused_unread() -> None:
    with pytest.raises(ImageRefused, match="照片超过20MB，压缩后再传"):
        clean_image(saved(photo()) + bytes(50 * 1024 * 1024))


def test_a_small_file_with_too_many_pixels_is_refused() -> None:
    bomb = saved(Image.new("1", (8000, 7000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(ImageRefused, match="照片超过5000万像素"):
        clean_image(bomb)


@pytest.mark.parametrize("side", [10_000, 60_000])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_decompression_bomb_is_refused_before_it_unfolds(side: int) -> None:
    with pytest.raises(ImageRefused, match="像素"):
        clean_image(png_of_size(side, side))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(form: str) -> None:
    frames = [Image.new("RGB", (8, 8), RED)]
    data = saved(Image.new("RGB", (8, 8), BLUE), form, save_all=True, append_images=frames)
    with pytest.raises(ImageRefused, match="这是动图"):
        clean_image(data)


@pytest.mark.parametrize("form", ["MPO", "HEIF"])
def test_of_the_two_pictures_some_phones_store_the_first_is_kept(form: str) -> None:
    data = saved(photo(), form, save_all=True, append_images=[photo(16, 8)])
    assert clean_image(data).width == 64


def test_limits_are_the_callers_choice() -> None:
    with pytest.raises(ImageRefused, match=r"超过0\.5MB"):
        clean_image(bytes(600_000), limit_bytes=512 * 1024)
    with pytest.raises(ImageRefused, match=r"超过0\.1万像素"):
        clean_image(saved(photo()), limit_pixels=1000)
