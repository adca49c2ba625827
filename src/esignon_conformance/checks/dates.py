"""Reads `expire_date`, whose format the page nowhere gives, in every form that platforms print."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from enum import Enum
from functools import lru_cache

from .date_forms import FORMS, MONTH_NAME, MONTHS, WRAPPINGS, compiled

# Where zone or time is unknown, a date may lie up to a day before the clock of whoever reads it.
SLACK = timedelta(days=1)

_LONGEST = 200
_FEWEST_DIGITS = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)
# Abbreviations that name one offset; CST, IST or BST may be several, and are no zone that is known.
_ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT"), timedelta()),
    **dict.fromkeys(("KST", "JST", "Asia/Seoul", "Korean Standard Time"), timedelta(hours=9)),
    **dict.fromkeys(("한국 표준시", "대한민국 표준시"), timedelta(hours=9)),
}
# Years of the Hijri and the Iranian calendar of our days.
_OTHER_CALENDARS = range(1300, 1500)
# Years that a date of digits alone may have, where it could be read otherwise, too.
_PLAUSIBLE = range(1900, 2200)
# What does not show, but for direction.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")


class Unread(Enum):
    """Why a text is no date: it holds none, or an impossible one, or its form is not known."""

    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Expiry:
    """A date as read: the moment, whether its zone and time were known, and the name of its form."""

    moment: datetime
    exact: bool
    form: str

    def is_past(self, now: datetime) -> bool:
        """Tell whether the moment lies in the past, with a day of slack where it is not exact."""
        return now - self.moment > (timedelta() if self.exact else SLACK)


def read_expiry(text: str) -> Expiry | Unread:
    """Return the date that a text holds, or why none is read.

    The forms are those of `date_forms`.  Nothing raises, whatever the text.
    """
    return _without_form(text) if len(text) > _LONGEST else _read_short(text)


# Several clauses and what is observed look at the same date.
@lru_cache(maxsize=512)
def _read_short(text: str) -> Expiry | Unread:
    plain = _plain(text)
    for form, pattern in FORMS:
        match = compiled(pattern).fullmatch(plain)
        if match is not None:
            return _read(form, match.groupdict(), plain)
    return _without_form(plain)


def _plain(text: str) -> str:
    """Return a text with every blank alike, digits as ASCII has them, and nothing around it."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    plain = " ".join(plain.split())
    for wrapping in WRAPPINGS:
        match = wrapping.fullmatch(plain)
        if match is not None:
            return match[1].strip()
    return plain


def _without_form(text: str) -> Unread:
    # SUC-4: a text holds none, and fails, where it has fewer than five digits and no month name;
    # every other text that is not read is observed.
    digits = sum(one.isdigit() for one in text)
    if digits < _FEWEST_DIGITS and MONTH_NAME.search(text) is None:
        return Unread.NONE
    return Unread.UNKNOWN


def _read(form: str, parts: Mapping[str, str | None], text: str) -> Expiry | Unread:
    if parts.get("epoch") or parts.get("milliseconds"):
        return _of_epoch(form, parts)
    days = _days(parts)
    if isinstance(days, Unread):
        return days
    if form == "joined" and _may_be_otherwise(text, is_read=bool(days)):
        return Unread.UNKNOWN
    # SUC-4: a text fails that is read and has impossible fields (2026-13-45).
    return _moment(form, parts, days[0]) if days else Unread.NONE


def _of_epoch(form: str, parts: Mapping[str, str | None]) -> Expiry | Unread:
    digits = parts.get("epoch") or ""
    if len(digits) == 10 and int(digits[:4]) in _PLAUSIBLE and _valid(digits, "%Y%m%d%H"):
        # A date with an hour looks the same.
        return Unread.UNKNOWN
    count = int(digits or parts.get("milliseconds") or 0)
    try:
        moment = _EPOCH + timedelta(**{"seconds" if len(digits) == 10 else "milliseconds": count})
    except OverflowError:
        moment = _LAST if count > 0 else _FIRST
    return Expiry(moment, True, form)


def _days(parts: Mapping[str, str | None]) -> tuple[date, ...] | Unread:
    """Return the one day that the fields of a date name, or none where they are impossible."""
    year = int(parts["year"] or 0)
    if year in _OTHER_CALENDARS:
        return Unread.UNKNOWN
    if year > date.max.year:
        # A leap year; what matters of it is only that it is far ahead.
        return tuple(date.max for day in _of_year(2000, parts)[:1])
    found = _of_year(year, parts)
    # `MM/DD/YYYY` and `DD.MM.YYYY` are read where the day settles the order.
    return found if len(found) < 2 else Unread.UNKNOWN


def _of_year(year: int, parts: Mapping[str, str | None]) -> tuple[date, ...]:
    def field(name: str) -> int:
        return int(parts.get(name) or 0)

    if parts.get("one"):
        first, second = field("one"), field("two")
        orders = ((first, second), (second, first))
        return tuple(sorted({day for pair in orders for day in _day(year, *pair)}))
    if parts.get("name"):
        name = (parts["name"] or "")[:3].lower()
        return _day(year, MONTHS.index(name) + 1, field("day"))
    try:
        if parts.get("week"):
            return (date.fromisocalendar(year, field("week"), field("weekday")),)
        if parts.get("ordinal"):
            day = date(year, 1, 1) + timedelta(days=field("ordinal") - 1)
            return (day,) if day.year == year else ()
    except (ValueError, OverflowError):
        return ()
    return _day(year, field("month"), field("day"))


def _day(year: int, month: int, day: int) -> tuple[date, ...]:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def _may_be_otherwise(text: str, *, is_read: bool) -> bool:
    """Tell whether digits without separators may be something else than year, month and day."""
    digits = re.sub(r"\D.*", "", text)
    year = int(digits[:4])
    if is_read and year in _PLAUSIBLE:
        return False
    if not is_read and year and year not in _PLAUSIBLE:
        # A lifetime in milliseconds, say.
        return True
    usual = any(
        _valid(digits[:8], form) and int(digits[4:8]) in _PLAUSIBLE for form in ("%d%m%Y", "%m%d%Y")
    )
    # The UTCTime of certificates, and what older systems in Korea print.
    return usual or (len(digits) == 12 and _valid(digits, "%y%m%d%H%M%S"))


def _valid(digits: str, form: str) -> bool:
    try:
        datetime.strptime(digits, form)  # noqa: DTZ007 - whether it can be read is all that is asked
    except ValueError:
        return False
    return True


def _moment(form: str, parts: Mapping[str, str | None], day: date) -> Expiry | Unread:
    kinds = ("", "_named", "_mixed", "_alone")
    told = {
        unit: next((one for kind in kinds if (one := parts.get(f"{unit}{kind}"))), None)
        for unit in ("hour", "minute", "second")
    }
    hour, minute, second = (int(told[unit] or 0) for unit in ("hour", "minute", "second"))
    half = (parts.get("before") or parts.get("after") or "").lower().replace(".", "")
    if half in ("오후", "pm") and hour < 12:
        hour += 12
    if half in ("오전", "am") and hour == 12:
        hour = 0
    # ISO 8601 lets a day end at 24:00, and a leap second is a second.
    at_end = (hour, minute, second) == (24, 0, 0)
    if not (hour < 24 or at_end) or minute > 59 or second > 60:
        return Unread.NONE
    zone = _zone(parts)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC if zone is None else timezone(zone))
    try:
        moment += timedelta(hours=hour, minutes=minute, seconds=min(59, second))
    except OverflowError:
        moment = _LAST
    return Expiry(moment, zone is not None and told["hour"] is not None, form)


def _zone(parts: Mapping[str, str | None]) -> timedelta | None:
    """Return the offset of a zone, None where it is not known."""
    name, offset = parts.get("zone") or "", parts.get("offset") or parts.get("hours")
    if offset and (name.upper() in ("", "GMT", "UTC") or parts.get("offset")):
        sign, digits = offset[0], offset[1:].replace(":", "")
        digits = digits.rjust(2, "0").ljust(6, "0")
        hours, minutes, seconds = (int(digits[at : at + 2]) for at in (0, 2, 4))
        found = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if found >= timedelta(days=1):
            return None
        return -found if sign == "-" else found
    return _ZONES.get(name.upper() or parts.get("region") or parts.get("long") or "")


def clock_of(date_header: str | None, answered_at: float) -> datetime:
    """Return the answer's `Date`, else the time at which it came."""
    moment = http_date(date_header) if date_header and len(date_header) <= _LONGEST else None
    # An unreadable Date is no clock; ours is.
    return moment or datetime.fromtimestamp(answered_at, UTC)


# The answers of a second have the same.
@lru_cache(maxsize=256)
def http_date(text: str) -> datetime | None:
    """Return the moment that a header field names, None where it names none."""
    try:
        moment = parsedate_to_datetime(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, ArithmeticError):
        return None
