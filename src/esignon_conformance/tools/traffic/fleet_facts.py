"""What one process of a fleet notes of its logins, so that all of them can be judged together.

Of each answer a number is kept under a key that only the fleet knows, never the token, the email or the
body itself; beside them the last exchanges, so that one can be shown where the master finds it at fault.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from ...contract.model import Contract
from .load_frames import Sent

_LAST, _LAST_BYTES = 5000, 16 * 1024 * 1024
# Of an account so many refused right logins are kept until the next report.
_MOST_REFUSED = 20
RIGHT, MALFORMED = "right", "malformed"


class Noted(NamedTuple):
    """A login, and the how manieth of its process it was."""

    at: int
    sent: Sent


@dataclass
class AccountFacts:
    """Right logins of an account since the last report; times are of this machine's clock."""

    identity: int
    name: str
    successes: int = 0
    first: float = math.inf
    last: float = -math.inf
    refused: list[Noted] = field(default_factory=list)


@dataclass
class BodyFacts:
    """The first body that a right login got on a path, and whether all later answers were it (REQ-9)."""

    body: int
    later: int = 0
    unreadable: int = 0
    is_same: bool = True
    last: Noted | None = None


@dataclass
class FleetFacts:
    """Numbers of tokens and of refused requests since the last report, and what is kept for longer."""

    contract: Contract
    key: bytes
    names: Mapping[tuple[str, str], str]
    tokens: list[tuple[int, int]] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    accounts: dict[int, AccountFacts] = field(default_factory=dict)
    bodies: dict[str, BodyFacts] = field(default_factory=dict)
    _of_body: dict[tuple[str, bytes], AccountFacts] = field(default_factory=dict)
    _last: OrderedDict[int, Noted] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _count: int = 0

    def number(self, *texts: str | bytes) -> int:
        """Return the number of texts under the fleet's key."""
        found = hashlib.blake2b(digest_size=8, key=self.key)
        for text in texts:
            data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
            found.update(len(data).to_bytes(8, "big"))
            found.update(data)
        return int.from_bytes(found.digest(), "big")

    def add(self, sent: Sent) -> None:
        """Note a login and its answer."""
        self._count += 1
        if sent.fault:
            return
        codes = self.contract.codes
        value = _value(sent.answer_body)
        code = codes.documented(_member(value, "header", "result_code"))
        is_issued = code == codes.issued
        self._add_body(sent, is_let_in=is_issued)
        if sent.situation == RIGHT and code is not None:
            self._add_right(sent, value, is_issued=is_issued)
        if code is not None and not is_issued:
            number = self.number(sent.url, sent.body)
            self.refusals.append((number, code))
            self._keep(number, sent)

    def shown(self, number: int) -> Noted | None:
        """Return the login of a number, None where it was too long ago."""
        return self._last.get(number)

    def _add_right(self, sent: Sent, value: Any, *, is_issued: bool) -> None:
        account = self._account(sent)
        status = self.contract.clauses["REQ-1"].parameters["status"]
        if is_issued and sent.status == status:
            account.successes += 1
            account.first = min(account.first, sent.began)
            account.last = max(account.last, sent.began)
        elif len(account.refused) < _MOST_REFUSED:
            account.refused.append(Noted(self._count, sent))
        token = _member(value, "body", "access_token")
        if is_issued and token:
            number = self.number(token)
            self.tokens.append((number, account.identity))
            self._keep(number, sent)

    def _account(self, sent: Sent) -> AccountFacts:
        found = self._of_body.get((sent.url, sent.body))
        if found is None:
            company = unquote(urlsplit(sent.url).path.split("/")[-2])
            email = _member(_value(sent.body), "body", "memb_email") or ""
            identity = self.number(company, email)
            found = AccountFacts(identity, self.names.get((company, email), ""))
            found = self.accounts.setdefault(identity, found)
            self._of_body[sent.url, sent.body] = found
        return found

    def _add_body(self, sent: Sent, *, is_let_in: bool) -> None:
        found = self.bodies.get(sent.url)
        body = self.number(sent.answer_body)
        if found is None:
            if is_let_in and sent.situation == RIGHT:
                self.bodies[sent.url] = BodyFacts(body)
            return
        found.later += 1
        found.unreadable += sent.situation == MALFORMED
        found.is_same &= body == found.body
        found.last = Noted(self._count, sent) if found.is_same else None

    def _keep(self, number: int, sent: Sent) -> None:
        if number in self._last:
            return
        self._last[number] = Noted(self._count, sent)
        self._bytes += len(sent.body) + len(sent.answer_body)
        while len(self._last) > _LAST or (self._bytes > _LAST_BYTES and len(self._last) > 1):
            _, (_, first) = self._last.popitem(last=False)
            self._bytes -= len(first.body) + len(first.answer_body)


def _value(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _member(value: Any, *names: str) -> str | None:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
