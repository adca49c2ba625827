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
