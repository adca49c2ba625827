"""A lock or a limit of one email that is told as 429, and how it is told from a limit of the pace."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.runner.schedule import account_locks, inquiry
from esignon_conformance.transport import rate_limit as pace_module
from esignon_conformance.transport.json_reader import member, read_json
from selftest.support.clock import Clock
from selftest.support.exchanges import MADE_UP, MAIN, plain
from selftest.support.judged import failing
from selftest.support.login_desk import CASES, PLAIN, REAL, WRONG, Desk, run, six_at_a_time
from selftest.support.raw_server import Received, answer

MANY = answer(b"", "429 Too Many Requests")
IN_A_MINUTE = answer(b"", "429 Too Many Requests", "Retry-After: 50")
BY_EMAIL = [one.id for one in CASES.values() if one.situation == "unknown-email" and not one.burst]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let no test wait."""
    made = Clock()
    for module in (pace_module, inquiry, account_locks):
        monkeypatch.setattr(module, "time", made)
    return made


def locking(said: bytes, after: int = 3) -> Callable[[Received, str], bytes | None]:
    """Return what locks an email for good after some failures in all, whether an account has it or not."""
    failed: Counter[str] = Counter()

    def instead(received: Received, code: str) -> bytes | None:
        email = member(read_json(received.body).value, "/body/memb_email")[1]
        if not isinstance(email, str) or code not in ("00", "10"):
            return None
        if failed[email] >= after:
            return said
        failed[email] += code == "10"
        return None

    return instead


@pytest.mark.parametrize("said", [MANY, IN_A_MINUTE])
def test_an_unknown_email_that_is_locked_by_429_slows_nothing_down(
    said: bytes, clock: Clock
) -> None:
    began = clock.now
    ended = run(Desk(instead=locking(said, after=2)), [*PLAIN, *BY_EMAIL, "empty-body"])
    assert clock.now - began < 30
    assert ended.transport.pace.interval == 0
    assert ended.recording.ended is None
    assert MADE_UP.email in ended.recording.own_limits
    assert not ended.recording.locks
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["REJ-2"].verdict == judged["REJ-7"].verdict == "holds"
    # The tick says which cases it was not judged by, and why.
    assert {one.key for one in judged["REJ-2"].left_out.values()} >= {"reason-limited-email"}


@pytest.mark.parametrize("said", [MANY, IN_A_MINUTE])
def test_no_email_that_nobody_has_is_sent_so_often_that_a_lock_meets_it(
    said: bytes, clock: Clock
) -> None:
    ended = run(Desk(instead=locking(said, after=5)), [*PLAIN, *BY_EMAIL, "burst-unknown-email"])
    assert not ended.recording.own_limits
    assert not ended.verdicts()["REJ-2"].left_out


@pytest.mark.parametrize("said", [MANY, IN_A_MINUTE])
def test_an_account_that_is_locked_by_429_ends_no_run(said: bytes, clock: Clock) -> None:
    began = clock.now
    # Without the third wrong password of the second account, which meets a lock of its own.
    wrong = [name for name in WRONG if name != "second-wrong-password-language-en"]
    ended = run(Desk(instead=locking(said)), [*wrong, "empty-body"])
    assert clock.now - began < 60
    assert ended.recording.ended is None
    assert "main" in ended.recording.locks
    assert ended.transport.pace.interval == 0
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["REJ-7"].verdict == "holds"
    assert judged["REJ-1"].verdict == "could-not-judge"
    # One cause has one telling: what is a limit of the email is not told as a lock beside it.
    is_limited = MAIN.email in ended.recording.own_limits
    why = {one.word for one in ended.recording.unsent.values()}
    why |= {one.word for one in ended.recording.excused.values()}
    assert ("limited-email" in why) == is_limited
    assert ("locked" in why) != is_limited


def test_a_pace_that_one_email_alone_has_lowered_is_taken_back(clock: Clock) -> None:
    """The account is let in once more after a minute, and then no more."""
    lock, logins = locking(IN_A_MINUTE, after=99), Counter[str]()

    def instead(received: Received, code: str) -> bytes | None:
        if code == "00" and plain(MAIN.email).encode() in received.body:
            logins["main"] += 1
            return IN_A_MINUTE if logins["main"] == 5 or logins["main"] > 7 else None
        return lock(received, code)

    ended = run(Desk(instead=instead), [*WRONG, *BY_EMAIL])
    assert logins["main"] > 7
    assert 30 in clock.slept
    assert MAIN.email in ended.recording.own_limits
    assert ended.transport.pace.interval == 0


def test_a_lock_is_known_where_there_is_no_other_account(clock: Clock) -> None:
    desk = Desk(instead=locking(IN_A_MINUTE, after=7))
    accounts = {"main": MAIN, "made-up": MADE_UP}
    ended = run(desk, [*WRONG, "empty-body"], accounts=accounts)
    assert ended.recording.ended is None
    assert "main" in ended.recording.locks
    assert ended.verdicts()["REJ-7"].verdict == "holds"


def test_a_limit_of_the_pace_is_taken_for_none_of_an_email() -> None:
    ended = run(Desk(instead=six_at_a_time()), [*PLAIN, *BY_EMAIL[:6]])
    assert ended.transport.pace.interval > 0
    assert not ended.recording.own_limits


def test_a_limit_that_all_meet_is_taken_for_none_of_an_email(clock: Clock) -> None:
    def instead(_received: Received, _code: str) -> bytes | None:
        return MANY if desk.requests > 20 else None

    desk = Desk(instead=instead)
    ended = run(desk, [*PLAIN, *BY_EMAIL])
    assert not ended.recording.own_limits
    assert ended.recording.ended is not None
    assert ended.recording.ended.word == "limited"


def test_patience_that_waiting_uses_up_shows_what_was_answered(clock: Clock) -> None:
    """Two requests a minute for each email: every one is let in again, and each wait is long."""
    minutes: Counter[tuple[str, int]] = Counter()

    def instead(received: Received, _code: str) -> bytes | None:
        email = str(member(read_json(received.body).value, "/body/memb_email")[1])
        minutes[email, int(clock.now // 60)] += 1
        if minutes[email, int(clock.now // 60)] <= 2:
            return None
        wait = f"Retry-After: {60 - int(clock.now % 60)}"
        return answer(b"", "429 Too Many Requests", wait, "RateLimit-Limit: 2")

    ended = run(Desk(instead=instead), [*PLAIN, *BY_EMAIL, *WRONG])
    assert ended.recording.ended == Reason("limited")
    assert ended.recording.stop is not None
    shown = ended.recording.exchanges[-1]
    assert ended.recording.stop.shown == shown.id
    assert shown.answer is not None
    assert shown.answer.status == 429


def test_a_wrong_password_is_never_sent_twice_to_find_out(clock: Clock) -> None:
    sent: Counter[tuple[object, object]] = Counter()
    lock = locking(IN_A_MINUTE, after=1)

    def instead(received: Received, code: str) -> bytes | None:
        said = lock(received, code)
        body = json.loads(received.body)["body"] if said is not None else {}
        email, password = body.get("memb_email"), body.get("memb_pwd")
        if email in REAL and password != plain(REAL[email].password):
            sent[email, password] += 1
        return said

    run(Desk(instead=instead), WRONG)
    assert max(sent.values()) == 1


HOSTILE = [one.id for one in CASES.values() if one.situation == "hostile"]
ATTACK = re.compile(rb"'|\$(?:ne|gt|regex|eq|in|exists)|\{\{|\)\(")


@pytest.mark.parametrize(
    "said",
    [MANY, IN_A_MINUTE, answer(b"", "503 Service Unavailable", "Retry-After: 5")],
    ids=["429", "429 for a minute", "503"],
)
def test_a_firewall_that_says_so_to_attacks_is_taken_for_no_limit(
    said: bytes, clock: Clock
) -> None:
    """Azure's firewalls can be told to answer 429: that is no word on the pace, nor on an account."""

    def instead(received: Received, _code: str) -> bytes | None:
        return said if ATTACK.search(received.body) else None

    began = clock.now
    ended = run(Desk(instead=instead), [*PLAIN, *HOSTILE, *WRONG, *BY_EMAIL])
    assert clock.now - began < 300
    assert ended.recording.ended is None
    assert not ended.recording.locks
    assert not ended.recording.own_limits
    assert ended.transport.pace.interval == 0
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert (judged["SEC-3"].verdict, judged["REJ-1"].verdict) == ("not-judged", "holds")


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_limit_that_wrong_logins_alone_meet_is_not_waited_for(status: str, clock: Clock) -> None:
    """A server that tells a wrong password so, or what counts failures in front of it."""
    said, began = answer(b"", status, "Retry-After: 1"), clock.now
    desk = Desk(lock_after=99, instead=lambda _received, code: said if code == "10" else None)
    ended = run(desk, [*WRONG, "empty-body"])
    assert clock.now - began < 30
    assert ended.transport.pace.interval == 0
    assert ended.recording.ended is None
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["REJ-7"].verdict == "holds"
    reason = judged["REJ-1"].reason
    assert judged["REJ-1"].verdict == "could-not-judge"
    assert reason is not None
    assert reason.key == "reason-limited-wrong"


def test_a_limit_of_the_pace_that_meets_wrong_logins_too_is_waited_for(clock: Clock) -> None:
    moments: list[float] = []

    def instead(_received: Received, _code: str) -> bytes | None:
        moments[:] = [one for one in moments if clock.now - one < 1]
        if len(moments) >= 3:
            return answer(b"", "429 Too Many Requests", "Retry-After: 1")
        moments.append(clock.now)
        return None

    ended = run(Desk(lock_after=99, instead=instead), WRONG)
    assert "limited-wrong" not in {one.word for one in ended.recording.excused.values()}


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_what_a_firewall_says_of_one_after_the_other_is_not_asked_about_each_time(
    status: str, clock: Clock
) -> None:
    said = answer(b"", status, "Retry-After: 1")
    desk = Desk(instead=lambda _received, code: said if code == "10" else None)
    plain_desk = Desk()
    ended, usual = (run(one, [*PLAIN, *BY_EMAIL, *HOSTILE]) for one in (desk, plain_desk))
    assert ended.recording.ended is None
    assert failing(ended.verdicts()) == set()
    assert len(usual.recording.exchanges) > 100
    assert desk.requests < 1.4 * plain_desk.requests
