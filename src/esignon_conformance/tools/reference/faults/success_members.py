"""SUC-1 to SUC-5, SUC-12: a success whose body is not as documented."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from ..answering import KST
from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Object
from ..request_reader import member
from .header_members import ABSENT, absent
from .registry import add, changed, fault
from .when import times_issued

_MEMBERS = {
    "SUC-1": "access_token",
    "SUC-2": "comp_id",
    "SUC-3": "device_id",
    "SUC-4": "expire_date",
    "SUC-5": "memb_email",
}
Value: TypeAlias = Callable[[Any], Any]


def _is(value: Any) -> Value:
    return lambda right: value


def _from_now(form: str, **ago: float) -> Value:
    return lambda right: (datetime.now(KST) - timedelta(**ago)).strftime(form)


def _epoch(ago: float, times: int = 1) -> Value:
    return lambda right: str(int(time.time() - ago) * times)


# fmt: off
VALUES: tuple[tuple[str, str, str, Value], ...] = (
    ("token-absent", "SUC-1", "There is no access_token.", absent),
    ("token-null", "SUC-1", "access_token is null.", _is(None)),
    ("token-empty", "SUC-1", "access_token is empty.", _is("")),
    ("token-number", "SUC-1", "access_token is a number.", lambda right: abs(hash(right))),
    ("token-true", "SUC-1", "access_token is true.", _is(True)),
    ("token-object", "SUC-1", "access_token is an object.", lambda right: {"value": right}),
    ("token-array", "SUC-1", "access_token stands in an array.", lambda right: [right]),

    ("comp-id-absent", "SUC-2", "There is no comp_id.", absent),
    ("comp-id-null", "SUC-2", "comp_id is null.", _is(None)),
    ("comp-id-empty", "SUC-2", "comp_id is empty.", _is("")),
    ("comp-id-constant", "SUC-2", "comp_id is always that of one company.", _is("dalbit2041")),
    ("comp-id-name", "SUC-2", "comp_id is the company's name.", _is("(주)달빛")),
    ("comp-id-number", "SUC-2", "comp_id is a number of the database.", _is(41)),
    ("comp-id-blank-after", "SUC-2", "A blank follows comp_id.", lambda right: right + " "),
    ("comp-id-cut", "SUC-2", "comp_id is cut at eight letters.", lambda right: right[:8]),
    ("comp-id-prefix", "SUC-2", "A prefix stands before comp_id.", lambda right: "C-" + right),
    ("comp-id-in-array", "SUC-2", "comp_id stands in an array.", lambda right: [right]),

    ("device-id-absent", "SUC-3", "There is no device_id.", absent),
    ("device-id-null", "SUC-3", "device_id is null.", _is(None)),
    ("device-id-number", "SUC-3", "device_id is a number.", _is(7)),
    ("device-id-false", "SUC-3", "device_id is false.", _is(False)),
    ("device-id-object", "SUC-3", "device_id is an object.", lambda right: {"id": right}),
    ("device-id-array", "SUC-3", "device_id is an array.", _is([])),

    ("expiry-absent", "SUC-4", "There is no expire_date.", absent),
    ("expiry-null", "SUC-4", "expire_date is null.", _is(None)),
    ("expiry-empty", "SUC-4", "expire_date is empty.", _is("")),
    ("expiry-number", "SUC-4", "expire_date is a number of seconds.",
     lambda right: int(time.time()) + 86400),
    ("expiry-duration", "SUC-4", "expire_date is how long the token lives: 3600.", _is("3600")),
    ("expiry-iso-duration", "SUC-4", "expire_date is a duration.", _is("P1D")),
    ("expiry-word", "SUC-4", "expire_date is a word.", _is("tomorrow")),
    ("expiry-never", "SUC-4", "expire_date says that there is none.", _is("무기한")),
    ("expiry-placeholder", "SUC-4", "expire_date is the page's placeholder.", _is("{만료일}")),
    ("expiry-pattern", "SUC-4", "expire_date is a pattern that nobody filled in.",
     _is("yyyy-MM-dd HH:mm:ss")),
    ("expiry-invalid-date", "SUC-4", "expire_date is what JavaScript makes of no date.",
     _is("Invalid Date")),
    ("expiry-infinity", "SUC-4", "expire_date is PostgreSQL's infinity.", _is("infinity")),
    ("expiry-month-13", "SUC-4", "expire_date has a month 13.", _is("2099-13-01 00:00:00")),
    ("expiry-30-february", "SUC-4", "expire_date is a day that does not exist.", _is("2099-02-30")),
    ("expiry-31-november-java", "SUC-4", "expire_date is a day that does not exist, as Java writes it.",
     _is("Wed Nov 31 13:30:05 KST 2099")),
    ("expiry-no-order", "SUC-4", "expire_date has no month in either order.", _is("45/45/2099")),
    ("expiry-week-54", "SUC-4", "expire_date is a week that no year has.", _is("2099-W54-1")),
    ("expiry-zero-joined", "SUC-4", "expire_date is MySQL's zero as a number.", _is("00000000000000")),
    ("expiry-zero-go", "SUC-4", "expire_date is Go's zero time.",
     _is("0001-01-01 00:00:00 +0000 UTC")),
    ("expiry-zero-net", "SUC-4", "expire_date is .NET's DateTime.MinValue.",
     _is("1/1/0001 12:00:00 AM")),
    ("expiry-zero", "SUC-4", "expire_date is all zeros.", _is("0000-00-00 00:00:00")),
    ("expiry-object", "SUC-4", "expire_date is an object of numbers.",
     _is({"year": 2099, "month": 1, "day": 1})),
    ("expiry-array", "SUC-4", "expire_date is an array of numbers.", _is([2099, 1, 1])),
    ("expiry-of-page", "SUC-4", "expire_date is a constant that is long past.", _is("2021-04-07")),
    ("expiry-last-week", "SUC-4", "expire_date lies a week back.",
     _from_now("%Y-%m-%d %H:%M:%S", days=7)),
    ("expiry-two-days-ago", "SUC-4", "expire_date lies two days back.",
     _from_now("%Y%m%d", days=2)),
    ("expiry-an-hour-ago", "SUC-4", "expire_date lies an hour back, in a zone that it names.",
     _from_now("%Y-%m-%dT%H:%M:%S%z", hours=1)),
    ("expiry-five-minutes-ago-utc", "SUC-4", "expire_date lies five minutes back, in UTC.",
     lambda right: f"{datetime.now(UTC) - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"),
    ("expiry-epoch-past", "SUC-4", "expire_date is a second that lies an hour back.", _epoch(3600)),
    ("expiry-epoch-milliseconds-past", "SUC-4",
     "expire_date is a millisecond that lies a day back.", _epoch(86400, 1000)),
    ("expiry-http-date-past", "SUC-4", "expire_date is an HTTP date that is past.",
     _is("Wed, 07 Apr 2021 00:00:00 GMT")),
    ("expiry-java-past", "SUC-4", "expire_date is an hour back, as Java's Date.toString writes it.",
     _from_now("%a %b %d %H:%M:%S KST %Y", hours=1)),
    ("expiry-go-past", "SUC-4", "expire_date is an hour back, as Go writes it.",
     _from_now("%Y-%m-%d %H:%M:%S.123456789 +0900 KST m=+0.000296457", hours=1)),
    ("expiry-javascript-past", "SUC-4", "expire_date is an hour back, as JavaScript writes it.",
     _from_now("%a %b %d %Y %H:%M:%S GMT+0900 (Korean Standard Time)", hours=1)),
    ("expiry-java-text-past", "SUC-4", "expire_date lies three days back, as Java's DateFormat writes it.",
     _from_now("%b %d, %Y, %I:%M:%S %p", days=3)),
    ("expiry-korean-past", "SUC-4", "expire_date lies three days back, in Korean with a weekday.",
     _from_now("%Y년 %m월 %d일 (월) 오전 11시 53분 50초", days=3)),
    ("expiry-dotnet-past", "SUC-4", "expire_date is an hour back, as .NET writes it in JSON.",
     lambda right: f"/Date({int((time.time() - 3600) * 1000)}+0900)/"),
    ("expiry-american-past", "SUC-4", "expire_date is past, month first.",
     _is("11/28/2021 10:53:50 PM")),
    ("expiry-german-past", "SUC-4", "expire_date is past, day first.", _is("28.11.2021 22:53:50")),
    ("expiry-week-past", "SUC-4", "expire_date is a day of a week two weeks back.",
     _from_now("%G-W%V-%u", days=14)),
    ("expiry-epoch-fraction-past", "SUC-4", "expire_date is a second with a fraction, an hour back.",
     lambda right: f"{time.time() - 3600:.9f}"),

    ("email-absent", "SUC-5", "There is no memb_email.", absent),
    ("email-null", "SUC-5", "memb_email is null.", _is(None)),
    ("email-empty", "SUC-5", "memb_email is empty.", _is("")),
    ("email-upper-case", "SUC-5", "memb_email is in upper case.", str.upper),
    ("email-local-part", "SUC-5", "memb_email lacks its domain.",
     lambda right: right.partition("@")[0]),
    ("email-masked", "SUC-5", "memb_email is masked.",
     lambda right: right[:2] + "***" + right[right.index("@"):]),
    ("email-constant", "SUC-5", "memb_email is always that of one account.",
     _is("seorin.baek@dalbit.invalid")),
    ("email-percent-encoded", "SUC-5", "memb_email is percent-encoded.",
     lambda right: right.replace("@", "%40")),
    ("email-of-page", "SUC-5", "memb_email is the placeholder of the page.", _is("{사용자 이메일}")),
    ("email-blank-after", "SUC-5", "A blank follows memb_email.", lambda right: right + " "),
    ("email-angle-brackets", "SUC-5", "memb_email stands in angle brackets.",
     lambda right: f"<{right}>"),
    ("email-in-array", "SUC-5", "memb_email stands in an array.", lambda right: [right]),
)
# fmt: on


def _with(name: str, value: Value) -> Callable[..., Object]:
    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right = STEPS.issue_body(request, decision)
        wanted = {**right, name: value(right[name])}
        return {key: each for key, each in wanted.items() if each is not ABSENT}

    return issue_body


for _name, _clause, _sentence, _value in VALUES:
    add(_name, _clause, _sentence, changed(issue_body=_with(_MEMBERS[_clause], _value)))


def _renamed(old: str, new: str) -> Callable[..., Object]:
    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right = STEPS.issue_body(request, decision)
        return {new if name == old else name: value for name, value in right.items()}

    return issue_body


for _clause, _new in (
    ("SUC-1", "accessToken"),
    ("SUC-2", "company_id"),
    ("SUC-3", "deviceId"),
    ("SUC-4", "expires_in"),
    ("SUC-5", "email"),
):
    add(
        f"{_MEMBERS[_clause].replace('_', '-')}-renamed",
        _clause,
        f"{_MEMBERS[_clause]} is named {_new}.",
        changed(issue_body=_renamed(_MEMBERS[_clause], _new)),
    )


@fault("SUC-1", step="issue_body")
def first_token_empty(request: LoginRequest, decision: Decision) -> Json:
    """The access_token of an account's first login is empty."""
    right = STEPS.issue_body(request, decision)
    return {**right, "access_token": ""} if times_issued(request, decision) == 1 else right


@fault("SUC-1", step="issue_body")
def token_empty_for_version(request: LoginRequest, decision: Decision) -> Json:
    """The access_token is empty where header.version is sent, as the vendor's client does."""
    right = STEPS.issue_body(request, decision)
    sent = member(request.document, "header/version")
    return right if sent is None else {**right, "access_token": ""}


@fault("SUC-2", step="issue_body")
def comp_id_lost_for_language(request: LoginRequest, decision: Decision) -> Json:
    """comp_id is that of the last company where ?lang= is sent, as the vendor's client does."""
    right = STEPS.issue_body(request, decision)
    last = request.world.companies[-1].id
    return {**right, "comp_id": last} if b"lang=" in request.query else right


@fault("SUC-4", step="issue_body")
def every_fifth_expiry_past(request: LoginRequest, decision: Decision) -> Json:
    """expire_date of every fifth login of an account is past."""
    right = STEPS.issue_body(request, decision)
    past = times_issued(request, decision) % 5 == 0
    return {**right, "expire_date": "2021-04-07 00:00:00"} if past else right


@fault("SUC-2", step="issue_body")
def comp_id_of_login_before(request: LoginRequest, decision: Decision) -> Json:
    """comp_id is that of the request before."""
    right, last = STEPS.issue_body(request, decision), request.state.last
    return right if last is None else {**right, "comp_id": last.request.company_id}


@fault("SUC-5", step="issue_body")
def email_of_login_before(request: LoginRequest, decision: Decision) -> Json:
    """memb_email is that of the login issued before."""
    right, notes = STEPS.issue_body(request, decision), request.state.notes
    stale = notes.get("email", right["memb_email"])
    notes["email"] = right["memb_email"]
    return {**right, "memb_email": stale}


# What takes the place of a success's body.
for _name, _sentence, _body in (
    ("body-absent", "A success has no body.", lambda right: None),
    ("body-empty", "body of a success is empty.", lambda right: {}),
    ("body-camel-case", "The members of body are in camelCase.",
     lambda right: { "accessToken": right["access_token"], "compId": right["comp_id"],
     "deviceId": right["device_id"], "expireDate": right["expire_date"],
     "membEmail": right["memb_email"]}),
    ("body-in-data", "The members of body stand in an object of their own.",
     lambda right: {"data": right}),
):  # fmt: skip
    add(
        f"success-{_name}",
        "SUC-12",
        _sentence,
        changed(
            issue_body=lambda request, decision, make=_body: make(
                STEPS.issue_body(request, decision)
            )
        ),
    )


@fault("SUC-12", step="envelope")
def success_body_null(
    request: LoginRequest, decision: Decision, header: Object, body: Json
) -> Json:
    """Body of a success is null."""
    return {"header": header, "body": None} if decision.issued else {"header": header}


@fault("SUC-12", step="envelope")
def success_members_in_header(
    request: LoginRequest, decision: Decision, header: Object, body: Json
) -> Json:
    """The members of a success stand in header."""
    return {"header": {**header, **(body or {})}}
