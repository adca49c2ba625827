"""Whether the issued token works: asked only where somebody wants to know, and observed only.

The page of the login does not say it.  Other pages of the API do: a read-only operation takes the token
of a login in a header, with "esignon " before it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..contract.model import Contract
from ..recording.recording import Recording
from ..recording.response import outcome
from ..redaction.secret import Secret
from ..target.limits import LimitReached
from ..target.target import Target
from ..transport.json_reader import member, read_json
from ..transport.messages import Answer, Request
from .requests.token_header import KNOWN

PATH = "/api/v2/company"
_TOKEN = "/body/access_token"  # noqa: S105 - a JSON pointer
_PREFIX = "esignon "
ISSUED, NONE, MADE_UP = "issued", "none", "made-up"


@dataclass(frozen=True)
class TokenProof:
    """What the operation answered to the issued token, to none, and to a made-up one.

    `statuses` are HTTP statuses, 0 where nothing came; `accepted` names which of the three it took for a
    token that works.  `header` is the one that the tokens were sent in.  Nothing was asked where no right
    login issued a token.
    """

    header: str = ""
    statuses: Mapping[str, int] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()

    @property
    def was_asked(self) -> bool:
        """Tell whether there was a token to ask with."""
        return bool(self.statuses)

    @property
    def works(self) -> bool:
        """Tell whether the issued token is taken, and nothing else is."""
        return self.accepted == {ISSUED}


Ask = Callable[[Request], Answer | None]


def prove_token(contract: Contract, target: Target, recording: Recording, ask: Ask) -> TokenProof:
    """Ask as `_proved` does; where a limit of the run ends it, nothing was asked."""
    try:
        return _proved(contract, target, recording, ask)
    except LimitReached:
        # Half of it says nothing.
        return TokenProof()


def _proved(contract: Contract, target: Target, recording: Recording, ask: Ask) -> TokenProof:
    """Ask the read-only operation with the token of the last right login, with none, with a made-up one.

    The issued token is sent in the one header that pages name, and where it is refused in the other.
    """
    token = _issued(contract, recording)
    if not token:
        return TokenProof()
    recording.scrubber.register_token(token)
    tried: dict[str, Answer | None] = {}
    for name in KNOWN:
        tried[name] = ask(_request(target, name, _PREFIX + token))
        if _is_accepted(tried[name]):
            break
    header = next((name for name, answer in tried.items() if _is_accepted(answer)), KNOWN[0])
    answers = {
        ISSUED: tried[header],
        NONE: ask(_request(target, header, None)),
        MADE_UP: ask(_request(target, header, f"{_PREFIX}{secrets.token_urlsafe(24)}")),
    }
    return TokenProof(
        header,
        {name: one.status if one is not None else 0 for name, one in answers.items()},
        frozenset(name for name, one in answers.items() if _is_accepted(one)),
    )


def _issued(contract: Contract, recording: Recording) -> str:
    """Return the token of the last right login, empty where none was issued."""
    for exchange in reversed(recording.exchanges):
        case = contract.cases.get(exchange.case)
        if case is None or not case.is_plain_right_login or exchange.answer is None:
            continue
        if outcome(exchange, case.tags, contract.codes) == "issued":
            value = member(read_json(exchange.answer.body).value, _TOKEN)[1]
            if isinstance(value, str) and value:
                return value
    return ""


def _request(target: Target, header: str, value: str | None) -> Request:
    return Request(
        method="GET",
        target=f"{target.parts.path}{PATH}",
        headers=((header, value),) if value is not None else (),
        body=b"",
        account="",
        company="",
        memb_email=Secret(""),
        password=Secret(""),
    )


def _is_accepted(answer: Answer | None) -> bool:
    """Tell whether an answer is a success: by its status, and by its result code where it has one."""
    if answer is None or answer.status // 100 != 2:
        return False
    present, code = member(read_json(answer.body).value, "/header/result_code")
    return not present or code == "00"
