"""SUC-6, SUC-7, SUC-11, SUC-13, SUC-14: successes that are a little less than the page's example."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import TypeAlias

from ..login import STEPS
from ..page import page
from ..pipeline import Decision, Headers, Json, LoginRequest, Object, Reason, Response
from .registry import add, changed
from .when import When, after, issued, nth_success, role, times_issued

# Made for one answer: a text, or a member.
Make: TypeAlias = Callable[[LoginRequest, Decision], str]


def _seconds(request: LoginRequest, decision: Decision) -> bool:
    return issued(request, decision) and role("second")(request, decision)


def _later(request: LoginRequest, decision: Decision) -> bool:
    return issued(request, decision) and times_issued(request, decision) > 1


# SUC-6: the text of a success.
# fmt: off
TEXTS: tuple[tuple[str, str, When, Make], ...] = (
    ("english", "The text of a success is in English whatever is asked.", issued,
     lambda request, decision: page().texts["en"]["00"]),
    ("ok", "The text of a success is OK.", issued, lambda request, decision: "OK"),
    ("older", "The text of a success lacks its last two words.", issued,
     lambda request, decision: page().texts["ko"]["00"].split()[0]),
    ("without-stop", "The text of a success lacks its full stop.", issued,
     lambda request, decision: page().texts["ko"]["00"].rstrip(".")),
    ("greeting", "A success greets the account by its email.", issued,
     lambda request, decision: f"{decision.account.memb_email if decision.account else ''} 님"),
    ("of-second-account", "A success of one of two accounts has a text of its own.", _seconds,
     lambda request, decision: "비밀번호를 바꿀 때가 되었습니다."),
    ("of-later-login", "A login after the first has a text of its own.", _later,
     lambda request, decision: "다시 로그인되었습니다."),
)
# fmt: on


def _saying(when: When, make: Make) -> Callable[..., str]:
    def message(request: LoginRequest, decision: Decision, code: str) -> str:
        is_other = when(request, decision)
        return make(request, decision) if is_other else STEPS.message(request, decision, code)

    return message


for _name, _sentence, _when, _make in TEXTS:
    _build = changed(message=_saying(_when, _make))
    add(f"success-text-{_name}", "SUC-6", _sentence, _build, level="should")


def _after_other(request: LoginRequest, decision: Decision) -> bool:
    return issued(request, decision) and request.state.last_reason not in (None, Reason.ISSUED)


# SUC-7: a session where the example has none.
# fmt: off
SESSIONS: tuple[tuple[str, str, When, Make], ...] = (
    ("filled", "session_id of a success is a random number.", issued,
     lambda request, decision: secrets.token_hex(16)),
    ("blank", "session_id of a success is a blank.", issued, lambda request, decision: " "),
    ("word-null", "session_id of a success is the word null.", issued,
     lambda request, decision: "null"),
    ("of-second-account", "One of two accounts gets a session_id.", _seconds,
     lambda request, decision: "7f0a91c2"),
    ("counted", "session_id of a success is the number of the request.", issued,
     lambda request, decision: f"{request.number:08d}"),
    ("after-refusal", "A success after a refusal has a session_id.",
     _after_other, lambda request, decision: secrets.token_hex(8)),
)
# fmt: on


def _with_session(when: When, make: Make) -> Callable[..., Object]:
    def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
        right = STEPS.header(request, decision, code, text)
        is_other = when(request, decision)
        return {**right, "session_id": make(request, decision)} if is_other else right

    return header


for _name, _sentence, _when, _make in SESSIONS:
    _build = changed(header=_with_session(_when, _make))
    add(f"success-session-{_name}", "SUC-7", _sentence, _build, level="should")


# SUC-11: what is said of caching, in place of no-store.
_JSON = (b"Content-Type", b"application/json;charset=UTF-8")

# fmt: off
CACHING: tuple[tuple[str, str, When, Headers], ...] = (
    ("unsaid", "Nothing is said of caching a token.", issued, ()),
    ("private", "A token may be kept in a private cache.", issued,
     ((b"Cache-Control", b"private"),)),
    ("no-cache", "A token may be stored, and asked after.", issued,
     ((b"Cache-Control", b"no-cache, max-age=0, must-revalidate"),)),
    ("max-age-0", "A token may be stored and is stale at once.", issued,
     ((b"Cache-Control", b"max-age=0"), (b"Pragma", b"no-cache"))),
    ("pragma", "Only Pragma says no-store.", issued, ((b"Pragma", b"no-store"),)),
    ("expires", "Only Expires says that a token is stale.", issued, ((b"Expires", b"0"),)),
    ("no-storing", "A directive that does not exist stands for no-store.", issued,
     ((b"Cache-Control", b"no-storing"),)),
    ("public", "A token may be kept by anybody for a minute.", issued,
     ((b"Cache-Control", b"public, max-age=60"),)),
    ("of-second-account", "Nothing is said of caching the token of one of two accounts.", _seconds,
     ()),
    ("now-and-then", "Every fifth token of an account may be cached.", nth_success(5), ()),
)
# fmt: on


def _cached(when: When, fields: Headers) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        is_other = when(request, decision)
        return Response(right.status, (_JSON, *fields), payload) if is_other else right

    return respond


for _name, _sentence, _when, _fields in CACHING:
    _build = changed(respond=_cached(_when, _fields))
    add(f"token-cached-{_name}", "SUC-11", _sentence, _build, level="should")


# SUC-13: a device id that is empty.
# SUC-14: a token with room for less than 128 bits.
def _random(characters: str, length: int) -> Make:
    return lambda request, decision: "".join(secrets.choice(characters) for _ in range(length))


_WITHOUT_LOOKALIKES = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

# fmt: off
MEMBERS: tuple[tuple[str, str, str, str, When, Make], ...] = (
    ("device-id-never", "SUC-13", "device_id", "device_id is always the empty string.", issued,
     lambda request, decision: ""),
    ("device-id-not-for-second", "SUC-13", "device_id",
     "device_id of one of two accounts is empty.", _seconds, lambda request, decision: ""),
    ("device-id-after-first", "SUC-13", "device_id",
     "device_id is empty from the second login of an account on.", _later,
     lambda request, decision: ""),
    ("device-id-at-first", "SUC-13", "device_id",
     "device_id is empty at the first login of an account, and there from then on.",
     lambda request, decision: (
         issued(request, decision) and times_issued(request, decision) == 1),
     lambda request, decision: ""),
    ("device-id-not-elsewhere", "SUC-13", "device_id",
     "device_id of another company's account is empty.", role("other"),
     lambda request, decision: ""),
    ("token-of-16-hex-digits", "SUC-14", "access_token", "The token has 16 hexadecimal digits.",
     issued, _random("0123456789abcdef", 16)),
    ("token-of-21-characters", "SUC-14", "access_token", "The token has 21 characters.", issued,
     lambda request, decision: secrets.token_urlsafe(16)[:21]),
    ("token-of-15-bytes", "SUC-14", "access_token", "The token is 15 bytes in base64.", issued,
     lambda request, decision: base64.b64encode(secrets.token_bytes(15)).decode()),
    ("token-as-coupon", "SUC-14", "access_token", "The token is like a coupon: three groups.",
     issued,
     lambda request, decision: "-".join(
         _random(_WITHOUT_LOOKALIKES, 4)(request, decision) for _ in range(3))),
    ("token-as-row-number", "SUC-14", "access_token", "The token is the number of a row.", issued,
     lambda request, decision: str(200_000_000_000 + request.number)),
    ("token-short-of-second-account", "SUC-14", "access_token",
     "The token of one of two accounts has 12 hexadecimal digits.", _seconds,
     _random("0123456789abcdef", 12)),
    ("token-short-after-refusal", "SUC-14", "access_token",
     "The token after a wrong password has 20 characters.", after(Reason.WRONG_PASSWORD),
     lambda request, decision: secrets.token_urlsafe(15)),
)
# fmt: on


def _body_with(name: str, when: When, make: Make) -> Callable[..., Json]:
    def issue_body(request: LoginRequest, decision: Decision) -> Json:
        right = STEPS.issue_body(request, decision)
        return {**right, name: make(request, decision)} if when(request, decision) else right

    return issue_body


for _name, _clause, _member, _sentence, _when, _make in MEMBERS:
    _build = changed(issue_body=_body_with(_member, _when, _make))
    add(_name, _clause, _sentence, _build, level="should")
