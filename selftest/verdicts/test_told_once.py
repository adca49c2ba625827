"""One fault that lets in cases of several clauses is told by one of them."""

from __future__ import annotations

import pytest

from selftest.support.exchanges import (
    conforming,
    conforming_run,
    contract,
    refusal,
    success,
    with_answer,
)
from selftest.support.judged import failing, verdicts
from selftest.support.judged_runs import why


def test_a_password_that_is_missing_is_told_beside_an_empty_one() -> None:
    missing = ("missing-memb-pwd", "post-query-password-no-password", "operator-name-in-password")
    rows = [one for one in conforming_run(*missing) if one.case not in ("password-empty", *missing)]
    judged = verdicts([*rows, *map(success, ("password-empty", *missing))])
    assert failing(judged) == {"SEC-2"}
    (finding,) = judged["SEC-2"].findings
    assert set(finding.cases) == {"password-empty", *missing}
    assert why(judged["REJ-8"]) == ("not-judged", "builds-on-failed", "SEC-2")
    alone = verdicts([*rows, conforming("password-empty"), success("missing-memb-pwd")])
    assert failing(alone) == {"REJ-8"}


def test_a_password_that_is_no_text_is_told_with_one_that_is_missing() -> None:
    # As where None is what a mapping gives for both, or where only a text is compared.
    types = ("null", "boolean", "number", "array", "object")
    no_text = (
        "password-zero",
        "password-empty-array",
        *(f"wrong-type-memb-pwd-{one}" for one in types),
    )
    let_in = ("missing-memb-pwd", *no_text)
    rows = [one for one in conforming_run(*let_in) if one.case not in let_in]
    judged = verdicts([*rows, *map(success, let_in)])
    assert failing(judged) == {"REJ-8"}
    (finding,) = judged["REJ-8"].findings
    assert set(finding.cases) == set(let_in)
    assert why(judged["SEC-2"])[0] == "not-judged"
    # Where one that is missing is refused, it is the comparing that is at fault.
    alone = verdicts([*rows, refusal("missing-memb-pwd", code="12"), *map(success, no_text)])
    assert failing(alone) == {"SEC-2"}


def test_a_case_is_told_where_the_one_that_it_builds_on_is_told() -> None:
    # An array of guesses builds on an array with the password, which a missing password tells of.
    let_in = ("missing-memb-pwd", "wrong-type-memb-pwd-array", "password-in-array-of-guesses")
    rows = [one for one in conforming_run(*let_in) if one.case not in let_in]
    judged = verdicts([*rows, *map(success, let_in)])
    assert failing(judged) == {"REJ-8"}
    assert set(judged["REJ-8"].findings[0].cases) == set(let_in)
    judged = verdicts([*rows, refusal(let_in[0], code="12"), *map(success, let_in[1:])])
    assert failing(judged) == {"SEC-2"}


@pytest.mark.parametrize(
    ("told", "by", "clause_id"),
    [
        ("regex-in-password", "password-middle", "SEC-2"),
        ("other-company-as-client", "unknown-company-as-client", "REJ-5"),
        ("password-blank-after", "password-blank-inside", "SEC-2"),
        ("password-wide-blanks-around", "password-appended-hangul", "SEC-2"),
        ("second-password-null", "second-missing-memb-pwd", "REJ-8"),
        ("wrong-password-company-letter-case", "unknown-company", "REJ-5"),
        ("wrong-password-without-request-code", "missing-memb-pwd", "REJ-8"),
    ],
)
def test_one_fault_that_lets_in_cases_of_two_clauses_is_told_once(
    told: str, by: str, clause_id: str
) -> None:
    rows = [one for one in conforming_run(told, by) if one.case not in (told, by)]
    judged = verdicts([*rows, success(told), success(by)])
    assert failing(judged) == {clause_id}
    assert {told, by} <= set(judged[clause_id].findings[0].cases)
    other = contract().cases[told].clause
    assert judged[other].verdict == "not-judged"
    # By itself each is its own clause's finding.
    alone = verdicts([*rows, success(told)])
    assert alone[other].verdict in ("fails", "advisory")


def test_an_answer_of_another_account_altogether_is_told_by_its_email_alone() -> None:
    other = success("right-login-other")
    foreign = with_answer(success("right-login"), body=other.answer.body if other.answer else b"")
    rows = [one for one in conforming_run() if one.case != "right-login"]
    judged = verdicts([foreign, *rows])
    assert failing(judged) == {"SUC-5"}
    assert why(judged["SUC-2"]) == ("not-judged", "builds-on-failed", "SUC-5")
    # A company that is not the one of that email is a fault of its own.
    mixed = with_answer(foreign, {"/body/comp_id": "elsewhere"})
    assert failing(verdicts([mixed, *rows])) == {"SUC-2", "SUC-5"}


def test_where_a_missing_member_is_let_in_its_codes_in_turn_are_the_same_fault() -> None:
    turns = [refusal("missing-memb-pwd-unknown-email", code=code) for code in ("10", "12")]
    judged = verdicts([*conforming_run(), *turns])
    assert "REJ-11" in failing(judged)
    judged = verdicts([*conforming_run(), *turns, success("missing-memb-pwd")])
    assert failing(judged) == {"REJ-8"}
    assert why(judged["REJ-11"])[:2] == ("not-judged", "told-as-injection")


def test_where_a_blocked_company_is_let_in_at_times_an_email_in_it_is_the_same_fault() -> None:
    turns = [refusal("blocked-company-unknown-email", code=code) for code in ("95", "10")]
    rows = [*conforming_run(), *turns]
    assert failing(verdicts(rows)) == {"REJ-11"}
    assert failing(verdicts([*rows, success("blocked-company")])) == {"REJ-4"}
