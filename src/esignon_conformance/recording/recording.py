"""Every exchange of a run, in the order of sending; appended to disk, scrubbed, as it grows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ..contract.skip_reason import Reason
from ..files import Lines
from ..redaction.long_text import excerpt
from ..redaction.packed_text import inflated, is_packed
from ..redaction.scrubber import Scrubber
from ..redaction.secret import Secret
from ..transport.messages import Exchange, Headers, Request
from .answer_secrets import register_secrets, register_secrets_of_bytes
from .response import content_of, read

# Something before the target turns right logins away.
TURNED_AWAY: frozenset[str] = frozenset({"between", "barred"})

# Characters of masked bodies, and masked requests, that are kept; what is beyond is masked anew.
_MOST_KEPT = 2 * 1024 * 1024
_MOST_REQUESTS = 2048
# Made once: json.dumps would make an encoder for every row.
_encoded = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Lock:
    """An account that looks locked: the first exchange that shows it, the last, and all it caused.

    `at` is the moment of the last refusal, on a monotonic clock.
    """

    account: str
    since: str
    shown: str
    caused: tuple[str, ...]
    at: float


@dataclass(frozen=True)
class Stop:
    """What stands between turned right logins away: since which exchange, one that shows it.

    `suspect` is the case after which it began, empty where none is suspected.
    """

    since: str
    shown: str
    suspect: str = ""


@dataclass
class Recording:
    """The exchanges of a run, by number and by case, and why what is missing is missing."""

    scrubber: Scrubber
    file: Lines | None = None
    # Whether tokens become secrets; of a rehearsal nothing is ever written.
    masks: bool = True
    # Condenses what is long, where somebody looks through it first.
    condense: Callable[[Exchange], Exchange] = lambda exchange: exchange
    exchanges: list[Exchange] = field(default_factory=list)
    unsent: dict[str, Reason] = field(default_factory=dict)
    # Why the sending ended before all was sent, if it did.
    ended: Reason | None = None
    # Why exchanges were taken out of judgement, where it was not the target's limit.
    excused: dict[str, Reason] = field(default_factory=dict)
    # Accounts that look locked, by name; and what turned all right logins away, if anything did.
    locks: dict[str, Lock] = field(default_factory=dict)
    stop: Stop | None = None
    # By email that is limited whatever the pace: the first exchange that met that, and how many did.
    own_limits: dict[Secret, tuple[str, int]] = field(default_factory=dict)
    # Exchanges of draws that showed a finding once and, when sent again, no more.
    unstable: set[str] = field(default_factory=set)
    _by_case: dict[str, list[int]] = field(default_factory=dict)
    _unsettled: Exchange | None = None

    def __post_init__(self) -> None:
        self.masking = Masking(self.scrubber)

    @classmethod
    def to_judge(cls, exchanges: Iterable[Exchange]) -> Recording:
        """Return a recording of exchanges that is judged only, and never written."""
        found = cls(Scrubber())
        for exchange in exchanges:
            found.exchanges.append(exchange)
            found._by_case.setdefault(exchange.case, []).append(len(found.exchanges) - 1)
        return found

    def add(self, exchange: Exchange) -> None:
        """Record an exchange, register the tokens in it as secrets, and write it to disk."""
        self.add_for_now(exchange)
        self.settle()

    def add_for_now(self, exchange: Exchange) -> Exchange:
        """Record an exchange in memory; `settle`, or what is recorded next, does the rest of it.

        Return it as it is recorded: a long answer is condensed.
        """
        self.settle()
        exchange = self._condensed(exchange)
        # In this order, since an order to end may come in between.
        self._unsettled = exchange
        self.exchanges.append(exchange)
        self._by_case.setdefault(exchange.case, []).append(len(self.exchanges) - 1)
        return exchange

    def _condensed(self, exchange: Exchange) -> Exchange:
        found, answer = self.condense(exchange), exchange.answer
        if found is not exchange and answer is not None and not read(found).text.is_whole:
            # What is left out of it may be a token of which an end is shown.
            content, _ = content_of(answer.body, answer.all_headers("Content-Encoding"))
            register_secrets_of_bytes(content, self.scrubber)
        return found

    def settle(self) -> None:
        """Register the tokens in the last exchange as secrets, and write it to disk, if that is due."""
        exchange = self._unsettled
        if exchange is None:
            return
        if self.masks:
            register_secrets(exchange, self.scrubber)
        row = self.row(exchange) if self.file is not None else None
        # Not before: what an order to end cuts off here is done once more.
        self._unsettled = None
        if row is not None:
            self._write(row)

    def note_stray(self, exchange_id: str, stray: bytes) -> None:
        """Add bytes found on the connection after an answer to its exchange."""
        self.settle()
        register_secrets_of_bytes(stray, self.scrubber)
        for index in range(len(self.exchanges) - 1, -1, -1):
            if self.exchanges[index].id == exchange_id:
                self.exchanges[index] = replace(self.exchanges[index], stray=stray)
                self._write({"id": exchange_id, "stray": self.masking.shown(stray)})
                return

    def excuse(self, exchange_id: str, reason: Reason | None = None) -> None:
        """Take an exchange out of judgement: what it shows is this run's doing."""
        if reason is not None:
            self.excused[exchange_id] = reason
        for index, exchange in enumerate(self.exchanges):
            if exchange.id == exchange_id:
                self.exchanges[index] = replace(exchange, gave_up=True)

    def note_own_limit(self, exchange: Exchange) -> None:
        """Note that an exchange met a limit of the email that it names."""
        first, count = self.own_limits.get(exchange.request.memb_email, (exchange.id, 0))
        self.own_limits[exchange.request.memb_email] = (first, count + 1)
        self.excused[exchange.id] = Reason("limited-email")

    def judge_again(self, exchange_id: str) -> None:
        """Take back an excuse."""
        self.excused.pop(exchange_id, None)
        for index, exchange in enumerate(self.exchanges):
            if exchange.id == exchange_id:
                self.exchanges[index] = replace(exchange, gave_up=False)

    def why_excused(self, exchange: Exchange) -> Reason:
        """Return why an exchange is out of judgement."""
        return self.excused.get(exchange.id, Reason("limited"))

    @property
    def is_gone(self) -> bool:
        """Tell whether the target did not answer at all, or went away, be it after the last case."""
        why = (*self.unsent.values(), *([self.ended] if self.ended is not None else []))
        return any(one.word in ("gone", "no-answer", "untrusted") for one in why)

    @property
    def is_turned_away(self) -> bool:
        """Tell whether something before the target turned right logins away, be it after the last case."""
        return self.ended is not None and self.ended.word in TURNED_AWAY

    def row(self, exchange: Exchange) -> dict[str, Any]:
        """Return an exchange as plain data with every secret masked, as it is written to disk."""
        return record(exchange, self.masking)

    def has_case(self, case_id: str) -> bool:
        """Tell whether anything was sent for a case."""
        return case_id in self._by_case

    def of_case(self, case_id: str) -> Iterator[Exchange]:
        """Yield the exchanges that were sent for a case itself, in order."""
        for index in self._by_case.get(case_id, ()):
            if self.exchanges[index].role in ("case", "login"):
                yield self.exchanges[index]

    def _write(self, row: dict[str, Any]) -> None:
        if self.file is not None:
            self.file.write(f"{_encoded(row)}\n")


class Masking:
    """Masks what an exchange holds, and a request that comes again only once."""

    def __init__(self, scrubber: Scrubber) -> None:
        self._requests: dict[Request, dict[str, Any]] = {}
        self._bodies: dict[str, str] = {}
        self._kept = 0
        # The header fields of requests differ in few ways, their ids set aside.
        self._heads: dict[Headers, list[list[str]]] = {}
        # The scrubber remembers what is clean; a result kept here would miss what becomes known later.
        self.text = scrubber.scrub
        self.content = scrubber.scrub_bytes

    def body(self, exchange: Exchange) -> str:
        """Return the content of an answer as it was masked when it was recorded.

        What is put into a report is masked once more there, by all that is known then.
        """
        found = self._bodies.get(exchange.id)
        if found is None:
            found = self.shown(read(exchange).content)
            self._kept += len(found)
            if self._kept <= _MOST_KEPT:
                self._bodies[exchange.id] = found
        return found

    def shown(self, data: bytes) -> str:
        """Return what is shown of bytes, masked: of long ones the ends, of packed secrets nothing."""
        return self.hidden(data) or self.content(excerpt(data))

    def hidden(self, data: bytes) -> str:
        """Return what stands in place of bytes in which a secret is packed, empty for any other."""
        for inside in inflated(data) if is_packed(data) else ():
            text = inside.decode("utf-8", errors="replace")
            if self.text(text) != text:
                return f"<{len(data)} bytes in which a secret is packed>"
        return ""

    def headers(self, headers: Headers) -> list[list[str]]:
        """Return header fields as pairs of a name and a masked value."""
        # In one pass, since most heads hold no secret.
        joined = "\n".join(f"{name}\n{value}" for name, value in headers)
        if self.text(joined) is joined:
            return [[name, value] for name, value in headers]
        return [[self.text(name), self.text(value)] for name, value in headers]

    def sent(self, exchange: Exchange) -> dict[str, Any]:
        """Return the request of an exchange as plain data, with the header fields as they went out."""
        return {**self.request(exchange.request), "headers": self.sent_headers(exchange)}

    def sent_headers(self, exchange: Exchange) -> list[list[str]]:
        """Return the header fields of a request as they went out, each value masked."""
        sent_id = ("X-Request-Id", exchange.request_id)
        sent = exchange.sent or (*exchange.request.headers, sent_id)
        own = tuple(one for one in sent if one[0] != sent_id[0])
        if own not in self._heads:
            self._heads[own] = self.headers(own)
        return [*self._heads[own], list(sent_id)] if exchange.request_id else self._heads[own]

    def request(self, request: Request) -> dict[str, Any]:
        """Return a request as plain data."""
        found = self._requests.get(request)
        if found is None:
            found = {
                "method": request.method,
                "target": self.text(request.target),
                "headers": self.headers(request.headers),
                "body": self.content(request.body),
            }
            if len(self._requests) < _MOST_REQUESTS:
                self._requests[request] = found
        return found


def record(exchange: Exchange, masking: Masking) -> dict[str, Any]:
    """Return an exchange as plain data with every secret masked."""
    answer = exchange.answer
    row: dict[str, Any] = {
        "id": exchange.id,
        "case": exchange.case,
        "situation": exchange.situation,
        "role": exchange.role,
        "after": exchange.after,
        "connection": exchange.connection,
        "seconds": round(exchange.ended - exchange.began, 4),
        "request_id": exchange.request_id,
        "request": masking.sent(exchange),
    }
    if answer is not None:
        row["answer"] = {
            "status": answer.status,
            "reason": masking.text(answer.reason),
            "headers": masking.headers(answer.headers),
            "body": masking.body(exchange),
        }
        if answer.trailers:
            row["answer"]["trailers"] = masking.headers(answer.trailers)
        if answer.framing:
            row["answer"]["framing"] = answer.framing
    if exchange.fault is not None:
        detail = masking.text(exchange.fault.detail)
        row["fault"] = {"kind": exchange.fault.kind, "detail": detail}
    return row
