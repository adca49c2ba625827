"""What is sent directly before a case, with nothing between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.runner.requests.contract_check import problems_of
from selftest.support.exchanges import contract
from selftest.support.login_desk import CASES, PLAIN, WRONG, Desk, ready, run

FOLLOWING = [one.id for one in CASES.values() if one.follows is not None]


@pytest.mark.parametrize("case_id", FOLLOWING)
def test_what_a_case_follows_is_sent_directly_before_it_on_its_connection(case_id: str) -> None:
    before = CASES[case_id].follows
    assert before is not None
    # Deviating cases are sent twice more: so is what they follow.
    ended = run(Desk(), [*PLAIN, "wrong-password", case_id], lambda: [case_id])
    rows = ended.recording.exchanges
    found = [at for at, one in enumerate(rows) if one.case == case_id]
    assert len(found) == 3
    for at in found:
        assert rows[at - 1].case == before
        assert rows[at - 1].connection == rows[at].connection


def test_what_is_not_sent_is_followed_by_nothing() -> None:
    reason = Reason("waived")
    with ready(Desk()) as (sender, ended):
        sender.held_back = {"unknown-email": reason}
        sender.send_all([*PLAIN, "unknown-email", "wrong-password-after-refusal"])
    assert ended.recording.unsent["wrong-password-after-refusal"] == reason
    assert not any(one.case == "unknown-email" for one in ended.recording.exchanges)


def test_with_all_wrong_passwords_none_follows_another_too_often() -> None:
    # The desk itself tells where an account is named, or tried, too often in a row.
    ended = run(Desk(), [*WRONG, *FOLLOWING])
    assert not ended.recording.locks
    assert all(any(ended.recording.of_case(name)) for name in FOLLOWING)


def test_a_case_follows_none_that_names_an_account() -> None:
    case = replace(CASES["wrong-password-after-get"], follows="get-with-body")
    assert any("nothing guards" in one for one in problems_of(case, contract()))
    assert not list(problems_of(CASES["wrong-password-after-get"], contract()))
