"""A lock, whatever its form, is could-not-judge, and no wrong password is sent after its first sign."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from esignon_conformance.runner.schedule import account_locks, inquiry
from esignon_conformance.transport import rate_limit as pace_module
from esignon_conformance.transport.json_reader import member, read_json
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.clock import Clock
from selftest.support.exchanges import BLOCKED, MAIN, SECOND, header_of, plain
from selftest.support.judged import failing
from selftest.support.login_desk import JSON_LINES, PLAIN, REAL, WRONG, Desk, of, run
from selftest.support.raw_server import Received, answer

Scope = Literal["account", "logins", "all"]
CHOSEN = [
    *WRONG,
    *of("wrong-type", "blocked", "other-company"),
    *("unknown-email", "unknown-company", "empty-body", "cut-before-last-brace", "json-null"),
    *("own-account-under-other-company", "blocked-company", "burst-two-accounts"),
]


def refusal(code: str, status: str = "200 OK") -> bytes:
    """Return a refusal with the page's envelope."""
    header = header_of(code if code in ("10", "99") else "99") | {"result_code": code}
    return answer(json.dumps({"header": header}).encode(), status, *JSON_LINES)


FORMS = {
    "10": refusal("10"),
    "99": refusal("99"),
    "98": refusal("98"),
    "423 with 99": refusal("99", "423 Locked"),
    "403": answer(b"<html>", "403 Forbidden", "Content-Type: text/html"),
    "429 for an hour": answer(b"", "429 Too Many Requests", "Retry-After: 3600"),
    "429": answer(b"", "429 Too Many Requests"),
}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let no test wait."""
    made = Clock()
    for module in (pace_module, inquiry, account_locks):
        monkeypatch.setattr(module, "time", made)
    return made


@dataclass
class Locking(Desk):
    """A desk that locks after some wrong logins in a row: an account, all logins, or all requests.

    `ends` is how many refused right logins end a lock, none where nothing does.
    """

    form: bytes = FORMS["10"]
    scope: Scope = "account"
    after: int = 3
    ends: int | None = None
    wrong: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    after_the_first_sign: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.lock_after = 10_000
        self.instead = self._instead

    def _instead(self, received: Received, code: str) -> bytes | None:
        value = read_json(received.body).value
        email, password = (member(value, f"/body/{name}")[1] for name in ("memb_email", "memb_pwd"))
        is_login = isinstance(email, str) and isinstance(password, str)
        counted = str(email) if self.scope == "account" else "address"
        known = REAL.get(str(email))
        is_right = known is not None and plain(known.password) == password
        if self.scope != "all" and not (is_login and received.method == "POST"):
            return None
        if self.scope == "account" and known is None:
            return None
        if self.wrong[counted] >= self.after:
            self.refused[counted] += is_right
            if self.ends is None or self.refused[counted] <= self.ends:
                self.after_the_first_sign[str(email)] += (
                    known is not None and not is_right and self.refused[counted] > 1
                )
                return self.form
            self.wrong[counted] = self.refused[counted] = 0
        if code == "00":
            self.wrong[counted] = 0
        elif is_login and not is_right:
            self.wrong[counted] += 1
        return None


@pytest.mark.parametrize("scope", ["account", "logins", "all"])
@pytest.mark.parametrize("form", FORMS)
def test_a_lock_is_no_finding_whatever_its_form(form: str, scope: Scope) -> None:
    desk = Locking(form=FORMS[form], scope=scope)
    ended = run(desk, CHOSEN)
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["REJ-1"].verdict == "could-not-judge"
    assert judged["REQ-1"].verdict == "holds"
    # "Every one of many logins": what a lock refused was not judged.
    # A bare 403 or 429 to all is none: it ends the run, and what came before is judged.
    is_lock = scope != "all" or form not in ("403", "429")
    assert bool(ended.recording.locks) == is_lock
    assert (judged["SUC-8"].verdict == "could-not-judge") == is_lock
    assert exit_status(list(judged.values())) == 6
    assert desk.after_the_first_sign.total() == 0
    # Few right logins run against the wall.
    assert max(desk.refused.values()) <= 14


def test_what_was_judged_before_a_lock_stays_and_what_it_does_not_concern_is_judged() -> None:
    ended = run(Locking(form=FORMS["423 with 99"]), CHOSEN)
    judged = ended.verdicts()
    assert {judged[one].verdict for one in ("REJ-2", "REJ-4", "REJ-7", "SUC-1")} == {"holds"}
    lock = ended.recording.locks["main"]
    assert ended.recording.unsent["wrong-password-slashes"].word == "locked"
    shown = {one.id: one for one in ended.recording.exchanges}[lock.shown]
    assert shown.answer is not None
    assert shown.answer.status == 423


def test_one_refused_login_is_no_lock_and_wrong_passwords_go_on() -> None:
    desk = Locking(ends=1)
    ended = run(desk, CHOSEN)
    assert failing(ended.verdicts()) == {"SUC-8"}
    assert ended.recording.locks == {}
    assert "locked" not in ended.reasons()


@pytest.mark.parametrize("form", ["10", "423 with 99", "403"])
def test_an_account_that_is_let_in_again_so_soon_was_not_locked(form: str) -> None:
    ended = run(Locking(form=FORMS[form], ends=4), [*WRONG, "empty-body"])
    # What has no envelope is ENV-1's finding, and of no outcome.
    assert ("ENV-1" if form == "403" else "SUC-8") in failing(ended.verdicts())
    assert not ended.recording.locks


def test_an_account_that_is_let_in_again_after_half_a_minute_was_locked(clock: Clock) -> None:
    def wait() -> list[str]:
        clock.sleep(31)
        return []

    ended = run(Locking(ends=5), [*WRONG, "empty-body"], wait)
    assert failing(ended.verdicts()) == set()
    assert "main" in ended.recording.locks


def test_a_right_login_refused_twice_without_a_wrong_one_before_is_a_finding() -> None:
    seen: list[int] = []

    def instead(_received: Received, code: str) -> bytes | None:
        seen.extend([1] if code == "12" else [])
        return FORMS["10"] if seen and code == "00" else None

    ended = run(Desk(instead=instead), [*PLAIN, "empty-body"])
    assert "SUC-8" in failing(ended.verdicts())
    assert ended.recording.locks == {}


def test_no_password_of_any_account_is_sent_when_all_are_locked() -> None:
    ended = run(Locking(scope="logins", form=FORMS["99"]), CHOSEN)
    at = max(
        number
        for number, one in enumerate(ended.recording.exchanges)
        if one.role in ("login", "follow-up") and one.request.account in ("main", "second", "other")
    )
    later: list[Any] = [one.request for one in ended.recording.exchanges[at + 1 :]]
    secrets = {plain(one.password) for one in (MAIN, SECOND, BLOCKED)}
    assert all(plain(one.password) not in secrets for one in later)


def test_of_an_account_that_nobody_tried_it_is_not_said_that_it_looks_locked() -> None:
    ended = run(Locking(after=1), [*CHOSEN, "other-wrong-password"])
    assert {"main", "second", "other"} <= ended.recording.locks.keys()
    reason = ended.recording.unsent["blocked-company"]
    assert (reason.word, reason.about) == ("locked-others", "blocked")
    assert ended.recording.unsent["wrong-password-slashes"].word == "locked"
    judged = ended.verdicts()["REJ-4"]
    assert (judged.verdict, judged.reason.key if judged.reason else "") == (
        "could-not-judge",
        "reason-locked-others",
    )
