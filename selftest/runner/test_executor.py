"""Sending against a server that counts: no account is ever locked, and what is sent beside the cases."""

from __future__ import annotations

import random
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
from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.delivery import Delivery
from esignon_conformance.transport.messages import Request
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.exchanges import BLOCKED, LOGINS, MAIN, SECOND, TARGET, contract, plain
from selftest.support.judged import failing
from selftest.support.login_desk import (
    CASES,
    PLAIN,
    REAL,
    WRONG,
    Desk,
    of,
    run,
)
from selftest.support.raw_server import Received, answer


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
    # Wrong credentials never for the blocked company's account, which no right login lets in again.
    passwords = {password for email, password in desk.tried if email == plain(BLOCKED.email)}
    assert passwords == {plain(BLOCKED.password)}
    assert ended.transport.requests == desk.requests


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(one, marks=pytest.mark.slow) for one in (2, 3))]
)
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
    for case_id in ("unknown-email", "empty-body"):
        assert len(list(ended.recording.of_case(case_id))) == CASES[case_id].repeat
    # An essential case of REJ-1 and SEC-2 goes out once more when all have been sent: another version may
    # have been rolled out meanwhile.
    assert (
        len(list(ended.recording.of_case("wrong-password"))) == CASES["wrong-password"].repeat + 1
    )
    cases = [one.case for one in ended.recording.exchanges if one.role == "case"]
    assert cases[-1] == "wrong-password"


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
