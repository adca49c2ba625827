"""The limits of a run hold whatever is sent, and gateways and firewalls are no finding."""

from __future__ import annotations

import itertools
import json
import threading
from collections import Counter
from dataclasses import replace

import pytest

from esignon_conformance.contract.model import MALFORMED_KIND
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.runner.schedule.order import ordered
from esignon_conformance.target.limits import ON_LOOPBACK
from selftest.support.exchanges import MAIN, SECOND, header_of, plain
from selftest.support.judged import failing
from selftest.support.login_desk import (
    CASES,
    JSON_LINES,
    PLAIN,
    REAL,
    Desk,
    of,
    run,
)
from selftest.support.raw_server import Received, answer


@pytest.mark.parametrize(("row", "most"), [(1, 3), (2, 10), (3, 0)])
def test_limits_of_wrong_passwords_hold_whatever_is_sent(row: int, most: int) -> None:
    limits = replace(ON_LOOPBACK, wrong_passwords_in_a_row=row, wrong_passwords=most)
    chosen = of("wrong-password", "wrong-type", "missing", "hostile", "right", "other-company")
    ended = run(Desk(), chosen, confirm=lambda: ["wrong-password"] * 12, limits=limits)
    assert ended.desk.locked == set()
    assert max(ended.desk.most_wrong.values(), default=0) <= row
    sent: Counter[str] = Counter()
    for email, password in ended.desk.tried:
        if email in REAL and password != plain(REAL[email].password):
            sent[email] += 1
    assert max(sent.values(), default=0) <= most
    assert "wrong-passwords" in ended.reasons()


@pytest.mark.parametrize(
    ("row", "most", "rounds"), [(3, None, 4), (2, 9, 4), (2, 8, 0), (1, None, 0), (3, 0, 0)]
)
def test_wrong_passwords_that_go_out_at_once_keep_the_limits(
    row: int, most: int | None, rounds: int
) -> None:
    limits = replace(ON_LOOPBACK, wrong_passwords_in_a_row=row, wrong_passwords=most)
    # Whatever comes before the burst, and in whatever order the server takes what is in it.
    chosen = ["right-login", "wrong-password-one-letter", "burst-wrong-password"]
    ended = run(Desk(lock_after=row + 1), chosen, limits=limits)
    assert ended.desk.locked == set()
    burst = [one for one in ended.recording.exchanges if one.role == "burst"]
    assert Counter(one.case for one in burst) == Counter(
        {"right-login": 6 * rounds, "wrong-password": 2 * rounds}
    )
    told = ended.reason("burst-wrong-password")
    assert told == (None if rounds else ("wrong-passwords", "main"))


def test_a_burst_is_no_larger_than_the_concurrency() -> None:
    chosen = ["right-login", "right-login-second", "burst-two-accounts"]
    ended = run(Desk(), chosen, limits=replace(ON_LOOPBACK, concurrency=3))
    sizes = Counter(one.burst for one in ended.recording.exchanges if one.role == "burst")
    assert set(sizes.values()) == {3}
    ended = run(Desk(), chosen, limits=replace(ON_LOOPBACK, concurrency=1))
    assert ended.reason("burst-two-accounts") == ("no-concurrency", "")


def test_a_gateway_that_repeats_a_wrong_password_counts_each_time() -> None:
    page = answer(b"<html>", "504 Gateway Timeout")

    def gateway(_received: Received, code: str) -> bytes | None:
        return page if code == "10" else None

    ended = run(Desk(instead=gateway), of("wrong-password", "right"))
    assert max(ended.desk.most_named[email] for email in (plain(MAIN.email),)) <= 3


def test_a_gateway_that_fails_now_and_then_is_no_finding_however_near_the_limit_is() -> None:
    page, asked = answer(b"<html>", "502 Bad Gateway"), Counter[bytes]()

    def gateway(received: Received, code: str) -> bytes | None:
        asked[received.body] += 1
        # The first time that anything is asked; nothing is asked only once or twice in a row.
        return page if code == "10" and asked[received.body] == 1 else None

    ended = run(Desk(instead=gateway), of("wrong-password", "right"))
    assert max(ended.desk.most_named[email] for email in (plain(MAIN.email),)) <= 3
    left = [
        one.case
        for one in ended.recording.exchanges
        if one.answer is not None and one.answer.status == 502 and not one.gave_up
    ]
    assert left == []


@pytest.mark.parametrize("in_a_row", [1, 2, 3])
def test_a_gateway_that_always_fails_is_a_finding_however_little_may_be_sent(in_a_row: int) -> None:
    page = answer(b"<html>", "504 Gateway Timeout")

    def gateway(received: Received, _code: str) -> bytes | None:
        return page if b"request_code" not in received.body else None

    limits = replace(ON_LOOPBACK, wrong_passwords_in_a_row=in_a_row)
    # The right credentials, so that it may go out more than once, and its account is named.
    chosen = [*of("right"), "missing-request-code"]
    ended = run(Desk(instead=gateway), chosen, limits=limits)
    assert ended.desk.most_named[plain(MAIN.email)] <= in_a_row
    shown = [
        one
        for one in ended.recording.of_case("missing-request-code")
        if one.answer is not None and one.answer.status == 504 and not one.gave_up
    ]
    assert shown


def after_the_first_hostile(*answers: bytes) -> Desk:
    """Return a desk that turns away every request after the first hostile one."""
    seen: list[int] = []

    def instead(received: Received, _code: str) -> bytes | None:
        if seen:
            seen.append(1)
            return answers[min(len(seen) - 2, len(answers) - 1)]
        if b"' OR '1'='1" in received.body:
            seen.append(1)
        return None

    return Desk(instead=instead)


def test_a_login_turned_away_after_a_hostile_case_ends_the_run_and_is_no_finding() -> None:
    page = answer(b"<html>", "403 Forbidden")
    ended = run(after_the_first_hostile(page), of("right", "hostile"))
    assert ended.recording.ended == Reason("barred", "sql-or-in-email")
    assert "barred" in ended.reasons()
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["SEC-3"].verdict == "could-not-judge"


def test_a_login_that_fails_otherwise_after_a_hostile_case_is_the_servers_finding() -> None:
    for data, clause in (
        (answer(b"{}", "500 Oops"), "ENV-10"),
        (answer(b'{"header": {}}', "200 OK", "Content-Type: application/json"), "SUC-8"),
    ):
        ended = run(after_the_first_hostile(data), of("right", "hostile"))
        assert ended.recording.ended is None
        assert failing(ended.verdicts()) & {clause, "REQ-1", "ENV-5", "ENV-3"}


def test_hostile_cases_are_the_last_of_all_where_a_firewall_may_stand() -> None:
    sent = ordered(CASES.values(), hostile_last=True)
    # But for what a gateway may choke on.
    order = [case.tagged("hostile") for case in sent if not case.is_oddly_framed]
    assert order == sorted(order)
    assert order.count(True) > 40


@pytest.mark.slow
def test_a_server_whose_new_connections_are_cold_for_an_account_fails_suc_8_and_not_the_account() -> (
    None
):
    known = threading.local()

    def cold(received: Received, code: str) -> bytes | None:
        # Each connection is served in a thread of its own.
        first, known.seen = not getattr(known, "seen", False), True
        if code == "00" and first and plain(SECOND.email).encode() in received.body:
            return answer(json.dumps({"header": header_of("99")}).encode(), "200 OK", *JSON_LINES)
        return None

    ended = run(Desk(instead=cold))
    assert "first-login-refused" not in ended.reasons()
    assert failing(ended.verdicts()) == {"SUC-8"}


@pytest.mark.parametrize("situation", sorted(MALFORMED_KIND))
def test_a_login_comes_right_after_a_refusal_on_both_kinds_of_connection(situation: str) -> None:
    cases = [case.id for case in CASES.values() if case.situation == situation and not case.burst]
    ended = run(Desk(), [*PLAIN, *cases])
    directly = [
        after.reused
        for before, after in itertools.pairwise(ended.recording.exchanges)
        if before.situation == situation and before.role == "case" and after.after
    ]
    assert set(directly) == {True, False}
