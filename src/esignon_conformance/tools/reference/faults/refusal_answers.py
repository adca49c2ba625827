"""REJ-10, REJ-11: refusals that hold a token, or whose code comes by turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from zlib import crc32

from ..answering import new_token
from ..login import STEPS
from ..pipeline import Decision, Headers, Json, LoginRequest, Object, Reason, Response
from .registry import add, changed, fault
from .when import MALFORMED, When, always, because, nth, text_at

# REJ-10: a token in an answer that refuses.
Leak: TypeAlias = Callable[[LoginRequest, Decision], Json]


def _latest_token(request: LoginRequest) -> str:
    tokens = [
        each.document["body"]["access_token"]
        for each in request.state.history
        if each.document is not None and each.decision is not None and each.decision.issued
    ]
    return tokens[-1] if tokens else new_token()


# fmt: off
LEAKS: tuple[tuple[str, str, When, Leak], ...] = (
    ("token-in-refusals", "Every refusal holds a token.", always,
     lambda request, decision: {"access_token": new_token()}),
    ("token-in-10", "A wrong password gets a token beside 10.", because(Reason.WRONG_PASSWORD),
     lambda request, decision: {"access_token": new_token()}),
    ("token-in-95", "A blocked company gets a whole success beside 95.",
     because(Reason.BLOCKED_COMPANY), STEPS.issue_body),
    ("token-in-12", "What cannot be read gets the latest token.", because(Reason.UNREADABLE),
     lambda request, decision: {"access_token": _latest_token(request)}),
    ("token-deep-in-99", "A wrong request_code gets a token deep inside.",
     because(Reason.REQUEST_CODE),
     lambda request, decision: {"data": [{"auth": {"access_token": new_token()}}]}),
    ("token-for-unknown-company", "An unknown company gets a token.",
     because(Reason.UNKNOWN_COMPANY), lambda request, decision: {"access_token": new_token()}),
    ("token-in-refusal-number", "A refusal holds a number for a token.",
     because(Reason.UNKNOWN_EMAIL), lambda request, decision: {"access_token": 123456}),
    ("token-in-json-text", "A wrong password gets a token in JSON in a string.",
     because(Reason.WRONG_PASSWORD),
     lambda request, decision: {"data": f'{{"access_token": "{new_token()}"}}'}),
    ("token-now-and-then", "Every 40th refusal holds a token.", nth(40),
     lambda request, decision: {"access_token": new_token()}),
)
# fmt: on


def _leaking(when: When, leak: Leak) -> Callable[..., Json]:
    def refuse_body(request: LoginRequest, decision: Decision) -> Json:
        return leak(request, decision) if when(request, decision) else None

    return refuse_body


for _name, _sentence, _when, _leak in LEAKS:
    add(_name, "REJ-10", _sentence, changed(refuse_body=_leaking(_when, _leak)))


def _headed(when: When, name: bytes, value: str) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        extra: Headers = ((name, value.format(new_token()).encode()),)
        told = not decision.issued and when(request, decision)
        return replace(right, headers=right.headers + extra) if told else right

    return respond


add(
    "token-in-cookie",
    "REJ-10",
    "A wrong password gets a cookie with a token.",
    changed(
        respond=_headed(because(Reason.WRONG_PASSWORD), b"Set-Cookie", "access_token={}; Path=/")
    ),
)
add(
    "token-in-removed-cookie",
    "REJ-10",
    "A wrong password gets a cookie with a token, and is told to remove it.",
    changed(
        respond=_headed(
            because(Reason.WRONG_PASSWORD), b"Set-Cookie", "access_token={}; Max-Age=0; Path=/"
        )
    ),
)
# As a filter of Spring's tutorials hands out a JWT, whatever the login comes to.
add(
    "token-in-authorization",
    "REJ-10",
    "A wrong password gets a token in the field Authorization.",
    changed(respond=_headed(because(Reason.WRONG_PASSWORD), b"Authorization", "esignon {}")),
)
add(
    "token-in-head",
    "REJ-10",
    "A blocked company gets a token in the head.",
    changed(respond=_headed(because(Reason.BLOCKED_COMPANY), b"Access-Token", "{}")),
)


@fault("REJ-10", step="respond")
def token_as_authorization(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """A refusal holds the token of the latest login in a field Authorization."""
    right = STEPS.respond(request, decision, payload)
    field = (b"Authorization", b"Bearer " + _latest_token(request).encode())
    return right if decision.issued else replace(right, headers=(*right.headers, field))


@fault("REJ-10", step="header")
def token_as_session_id(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
    """A refusal holds the token of the latest login as its session_id."""
    right = STEPS.header(request, decision, code, text)
    return right if decision.issued else {**right, "session_id": _latest_token(request)}


@fault("REJ-10", step="message")
def token_amid_message(request: LoginRequest, decision: Decision, code: str) -> str:
    """The text of 10 tells the token of the latest login, of a session that is there already."""
    right = STEPS.message(request, decision, code)
    told = decision.reason is Reason.WRONG_PASSWORD
    return f"{right} [session {_latest_token(request)}]" if told else right


add(
    "token-in-location",
    "REJ-10",
    "A wrong password gets a token in the fragment of a Location, as OAuth's implicit grant has it.",
    changed(
        respond=_headed(
            because(Reason.WRONG_PASSWORD), b"Location", "/app#access_token={}&token_type=bearer"
        )
    ),
)


# REJ-11: the same bad request gets the same code each time.
# fmt: off
UNSTEADY: tuple[tuple[str, str, Reason, tuple[str, str]], ...] = (
    ("unknown-email", "An unknown email gets 10 and 99 by turns.", Reason.UNKNOWN_EMAIL,
     ("10", "99")),
    ("unreadable", "What cannot be read gets 12 and 99 by turns.", Reason.UNREADABLE, ("12", "99")),
    ("missing-member", "A missing member gets 12 and 99 by turns.", Reason.MISSING_MEMBER,
     ("12", "99")),
    ("wrong-type", "A member of another type gets 12 and 10 by turns.", Reason.WRONG_TYPE,
     ("12", "10")),
    ("unknown-company", "An unknown company gets 10 and 95 by turns.", Reason.UNKNOWN_COMPANY,
     ("10", "95")),
    ("no-object", "Text that is no object gets 12 and 99 by turns.", Reason.NO_OBJECT,
     ("12", "99")),
    ("blocked-company", "A blocked company gets 95 and 10 by turns.", Reason.BLOCKED_COMPANY,
     ("95", "10")),
    ("wrong-password", "A wrong password gets 10 and 99 by turns.", Reason.WRONG_PASSWORD,
     ("10", "99")),
)
# fmt: on


def _by_turns(reason: Reason, codes: tuple[str, str]) -> Callable[[LoginRequest, Decision], str]:
    def result_code(request: LoginRequest, decision: Decision) -> str:
        if decision.reason is not reason:
            return STEPS.result_code(request, decision)
        notes = request.state.notes
        turn: int = notes.get("turn", 0)
        notes["turn"] = turn + 1
        return codes[turn % 2]

    return result_code


for _name, _sentence, _reason, _codes in UNSTEADY:
    # A blocked company is asked for once in each form: there is no second answer to the same request.
    _clause = "REJ-4" if _reason is Reason.BLOCKED_COMPANY else "REJ-11"
    add(f"{_name}-by-turns", _clause, _sentence, changed(result_code=_by_turns(_reason, _codes)))


def _of_a_replica(reason: Reason, code: str) -> Callable[[LoginRequest, Decision], str]:
    def result_code(request: LoginRequest, decision: Decision) -> str:
        if decision.reason is not reason or crc32(b"%d" % request.number) % 2:
            return STEPS.result_code(request, decision)
        return code

    return result_code


# A load balancer hands each request to one of two replicas, of which one has another version.
for _name, _sentence, _reason, _code in (
    (
        "unknown-email",
        "An unknown email gets 99 from one of two replicas.",
        Reason.UNKNOWN_EMAIL,
        "99",
    ),
    (
        "wrong-password",
        "A wrong password gets 95 from one of two replicas.",
        Reason.WRONG_PASSWORD,
        "95",
    ),
    (
        "unreadable",
        "What cannot be read gets 10 from one of two replicas.",
        Reason.UNREADABLE,
        "10",
    ),
    (
        "missing-member",
        "A missing member gets 10 from one of two replicas.",
        Reason.MISSING_MEMBER,
        "10",
    ),
):
    _build = changed(result_code=_of_a_replica(_reason, _code))
    add(f"{_name}-{_code}-from-a-replica", "REJ-11", _sentence, _build)


@fault("REJ-11", step="result_code")
def third_unknown_email_95(request: LoginRequest, decision: Decision) -> str:
    """The same unknown email gets 95 from the third time on."""
    if decision.reason is not Reason.UNKNOWN_EMAIL:
        return STEPS.result_code(request, decision)
    seen = request.state.notes.setdefault("seen", [])
    seen.append(text_at(request, "body/memb_email"))
    return "95" if seen.count(seen[-1]) > 2 else "10"


@fault("REJ-11", step="result_code")
def third_unknown_email_of_blocked_95(request: LoginRequest, decision: Decision) -> str:
    """An unknown email in a blocked company gets 95 from the third time on."""
    blocked = [each.id for each in request.world.companies if each.blocked]
    if decision.reason is not Reason.UNKNOWN_EMAIL or request.company_id not in blocked:
        return STEPS.result_code(request, decision)
    times = request.state.notes["times"] = request.state.notes.get("times", 0) + 1
    return "95" if times > 2 else "10"


@fault("REJ-11", step="result_code")
def unreadable_by_connection(request: LoginRequest, decision: Decision) -> str:
    """What cannot be read gets 99 where it is the first request of its connection, else 12."""
    seen = request.state.notes.setdefault("clients", set())
    new = request.client not in seen
    seen.add(request.client)
    unreadable = decision.reason is Reason.UNREADABLE
    return "99" if new and unreadable else STEPS.result_code(request, decision)


@fault("REJ-11", step="result_code")
def body_seen_before_99(request: LoginRequest, decision: Decision) -> str:
    """A malformed body gets 12 the first time, and 99 when it comes again."""
    seen = request.state.notes.setdefault("bodies", set())
    again = request.raw in seen
    seen.add(request.raw)
    malformed = decision.reason in MALFORMED
    return "99" if again and malformed else STEPS.result_code(request, decision)


@fault("REJ-11", step="result_code")
def other_companys_account_by_turns(request: LoginRequest, decision: Decision) -> str:
    """An account of another company gets 10 and 99 by turns."""
    email = text_at(request, "body/memb_email")
    elsewhere = email in [
        one.memb_email for each in request.world.companies for one in each.accounts
    ]
    if decision.reason is not Reason.UNKNOWN_EMAIL or not elsewhere:
        return STEPS.result_code(request, decision)
    turn = request.state.notes["turn"] = not request.state.notes.get("turn", False)
    return "10" if turn else "99"


@fault("REJ-11", step="result_code")
def replicas_differ_in_code(request: LoginRequest, decision: Decision) -> str:
    """A member of another type gets 12 and 99, by turns of the connections."""
    right = STEPS.result_code(request, decision)
    connections = request.state.notes.setdefault("connections", [])
    if request.client not in connections:
        connections.append(request.client)
    is_wrong = decision.reason in (Reason.WRONG_TYPE, Reason.NO_OBJECT)
    return "99" if is_wrong and connections.index(request.client) % 2 else right
