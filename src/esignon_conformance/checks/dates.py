"""Reads `expire_date`, whose format the page nowhere gives, in every usual form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

# Where zone or time is unknown, a date may lie up to a day before the clock of whoever reads it.
SLACK = timedelta(days=1)

_TIME = r"""
    (?P<before>오전|오후|[AaPp]\.?[Mm]\.?)? \s*
    (?P<hour>\d{1,2}) (?: : | 시\s* ) (?P<minute>\d{1,2}) 분?
    (?: (?: : | \s* ) (?P<second>\d{1,2}) (?:[.,](?P<fraction>\d+))? 초? )?
    \s* (?P<after>오전|오후|[AaPp]\.?[Mm]\.?)?
"""
_ZONE = r"\s*(?P<zone>Z|z|UTC|GMT|KST|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?:\[[\w/+-]+\])?"
_SEPARATED = re.compile(
    rf"""(?P<year>\d{{4}}) \s* (?: [-./] | 년 ) \s* (?P<month>\d{{1,2}}) \s* (?: [-./] | 월 ) \s*
    (?P<day>\d{{1,2}}) \s* [일.]? (?: (?: \s+ | [Tt] ) {_TIME} )? {_ZONE}""",
    re.VERBOSE,
)
_JOINED = re.compile(
    rf"""(?P<year>\d{{4}}) (?P<month>\d{{2}}) (?P<day>\d{{2}})
    (?: (?: \s+ | [Tt] )? (?P<hour>\d{{2}}) :? (?P<minute>\d{{2}}) (?: :? (?P<second>\d{{2}})
    (?:[.,]?(?P<fraction>\d+))? )? )? {_ZONE}""",
    re.VERBOSE,
)
_EPOCH = re.compile(r"\d{10}|\d{13}")
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (("separated", _SEPARATED), ("joined", _JOINED))
_SEOUL = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class Expiry:
    """A date as read: the moment, whether its zone and time were known, and the name of its form."""

    moment: datetime
    exact: bool
    form: str

    def is_past(self, now: datetime) -> bool:
        """Tell whether the moment lies in the past, with a day of slack where it is not exact."""
        return self.moment < now - (timedelta() if self.exact else SLACK)


def read_expiry(text: str) -> Expiry | None:
    """Return the date that a text holds, or None when it holds none.

    Read: year, month and day with ``-``, ``.``, ``/``, 년월일 or nothing between, optionally a time
    and an offset; RFC 1123; epoch seconds or milliseconds as 10 or 13 digits.
    """
    text = text.strip()
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return Expiry(datetime.fromtimestamp(seconds, UTC), True, "epoch")
    for form, pattern in _FORMS:
        match = pattern.fullmatch(text)
        if match is not None:
            found = _moment(match.groupdict(), form)
            if found is not None:
                return found
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    exact = moment.tzinfo is not None
    return Expiry(moment if exact else moment.replace(tzinfo=UTC), exact, "rfc-1123")


def _moment(parts: dict[str, str | None], form: str) -> Expiry | None:
    hour = int(parts["hour"] or 0)
    half = (parts.get("before") or parts.get("after") or "").lower().replace(".", "")
    if half in ("오후", "pm") and hour < 12:
        hour += 12
    if half in ("오전", "am") and hour == 12:
        hour = 0
    # ISO 8601 lets a day end at 24:00, and a leap second is a second.
    extra = timedelta(days=1) if hour == 24 else timedelta()
    zone = _zone(parts["zone"])
    try:
        moment = datetime(
            int(parts["year"] or 0),
            int(parts["month"] or 0),
            int(parts["day"] or 0),
            hour % 24 if hour == 24 else hour,
            int(parts["minute"] or 0),
            min(59, int(parts["second"] or 0)),
            tzinfo=zone or UTC,
        )
        moment += extra
    except (ValueError, OverflowError):
        return None
    return Expiry(moment, zone is not None and parts["hour"] is not None, form)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    if text.upper() == "KST":
        return _SEOUL
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(days=1):
        return None
    return timezone(-offset if text[0] == "-" else offset)


def clock_of(date_header: str | None, answered_at: float) -> datetime:
    """Return the answer's `Date`, else the time at which it came."""
    if date_header:
        try:
            moment = parsedate_to_datetime(date_header)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError):
            pass  # An unreadable Date is no clock; ours is.
    return datetime.fromtimestamp(answered_at, UTC)
