"""A login server that holds every clause and counts, and what a run against it leaves."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.runner.schedule.executor import Executor
from esignon_conformance.target.target import Account, Target
from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.json_reader import read_json
from esignon_conformance.verdicts.judge import judge
from esignon_conformance.verdicts.model import Verdict
from selftest.support.exchanges import (
    BLOCKED,
    MAIN,
    OTHER,
    SECOND,
    TARGET,
    contract,
    header_of,
    plain,
)
from selftest.support.raw_server import Peer, RawServer, Received, answer, serving

REAL = {plain(one.email): one for one in (MAIN, SECOND, OTHER, BLOCKED)}
CASES = contract().cases
JSON_LINES = ("Content-Type: application/json", "Cache-Control: no-store")
PLAIN = [case.id for case in CASES.values() if case.is_plain_right_login]


@dataclass
class Desk:
    """A login server that holds every clause and counts what is tried on each account.

    `lock_after` wrong passwords in a row lock an account for good; `instead` may answer in another
    way, and says nothing (None) where it leaves the answer to the desk.
    """

    lock_after: int = 5
    instead: Callable[[Received, str], bytes | None] = lambda _received, _code: None
    wrong_in_a_row: Counter[str] = field(default_factory=Counter)
    named_in_a_row: Counter[str] = field(default_factory=Counter)
    most_wrong: Counter[str] = field(default_factory=Counter)
    most_named: Counter[str] = field(default_factory=Counter)
    locked: set[str] = field(default_factory=set)
    tried: list[tuple[str, Any]] = field(default_factory=list)
    requests: int = 0
    lock: Any = field(default_factory=threading.Lock)

    def serve(self, peer: Peer) -> None:
        """Answer the requests of one connection."""
        while (received := peer.receive()) is not None:
            with self.lock:
                self.requests += 1
                code = self._code(received)
                data = self.instead(received, code)
                self._count(received, code if data is None else "")
                # Made here, too, since the number of requests makes its token.
                said = self._answer(received, code) if data is None else data
            peer.send(said)

    def _code(self, received: Received) -> str:
        media_type = (received.header("Content-Type") or "").partition(";")[0].strip().lower()
        text = read_json(received.body)
        document = text.value if isinstance(text.value, dict) else {}
        header, body = document.get("header"), document.get("body")
        if received.method != "POST" or media_type != "application/json":
            return "99"
        if (
            text.problem
            or text.duplicates
            or not isinstance(header, dict)
            or not isinstance(body, dict)
        ):
            return "12"
        email, password = body.get("memb_email"), body.get("memb_pwd")
        if not isinstance(email, str) or not isinstance(password, str):
            return "12"
        if header.get("request_code") != "1001Q":
            return "12"
        return self._login(received, email, password)

    def _login(self, received: Received, email: str, password: str) -> str:
        account = REAL.get(email)
        self.tried.append((email, password))
        if account is None or company_of(received) != account.company:
            return "10"
        if email in self.locked or password != plain(account.password):
            self.wrong_in_a_row[email] += 1
            if self.wrong_in_a_row[email] >= self.lock_after:
                self.locked.add(email)
            return "10"
        self.wrong_in_a_row[email] = 0
        return "95" if account is BLOCKED else "00"

    def _count(self, received: Received, code: str) -> None:
        everything = (received.body + received.target.encode()).lower()
        everything += json.dumps(read_json(received.body).value).encode()
        for email in REAL:
            if email.encode() in everything:
                self.named_in_a_row[email] = 0 if code == "00" else self.named_in_a_row[email] + 1
            for counts, most in (
                (self.wrong_in_a_row, self.most_wrong),
                (self.named_in_a_row, self.most_named),
            ):
                most[email] = max(most[email], counts[email])

    def _answer(self, received: Received, code: str) -> bytes:
        if received.method != "POST":
            return answer(b"", "405 Method Not Allowed", "Allow: POST")
        document: dict[str, Any] = {"header": header_of(code, language_of(received))}
        if code == "00":
            sent = json.loads(received.body)["body"]
            document["body"] = {
                "access_token": f"token.of.{self.requests:020d}",
                "comp_id": company_of(received),
                "device_id": f"device-of-{sent['memb_email']}",
                "expire_date": "2999-12-31 23:59:59",
                "memb_email": sent["memb_email"],
            }
        return answer(json.dumps(document).encode(), "200 OK", *JSON_LINES)

    def times_named(self, account: Account) -> int:
        """Return how many well-formed logins named an account."""
        return sum(email == plain(account.email) for email, _ in self.tried)


def language_of(received: Received) -> str:
    """Return the language that a request asks for, Korean where it asks for none."""
    return parse_qs(urlsplit(received.target).query).get("lang", ["ko"])[0]


def company_of(received: Received) -> str:
    """Return the company that a request is for."""
    return unquote(received.target.partition("?")[0].removeprefix("/api/").removesuffix("/login"))


@dataclass
class Ended:
    """What a run left behind."""

    desk: Desk
    recording: Recording
    target: Target
    transport: Transport
    server: RawServer

    def reason(self, case_id: str) -> tuple[str, str] | None:
        """Return why a case was not sent, None where it was."""
        reason = self.recording.unsent.get(case_id)
        return (reason.word, reason.about) if reason is not None else None

    def reasons(self) -> set[str]:
        """Return every reason why a case was not sent."""
        return {one.word for one in self.recording.unsent.values()}

    def logins(self) -> list[Any]:
        """Return the right logins that were sent."""
        return [one for one in self.recording.exchanges if one.role in ("login", "follow-up")]

    def verdicts(self) -> dict[str, Verdict]:
        """Return the verdicts by clause."""
        return {one.clause: one for one in judge(contract(), self.target, self.recording)}


@contextmanager
def ready(desk: Desk, **varied: Any) -> Iterator[tuple[Executor, Ended]]:
    """Give a desk a socket and what sends to it."""
    with serving(desk.serve) as server:
        given = {"connect_timeout": 2.0, "answer_timeout": 5.0, **varied}
        target = replace(TARGET, base_url=server.base_url, **given)
        transport, recording = Transport(target, "run"), Recording(Scrubber())
        ended = Ended(desk, recording, target, transport, server)
        with closing(transport):
            yield Executor(contract(), target, transport, recording), ended


def run(
    desk: Desk,
    cases: Iterable[str] = CASES,
    confirm: Callable[[], list[str]] = list,
    **varied: Any,
) -> Ended:
    """Send cases to a desk."""
    with ready(desk, **varied) as (sender, ended):
        sender.send_all(cases, confirm)
    return ended


def of(
    *situations: str, accounts: Collection[str] = ("main", "second", "other", "blocked")
) -> list[str]:
    """Return plain right logins and the cases of some situations that are sent for real accounts."""
    chosen = [
        case.id
        for case in CASES.values()
        if case.situation in situations and case.account in accounts and not case.burst
    ]
    return [*PLAIN, *chosen]


PLAINLY_WRONG = [case.id for case in contract().cases_of("REJ-1") if not case.tags]
WRONG = [*PLAIN, *PLAINLY_WRONG, "password-blank-after"]


def six_at_a_time() -> Callable[[Received, str], bytes | None]:
    """Return what lets a desk answer six requests in a fifth of a second, and any more with 429."""
    window: list[float] = []

    def instead(_received: Received, _code: str) -> bytes | None:
        now = time.monotonic()
        window[:] = [moment for moment in window if now - moment < 0.2]
        if len(window) >= 6:
            return answer(b"", "429 Too Many", "Retry-After: 0")
        window.append(now)
        return None

    return instead
