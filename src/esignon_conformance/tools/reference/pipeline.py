"""What the steps of a login are handed and what they hand on: the shape, without any behaviour."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeAlias

from .world import Account, Company, World

Json: TypeAlias = Any
Object: TypeAlias = dict[str, Any]
Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]


class Reason(StrEnum):
    """Why a login ends as it does; finer than the result codes, which several reasons share."""

    ISSUED = "issued"
    UNREADABLE = "unreadable"
    NO_OBJECT = "no object"
    MISSING_MEMBER = "missing member"
    WRONG_TYPE = "wrong type"
    REQUEST_CODE = "request code"
    UNKNOWN_COMPANY = "unknown company"
    UNKNOWN_EMAIL = "unknown email"
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - the name of a reason
    BLOCKED_COMPANY = "blocked company"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The documented members of a request.  Strings, unless a fault lets other types through."""

    request_code: Json
    memb_email: Json
    memb_pwd: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the server has decided, and what it knew by then."""

    reason: Reason
    credentials: Credentials | None = None
    company: Company | None = None
    account: Account | None = None

    @property
    def issued(self) -> bool:
        """Tell whether a token is due."""
        return self.reason is Reason.ISSUED


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it goes out.  `Content-Length` is added on the way, unless it stands here."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """A login that is over.  `document` is its envelope, None where HTTP turned it away."""

    request: LoginRequest
    decision: Decision | None
    document: Object | None
    response: Response


@dataclass(slots=True)
class State:
    """What one server remembers.  The right login never reads it; it is there for the faults."""

    requests: int = 0
    in_flight: int = 0
    # Logins issued per email, the present one included by the time its answer is made.
    issued: Counter[str] = field(default_factory=Counter)
    # Wrong passwords per email since that account's last right login.
    wrong_in_a_row: Counter[str] = field(default_factory=Counter)
    # The latest answers, oldest first: few, since a body may have a megabyte.
    history: deque[Answered] = field(default_factory=lambda: deque(maxlen=8))
    # The latest login that was decided; under load not the one that is being answered.
    latest: tuple[LoginRequest, Decision] | None = None
    # Whatever else a fault wants to keep.
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def last(self) -> Answered | None:
        """Return the latest answer, if there is one."""
        return self.history[-1] if self.history else None

    @property
    def last_reason(self) -> Reason | None:
        """Return how the latest login ended, None where HTTP turned it away or there was none."""
        return self.last.decision.reason if self.last and self.last.decision else None

    def count(self, request: LoginRequest, decision: Decision) -> None:
        """Remember a decision."""
        self.latest = (request, decision)
        if decision.account is None:
            return
        email = decision.account.memb_email
        if decision.issued:
            self.issued[email] += 1
            del self.wrong_in_a_row[email]
        elif decision.reason is Reason.WRONG_PASSWORD:
            self.wrong_in_a_row[email] += 1


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """One request on the path of the login, and the world and the server that it has come to.

    `number` counts the requests of the server from 1.  `company_id` is the path's company without
    percent-encoding, None where that is no UTF-8.  `client` is the peer's address and so names the
    connection.  `document` is None until the body has been read.
    """

    number: int
    method: str
    path: bytes
    company_id: str | None
    query: bytes
    headers: Headers
    raw: bytes = field(repr=False)
    client: tuple[str, int] | None
    world: World = field(repr=False)
    state: State = field(repr=False)
    document: Json = field(default=None, repr=False)

    def header_values(self, name: bytes) -> list[bytes]:
        """Return the values of a header, whose name is given in lower case."""
        return [value for key, value in self.headers if key == name]


@dataclass(frozen=True, slots=True)
class Steps:
    """The login, one callable a step.  `dataclasses.replace` on one of them makes a faulty server.

    They run in this order.  `decide` runs the six below it, up to `may_call`, and is the one to
    wrap when a fault is about the decision as a whole.  `before_answer` is the only place where
    another request can come between, and everything after it concerns the answer.
    """

    method_allowed: Callable[[LoginRequest], bool]
    media_type_accepted: Callable[[LoginRequest], bool]
    size_accepted: Callable[[LoginRequest], bool]
    turn_away: Callable[[LoginRequest, HTTPStatus], Response]
    # Raises ValueError or RecursionError where the body is no JSON.
    read: Callable[[LoginRequest], Json]
    decide: Callable[[LoginRequest, Steps], Decision]
    check_members: Callable[[LoginRequest, Json], Credentials | Reason]
    request_code_accepted: Callable[[LoginRequest, Json], bool]
    find_company: Callable[[LoginRequest, str | None], Company | None]
    find_account: Callable[[LoginRequest, Company, Json], Account | None]
    password_matches: Callable[[LoginRequest, Account, Json], bool]
    may_call: Callable[[LoginRequest, Company], bool]
    before_answer: Callable[[LoginRequest, Decision], Awaitable[Decision]]
    result_code: Callable[[LoginRequest, Decision], str]
    message: Callable[[LoginRequest, Decision, str], str]
    header: Callable[[LoginRequest, Decision, str, str], Object]
    issue_body: Callable[[LoginRequest, Decision], Json]
    refuse_body: Callable[[LoginRequest, Decision], Json]
    envelope: Callable[[LoginRequest, Decision, Object, Json], Json]
    encode: Callable[[LoginRequest, Json], bytes]
    respond: Callable[[LoginRequest, Decision, bytes], Response]
