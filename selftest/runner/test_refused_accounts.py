"""An account that is not let in: a finding where it is the server's, and never a lock of ours."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from esignon_conformance.target.target import Account
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.exchanges import MAIN, SECOND, TARGET, header_of, plain
from selftest.support.judged import failing
from selftest.support.login_desk import (
    JSON_LINES,
    WRONG,
    Desk,
    of,
    run,
)
from selftest.support.raw_server import Received, answer


def refusing(*accounts: Account, code: str = "10", after: int = 0) -> Desk:
    """Return a desk that refuses an account's right login, from some login on."""
    seen: Counter[str] = Counter()

    def instead(received: Received, was: str) -> bytes | None:
        for account in accounts:
            if was == "00" and plain(account.email).encode() in received.body:
                seen[plain(account.email)] += 1
                if seen[plain(account.email)] > after:
                    document = {"header": header_of(code)}
                    return answer(
                        json.dumps(document).encode(), "200 OK", "Content-Type: application/json"
                    )
        return None

    return Desk(instead=instead)


@pytest.mark.parametrize("code", ["10", "99", "95"])
def test_after_a_first_login_that_is_refused_nothing_more_is_sent_with_that_account(
    code: str,
) -> None:
    more = [
        "get-with-body",
        "burst-two-accounts",
        "unknown-email",
        "empty-body",
        "password-blank-after",
    ]
    ended = run(refusing(MAIN, code=code), [*WRONG, *more])
    # Each time on another connection, and once more where it is no matter of credentials.
    times = 2 if code == "10" else 3
    assert ended.desk.times_named(MAIN) == times
    assert not any(
        plain(MAIN.email).encode() in one.body.lower() for one in ended.server.received[times:]
    )
    assert ended.reason("wrong-password") == ("first-login-refused", "main")
    assert ended.reason("get-with-body") == ("first-login-refused", "main")
    assert ended.reason("burst-two-accounts") == ("first-login-refused", "main")
    judged = ended.verdicts()
    assert failing(judged) == {"REQ-1"}
    # The second account is let in, and what its logins hold is judged; but not what asks for the first.
    assert judged["SUC-1"].verdict == judged["SUC-8"].verdict == "holds"
    assert judged["REJ-1"].verdict == judged["SEC-6"].verdict == "not-judged"
    # What needs no account is judged all the same.
    assert judged["REJ-2"].verdict == judged["REJ-7"].verdict == "holds"
    assert exit_status(list(judged.values())) == 1


def test_the_other_accounts_are_used_all_the_same() -> None:
    ended = run(refusing(SECOND), of("wrong-password", "right"))
    assert ended.desk.times_named(SECOND) == 2
    assert ended.reason("wrong-password") is None
    # Hundreds of right logins of the first account were whole, so what they hold is judged.
    judged = ended.verdicts()
    assert failing(judged) == {"REQ-1"}
    assert judged["SUC-5"].verdict == judged["SUC-8"].verdict == "holds"
    assert ended.reason("second-wrong-password") == ("first-login-refused", "second")
    assert ended.desk.times_named(MAIN) > 20


def test_a_first_login_that_is_refused_once_is_suc_8s() -> None:
    # A lagging replica behind a round robin does not know the account yet.
    def lagging(received: Received, code: str) -> bytes | None:
        if code == "00" and plain(SECOND.email).encode() in received.body and not lagged:
            lagged.append(True)
            return answer(json.dumps({"header": header_of("10")}).encode(), "200 OK", *JSON_LINES)
        return None

    lagged: list[bool] = []
    ended = run(Desk(instead=lagging), of("wrong-password", "right"))
    assert failing(ended.verdicts()) == {"SUC-8"}
    assert ended.reason("second-wrong-password") is None


def test_an_account_that_was_locked_by_this_run_is_no_finding() -> None:
    ended = run(
        Desk(lock_after=3),
        [*WRONG, "empty-body", "json-null", "unknown-email", "password-cut-last"],
    )
    # It is not the fourth wrong one that locks it here but the third, which the suite may send.
    assert ended.desk.locked <= {plain(MAIN.email), plain(SECOND.email)}
    assert plain(MAIN.email) in ended.desk.locked
    right = [
        password == plain(MAIN.password)
        for email, password in ended.desk.tried
        if email == plain(MAIN.email)
    ]
    # Right logins of it after the third, and no wrong one: that which is due, one on the kept connection,
    # two on new ones, one while the lock is young, one at the end.
    assert re.search("rwwwr{4,6}$", "".join("wr"[one] for one in right))
    assert ended.reason("wrong-password-slashes") == ("locked", "main")
    judged = ended.verdicts()
    assert failing(judged) == set()
    words = {judged[one].verdict for one in ("SUC-8", "REJ-1", "SEC-2")}
    assert words == {"could-not-judge"}
    assert exit_status(list(judged.values())) == 6


def test_a_login_that_is_refused_once_after_wrong_ones_and_then_let_in_is_a_finding() -> None:
    refused_once: list[None] = []

    def instead(received: Received, code: str) -> bytes | None:
        is_main = plain(MAIN.email).encode() in received.body
        if code == "00" and is_main and desk.named_in_a_row[plain(MAIN.email)] and not refused_once:
            refused_once.append(None)
            document = {"header": header_of("10")}
            return answer(json.dumps(document).encode(), "200 OK", "Content-Type: application/json")
        return None

    desk = Desk(instead=instead)
    ended = run(desk, [*WRONG, "empty-body", "unknown-email"])
    assert refused_once
    assert failing(ended.verdicts()) == {"SUC-8"}
    assert ended.reasons() <= {"not-applicable"}


def test_without_a_right_login_between_no_further_wrong_one_is_sent() -> None:
    def instead(_received: Received, code: str) -> bytes | None:
        # From the fifth login on, right ones break down.
        broken = code == "00" and len(desk.tried) > 12
        return answer(b"<html>", "500 Internal Server Error") if broken else None

    desk = Desk(instead=instead)
    ended = run(desk, WRONG)
    assert max(desk.most_wrong.values()) <= 3
    assert ended.reason("wrong-password-slashes") == ("no-right-login", "main")
    judged = ended.verdicts()
    assert "ENV-10" in failing(judged)
    assert "SUC-8" not in failing(judged)


def test_logins_that_are_broken_from_the_first_send_no_wrong_one_for_that_account() -> None:
    desk = Desk(instead=lambda _received, _code: answer(b"not even a page"))
    ended = run(desk, [*WRONG, "burst-two-accounts"])
    assert ended.reason("burst-two-accounts") == ("no-right-login", "main")
    assert {password for email, password in ended.desk.tried if email == plain(MAIN.email)} == {
        plain(MAIN.password)
    }
    assert max(ended.desk.most_named.values()) <= 3
    assert ended.reason("wrong-password") == ("no-right-login", "main")
    assert failing(ended.verdicts()) >= {"ENV-1"}


def test_an_account_that_the_settings_do_not_name_is_told() -> None:
    accounts = {name: one for name, one in TARGET.accounts.items() if name in ("main", "made-up")}
    ended = run(Desk(), WRONG, accounts=accounts)
    assert ended.reason("right-login-second") == ("no-account", "second")
    assert ended.reason("wrong-password-of-other-company") == ("no-account", "other")
    assert ended.reason("wrong-password") is None
