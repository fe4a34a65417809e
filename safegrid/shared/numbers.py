"""What people type and spreadsheets hold, brought into one form."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from django.utils import timezone

# Zero-width and direction marks that come along when text is pasted.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

_DATE = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T]+[0-9:.]+)?"
)
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_EXCEL_SERIAL = re.compile(r"[1-9][0-9]{4}")  # 1927 to 2173; a bare year is no serial
_EXCEL_DAY_ZERO = date(1899, 12, 30)

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=-?1[0-9]{10}$))-?")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})-?([2-9][0-9]{6,7})(?:[-转]+([0-9]{1,6}))?")


def fold(text: str) -> str:
    """The text in NFKC (full-width becomes half-width), without invisible marks, trimmed."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


def parse_date(value: object) -> date:
    """The day meant by a date, a moment, an Excel serial number or one of the usual spellings.

    An aware moment counts in the city's time zone; a time after the day is dropped. Excel serials
    follow the 1900 system. Raises ValueError with the sentence to show.
    """
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return _spelled_date(str(value).partition(".")[0])
    return _spelled_date(fold("" if value is None else str(value)))


def parse_phone(text: str) -> str:
    """A mobile number as 11 digits, a landline as 0453-6921234 or 0453-6921234-801.

    +86 is dropped. Raises ValueError with the sentence to show.
    """
    compact = _COUNTRY.sub("", re.sub(r"[\s()]", "", _DASHES.sub("-", fold(text))))
    digits = compact.replace("-", "")
    if _MOBILE.fullmatch(digits):
        return digits
    if landline := _LANDLINE.fullmatch(compact):
        return "-".join(part for part in landline.groups() if part)
    raise ValueError(_phone_fault(compact, digits))


def _spelled_date(text: str) -> date:
    if not text:
        raise ValueError("没有填日期")
    if _EXCEL_SERIAL.fullmatch(text):
        return _EXCEL_DAY_ZERO + timedelta(days=int(text))
    found = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}”不是日期，请写成2026-11-25这样")
    try:
        return date(*map(int, found.groups()))
    except ValueError as error:
        raise ValueError(f"“{text}”这一天不存在，请核对年月日") from error


def _phone_fault(compact: str, digits: str) -> str:
    if not compact:
        return "没有填电话号码"
    if re.fullmatch(r"[2-9][0-9]{6,7}", digits):
        return "固定电话要带区号，请写成0453-6921234这样"
    if re.fullmatch(r"1[3-9][0-9]*", digits):
        return f"手机号应是11位，这里有{len(digits)}位"
    return f"“{compact}”不是电话号码，请填11位手机号或带区号的固定电话"
