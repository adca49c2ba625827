"""Sending against a server that counts: no account is ever locked, and every end is a clear one."""

from __future__ import annotations

import itertools
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from esignon_conformance.contract.model import MALFORMED_KIND, Case
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.recording.response import outcome
from esignon_conformance.runner.schedule import executor
from esignon_conformance.runner.schedule.order import ordered
from esignon_conformance.target.host_policy import never_sent
from esignon_conformance.target.limits import ON_LOOPBACK
from esignon_conformance.target.target import Account
from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.delivery import Delivery
from esignon_conformance.transport.messages import Request
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.exchanges import (
    BLOCKED,
    LOGINS,
    MAIN,
    OTHER,
    SECOND,
    TARGET,
    contract,
    failing,
    header_of,
    plain,
)
from selftest.support.login_desk import (
    CASES,
    JSON_LINES,
    PLAIN,
    REAL,
    WRONG,
    Desk,
    of,
    run,
)
from selftest.support.raw_server import Received, answer

# ---- a whole run -----------------------------------------------------------------------------------


def test_a_server_that_holds_every_clause_is_found_to_and_nothing_is_locked() -> None:
    ended = run(Desk())
    assert ended.reasons() == {"not-applicable"}
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert {
        name for name, one in judged.items() if one.verdict in ("not-judged", "could-not-judge")
    } == {"SEC-5"}
    assert exit_status(list(judged.values())) == 0
    desk = ended.desk
    assert desk.locked == set()
    assert max(desk.most_wrong.values()) <= 3
    assert max(desk.most_named[plain(one.email)] for one in (MAIN, SECOND)) <= 3
    assert len([one for one in ended.logins() if not one.gave_up]) >= 12
    # Wrong credentials never for the blocked and the other company's account.
    for account in (BLOCKED, OTHER):
        passwords = {password for email, password in desk.tried if email == plain(account.email)}
        assert passwords == {plain(account.password)}
    assert ended.transport.requests == desk.requests


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_order_of_cases_locks_an_account(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret

    def shuffled(cases: Iterable[Case], **_said: object) -> list[Case]:
        rows = list(cases)
        chance.shuffle(rows)
        return rows

    monkeypatch.setattr(executor, "ordered", shuffled)
    chosen = of(
        "wrong-password", "wrong-type", "missing", "hostile", "right", "other-company", "blocked"
    )
    ended = run(Desk(), chosen)
    assert ended.desk.locked == set()
    assert max(ended.desk.most_wrong.values()) <= 3
    assert (
        max(ended.desk.most_named[email] for email in map(plain, (MAIN.email, SECOND.email))) <= 3
    )
    assert ended.reasons() <= {"not-applicable"}


def test_requests_that_name_an_account_without_being_let_in_count_too() -> None:
    def only_plain_logins(received: Received, code: str) -> bytes | None:
        # A server that turns away whatever is not the plain login, with a page.
        plain = (
            received.header("Content-Type") == "application/json" and b"wrong" not in received.body
        )
        return None if code == "00" and plain else answer(b"<html>", "404 Not Found")

    ended = run(Desk(instead=only_plain_logins), WRONG)
    assert max(ended.desk.most_named.values()) <= 3


def test_right_logins_come_before_the_first_wrong_one() -> None:
    ended = run(Desk(), WRONG)
    first_wrong = next(
        at
        for at, (email, password) in enumerate(ended.desk.tried)
        if email in REAL and plain(REAL[email].password) != password
    )
    before = [email for email, _ in ended.desk.tried[:first_wrong]]
    assert before.count(plain(MAIN.email)) >= 2
    assert before.count(plain(SECOND.email)) >= 2


# ---- an account that is not let in -----------------------------------------------------------------


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
    # two on new ones, one at the end.
    assert re.search("rwwwr{4,5}$", "".join("wr"[one] for one in right))
    assert ended.reason("wrong-password-slashes") == ("locked", "main")
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["SUC-8"].verdict == "holds"
    assert judged["REJ-1"].verdict == "could-not-judge"
    assert judged["SEC-2"].verdict == "could-not-judge"
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


# ---- what is sent beside the cases -----------------------------------------------------------------


def test_after_a_refusal_of_the_malformed_kind_right_logins_follow_on_both_kinds_of_connection() -> (
    None
):
    malformed = [
        case.id for case in CASES.values() if case.situation in MALFORMED_KIND and not case.tags
    ]
    ended = run(Desk(), [*PLAIN, *malformed])
    for case_id in malformed:
        if not list(ended.recording.of_case(case_id)):
            assert ended.reason(case_id) is not None
            continue
        *_, last = ended.recording.of_case(case_id)
        if outcome(last, frozenset(), contract().codes) not in contract().codes.refused:
            continue
        follow_ups = [one for one in ended.logins() if one.after == case_id]
        same, fresh = follow_ups[-2:]
        assert (same.reused, fresh.reused) == (True, False), case_id
        assert same.connection == last.connection
        # After the first of a kind, too; and, of some, on a new connection with no other answer before.
        before = [one.reused for one in follow_ups[:-2]]
        assert before in ([], [False], [True, False], [True, False, False]), case_id


def test_a_malformed_case_comes_directly_after_a_right_login_on_its_connection() -> None:
    malformed = [case.id for case in CASES.values() if case.situation == "malformed"][:20]
    ended = run(Desk(), [*PLAIN, *malformed])
    exchanges = ended.recording.exchanges
    for case_id in malformed[1:]:
        first = next(ended.recording.of_case(case_id))
        before = exchanges[exchanges.index(first) - 1]
        assert (before.role, before.connection) == ("follow-up", first.connection), case_id
        # And the second time on a new connection.
        assert [one.reused for one in ended.recording.of_case(case_id)][1:2] == [False]


def test_a_case_is_sent_as_often_as_it_says() -> None:
    ended = run(Desk(), ["unknown-email", "empty-body", "wrong-password"])
    for case_id in ("unknown-email", "empty-body", "wrong-password"):
        assert len(list(ended.recording.of_case(case_id))) == CASES[case_id].repeat


def test_what_deviates_is_sent_twice_more_at_the_end() -> None:
    ended = run(Desk(), ["unknown-email", "json-null"], lambda: ["json-null"])
    assert len(list(ended.recording.of_case("json-null"))) == CASES["json-null"].repeat + 2
    assert len(list(ended.recording.of_case("unknown-email"))) == CASES["unknown-email"].repeat


def test_a_part_of_a_run_sends_no_more_than_it_needs() -> None:
    ended = run(Desk(), ["unknown-email"])
    assert ended.desk.times_named(MAIN) <= 4
    assert {one.case for one in ended.recording.exchanges} <= {"unknown-email", *LOGINS.values()}


def test_bursts_overlap_and_mix_accounts() -> None:
    ended = run(Desk(), ["burst-two-accounts"])
    rows = [one for one in ended.recording.exchanges if one.role == "burst"]
    case = CASES["burst-two-accounts"]
    assert len(rows) == case.burst["size"] * case.burst["rounds"]
    assert {one.request.account for one in rows} == {"main", "second"}
    assert len({one.burst for one in rows}) == case.burst["rounds"]
    assert ended.verdicts()["SUC-9"].verdict == "holds"


@pytest.mark.parametrize(
    ("taken", "sizes", "word"), [(4, {4}, "holds"), (1, set(), "could-not-judge")]
)
def test_a_target_that_takes_few_at_once_is_judged_by_as_many(
    taken: int, sizes: set[int], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limited(
        self: Transport, wanted: list[Request], spread: float, *, once: bool
    ) -> list[Delivery]:
        assert not once
        deliveries = self._volleys.send(wanted, spread)
        return [replace(one, gave_up=len(wanted) > taken) for one in deliveries]

    monkeypatch.setattr(Transport, "burst", limited)
    ended = run(Desk(), ["burst-two-accounts"])
    bursts = Counter(one.burst for one in ended.recording.exchanges if one.role == "burst")
    assert set(bursts.values()) == sizes
    assert ended.verdicts()["SUC-9"].verdict == word


def test_every_second_burst_begins_bit_by_bit_while_others_are_on_their_way() -> None:
    def slow(_received: Received, _code: str) -> None:
        time.sleep(0.01)

    ended = run(Desk(instead=slow), ["burst-two-accounts"])
    spans: dict[int, float] = {}
    for number in range(1, CASES["burst-two-accounts"].burst["rounds"] + 1):
        began = [one.began for one in ended.recording.exchanges if one.burst == number]
        spans[number] = max(began) - min(began)
    assert min(spans[2], spans[4]) > 0.005
    assert ended.verdicts()["SUC-9"].verdict == "holds"


def test_equal_runs_send_equal_requests_in_equal_order() -> None:
    chosen = [*WRONG, "empty-body", "unknown-email"]
    first, second = (run(Desk(), names) for names in (chosen, reversed(chosen)))
    assert [one.case for one in first.recording.exchanges] == [
        one.case for one in second.recording.exchanges
    ]
    assert [one.id for one in ordered(CASES.values())][: len(PLAIN)] == [
        one.id for one in ordered(CASES.values()) if one.is_plain_right_login
    ]


def test_credentials_stand_in_a_url_only_on_this_machine() -> None:
    elsewhere = replace(TARGET, base_url="https://staging.esignon.invalid")
    tagged = [case for case in CASES.values() if case.tagged("credentials-in-url")]
    assert len(tagged) >= 4
    for case in tagged:
        assert never_sent(TARGET, case) is None
        assert never_sent(elsewhere, case) == Reason("url-credentials")


# ---- the limits of the run -------------------------------------------------------------------------


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
