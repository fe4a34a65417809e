"""Identifiers: sortable ones for records, unguessable ones for printed codes."""

import re
import secrets
import uuid
from base64 import b32encode
from datetime import UTC, datetime, timedelta

from safegrid.shared import clock

TOKEN_BITS = 128

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"[A-Z2-7]{26}")


def uuid7(at: datetime | None = None) -> uuid.UUID:
    """A UUID that sorts by its moment, to the microsecond (RFC 9562, 5.7 and 6.2 method 3).

    `at` is aware, the clock's now when left out. Raises ValueError before 1970 and after 10889.
    """
    microseconds = ((at or clock.now()) - _EPOCH) // timedelta(microseconds=1)
    milliseconds, rest = divmod(microseconds, 1000)
    if not 0 <= milliseconds < 1 << 48:
        raise ValueError("编号里放不下这个时间")
    fraction = rest * 4096 // 1000
    high = milliseconds << 16 | 0x7 << 12 | fraction
    low = 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=high << 64 | low)


def token() -> str:
    """128 random bits as 26 characters A-Z and 2-7 (RFC 4648 base32 without padding)."""
    return b32encode(secrets.token_bytes(TOKEN_BITS // 8)).decode().rstrip("=")


def is_token(text: str) -> bool:
    """Whether the text has the form of a token, upper case; it need not have been issued."""
    return _TOKEN.fullmatch(text) is not None
