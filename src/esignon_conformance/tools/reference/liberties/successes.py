"""Freedoms of a success: its members in forms that are as good as any."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ..answering import KST
from ..faults.registry import changed
from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Object
from .registry import add


def _body_with(name: str, make: Callable[[LoginRequest, Object], Any]) -> Callable[..., Json]:
    def issue_body(request: LoginRequest, decision: Decision) -> Json:
        right = STEPS.issue_body(request, decision)
        return {**right, name: make(request, right)}

    return issue_body


def _in(form: str, **ahead: float) -> Callable[[LoginRequest, Object], str]:
    return lambda request, right: (datetime.now(KST) + timedelta(**ahead)).strftime(form)


def _plain(form: str) -> Callable[[LoginRequest, Object], str]:
    """Write a moment in 30 days by a form of `str.format`, as a platform does that pads nothing.

    There is `d`, the moment, and what the forms of a datetime lack: its hour of twelve, the half of
    the day in Korean, and its weekday.
    """

    def write(request: LoginRequest, right: Object) -> str:
        moment = datetime.now(KST) + timedelta(days=30)
        return form.format(
            d=moment,
            hour=moment.hour % 12 or 12,
            half="오전" if moment.hour < 12 else "오후",
            weekday="월화수목금토일"[moment.weekday()],
        )

    return write


def _later(day_form: str) -> Callable[[LoginRequest, Object], str]:
    """Write a day in 30 days or soon after, one after the 12th, so that its order is plain."""

    def write(request: LoginRequest, right: Object) -> str:
        moment = datetime.now(KST) + timedelta(days=30)
        while moment.day < 13:
            moment += timedelta(days=1)
        return moment.strftime(day_form)

    return write


# fmt: off
EXPIRIES: tuple[tuple[str, str, Callable[[LoginRequest, Object], str]], ...] = (
    ("day", "expire_date is today.", _in("%Y-%m-%d")),
    ("slashes", "expire_date has slashes and a time.", _in("%Y/%m/%d %H:%M", days=30)),
    ("dots", "expire_date has dots.", _in("%Y.%m.%d.", days=1)),
    ("hangul", "expire_date is in Korean.", _in("%Y년 %m월 %d일 %H시 %M분 %S초", days=1)),
    ("half-day", "expire_date has 오후 before its time.", _in("%Y-%m-%d 오후 11:59:59", days=1)),
    ("joined", "expire_date has 14 digits.", _in("%Y%m%d%H%M%S", hours=1)),
    ("eight-digits", "expire_date has eight digits.", _in("%Y%m%d", days=365)),
    ("iso", "expire_date is ISO 8601 with an offset.", _in("%Y-%m-%dT%H:%M:%S%z", minutes=30)),
    ("iso-fraction", "expire_date is ISO 8601 with nanoseconds and Z.",
     _in("%Y-%m-%dT%H:%M:%S.123456789Z", days=1)),
    ("zone-name", "expire_date ends in KST.", _in("%Y-%m-%d %H:%M:%S KST", hours=2)),
    ("http-date", "expire_date is as RFC 1123 writes it.",
     lambda request, right: time.strftime("%a, %d %b %Y %H:%M:%S GMT",
     time.gmtime(time.time() + 7200))),
    ("epoch", "expire_date is ten digits of seconds.",
     lambda request, right: str(int(time.time()) + 3600)),
    ("epoch-milliseconds", "expire_date is 13 digits of milliseconds.",
     lambda request, right: str(int(time.time() * 1000) + 3_600_000)),
    ("far-future", "expire_date lies as far ahead as can be.",
     lambda request, right: "9999-12-31 23:59:59"),
    # As platforms print it by default.
    ("korean-weekday", "expire_date has a weekday, as glibc and Java 8 write it in Korean.",
     _plain("{d:%Y}년 {d:%m}월 {d:%d}일 ({weekday}) {half} {hour:02}시 {d:%M}분 {d:%S}초")),
    ("korean-full", "expire_date is as .NET and Java write it in Korean at length.",
     _plain("{d.year}년 {d.month}월 {d.day}일 {weekday}요일 {half} {hour}:{d:%M}:{d:%S}")),
    ("korean-medium", "expire_date is as browsers and Java write it in Korean.",
     _plain("{d.year}. {d.month}. {d.day}. {half} {hour}:{d:%M}:{d:%S}")),
    ("java-date", "expire_date is Java's Date.toString().", _in("%a %b %d %H:%M:%S KST %Y", days=30)),
    ("java-local", "expire_date is Java's LocalDateTime.", _in("%Y-%m-%dT%H:%M:%S.%f", days=30)),
    ("java-zoned", "expire_date is Java's ZonedDateTime.",
     _in("%Y-%m-%dT%H:%M:%S.%f+09:00[Asia/Seoul]", days=30)),
    ("java-text", "expire_date is as Java's DateFormat writes it since Java 20.",
     _plain("{d:%b} {d.day}, {d.year}, {hour}:{d:%M}:{d:%S}\u202f{d:%p}")),
    ("java-timestamp", "expire_date is java.sql.Timestamp.", _in("%Y-%m-%d %H:%M:%S.0", days=30)),
    ("go", "expire_date is as Go prints a time.",
     _in("%Y-%m-%d %H:%M:%S.123456789 +0900 KST", days=30)),
    ("go-monotonic", "expire_date is as Go prints a time of its own clock.",
     _in("%Y-%m-%d %H:%M:%S.123456789 +0900 KST m=+2592000.000296457", days=30)),
    ("dotnet-json", "expire_date is .NET's /Date()/.",
     lambda request, right: f"/Date({int((time.time() + 2592000) * 1000)}+0900)/"),
    ("dotnet", "expire_date is .NET's default in English.", _later("%m/%d/%Y %I:%M:%S %p")),
    ("german", "expire_date is .NET's default in German.", _later("%d.%m.%Y %H:%M:%S")),
    ("javascript", "expire_date is JavaScript's Date.toString().",
     _in("%a %b %d %Y %H:%M:%S GMT+0900 (Korean Standard Time)", days=30)),
    ("python", "expire_date is as Python prints it.", _in("%Y-%m-%d %H:%M:%S.%f+09:00", days=30)),
    ("php-cookie", "expire_date is PHP's DATE_COOKIE.", _in("%A, %d-%b-%Y %H:%M:%S KST", days=30)),
    ("ruby", "expire_date is Ruby's Time#to_s.", _in("%Y-%m-%d %H:%M:%S %z", days=30)),
    ("sql-server", "expire_date is SQL Server's default.", _in("%b %d %Y  %I:%M%p", days=30)),
    ("oracle", "expire_date is Oracle's, with four digits for the year.", _in("%d-%b-%Y", days=30)),
    ("db2", "expire_date is Db2's timestamp.", _in("%Y-%m-%d-%H.%M.%S.%f", days=30)),
    ("mongo", "expire_date is as MongoDB's shell writes it.",
     _in('ISODate("%Y-%m-%dT%H:%M:%S.000Z")', days=30)),
    ("month-name", "expire_date has a month in letters.", _in("%B %d, %Y", days=30)),
    ("ordinal-words", "expire_date is as moment.js writes it.",
     _plain("{d:%A}, {d:%B} {d.day}th {d.year}, {hour}:{d:%M}:{d:%S} pm")),
    ("iso-week", "expire_date is a day of a week.", _in("%G-W%V-%u", days=30)),
    ("iso-ordinal", "expire_date is a day of the year.", _in("%Y-%j", days=30)),
    ("epoch-fraction", "expire_date is seconds with a fraction.",
     lambda request, right: f"{time.time() + 2592000:.9f}"),
    ("absurd-year", "expire_date has a year of six digits.",
     lambda request, right: "+275760-09-13T00:00:00.000Z"),
    # What may be a date and what is none of ours to read: SUC-4 is not judged.
    ("either-order", "expire_date may have the month or the day first.",
     lambda request, right: "01/02/2099"),
    ("oracle-two-digits", "expire_date has two digits for its year, as Oracle has it.",
     _in("%d-%b-%y", days=30)),
    ("german-words", "expire_date is in German words.",
     lambda request, right: "Sonntag, 27. Dezember 2099 um 13:30:05 Koreanische Normalzeit"),
    ("hijri", "expire_date is of another calendar.", lambda request, right: "18/06/1448 10:53:50"),
    ("month", "expire_date is a month.", lambda request, right: "2099-12"),
    ("time-only", "expire_date is a time without a day.", lambda request, right: "23:59:59"),
    ("seconds-to-come", "expire_date is a number of seconds to come.",
     lambda request, right: "2592000"),
    ("microseconds", "expire_date is 16 digits of microseconds.",
     lambda request, right: str(int(time.time() * 1_000_000) + 2_592_000_000_000)),
    ("long-text", "expire_date is a text of 5,000 digits.", lambda request, right: "9" * 5000),
)
# fmt: on

for _name, _sentence, _expiry in EXPIRIES:
    add(f"expiry-as-{_name}", _sentence, changed(issue_body=_body_with("expire_date", _expiry)))


def _jwt(claims: Object) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, secrets.token_urlsafe(32).encode()]).decode()


for _name, _member, _sentence, _make in (
    ("extra-body-members", "role", "body has a member that is not documented.",
     lambda request, right: {"name": "admin", "level": 3}),
    ("device-id-empty", "device_id", "device_id is empty.", lambda request, right: ""),
    ("device-id-new", "device_id", "device_id is new each time.",
     lambda request, right: secrets.token_hex(8)),
    ("token-same-again", "access_token", "A repeated login gets the same token.",
     lambda request, right: f"same-token-of-{right['device_id']}"),
    ("token-short", "access_token", "The token has 12 characters.",
     lambda request, right: secrets.token_hex(6)),
    ("token-jwt", "access_token", "The token is a JWT that tells the email.",
     lambda request, right: _jwt({"sub": right["memb_email"], "jti": right["access_token"]})),
    ("token-long", "access_token", "The token has 4,000 characters.",
     lambda request, right: secrets.token_hex(2000)),
):  # fmt: skip
    add(_name, _sentence, changed(issue_body=_body_with(_member, _make)))
