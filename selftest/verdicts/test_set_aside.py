"""Cases that deviate for the sake of another one: they join its finding, and their clause says no more."""

from __future__ import annotations

import pytest

from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import (
    LOGINS,
    answered,
    burst,
    conforming,
    conforming_run,
    contract,
    fault,
    page,
    refusal,
    success,
    with_answer,
)
from selftest.support.judged import basis, failing, verdicts
from selftest.support.judged_runs import why

UNDER_OTHERS = ("own-account-under-other-company", "own-account-under-blocked-company")


def _all_logins_refused(code: str) -> list[Exchange]:
    """Return what most clauses build on, with every right login refused by one code."""
    others = [one for one in basis() if one.case not in LOGINS.values()]
    return [*(refusal(name, code=code) for name in LOGINS.values()), *others]


@pytest.mark.parametrize("plain", ["unknown-email", "blocked-company-unknown-email"])
def test_who_is_let_in_by_an_unknown_email_is_let_in_under_another_company_too(plain: str) -> None:
    judged = verdicts([*basis(), success(plain), *map(success, UNDER_OTHERS)])
    assert failing(judged) == {"REJ-2"}
    assert judged["REJ-2"].findings[0].cases == (plain, *UNDER_OTHERS)
    assert why(judged["REJ-6"]) == ("not-judged", "builds-on-failed", "REJ-2")


def test_under_another_company_alone_is_a_finding_of_its_own() -> None:
    assert failing(verdicts([*basis(), *map(success, UNDER_OTHERS)])) == {"REJ-6"}


@pytest.mark.parametrize(
    ("code", "clause", "case"),
    [("12", "REJ-2", "unknown-email"), ("10", "REJ-4", "blocked-company")],
)
def test_the_code_that_every_right_login_gets_says_nothing_of_another_login(
    code: str, clause: str, case: str
) -> None:
    others = [one for one in _all_logins_refused(code) if one.case != case]
    judged = verdicts([*others, refusal(case, code=code)])
    assert failing(judged) == {"REQ-1"}
    assert case in judged["REQ-1"].findings[0].cases
    assert why(judged[clause]) == ("not-judged", "builds-on-failed", "REQ-1")


@pytest.mark.parametrize(
    "answer", [refusal("blocked-company", code="12"), success("blocked-company")]
)
def test_another_code_or_a_token_is_a_finding_beside_refused_logins(answer: Exchange) -> None:
    assert failing(verdicts([*_all_logins_refused("10"), answer])) == {"REQ-1", "REJ-4"}


def test_one_account_that_is_refused_hides_nothing() -> None:
    others = [one for one in basis() if one.case != LOGINS["second"]]
    rows = [*others, refusal(LOGINS["second"], code="10"), refusal("blocked-company", code="10")]
    assert failing(verdicts(rows)) == {"REQ-1", "REJ-4"}


@pytest.mark.parametrize("only", [None, ["REJ-2"]])
def test_nul_after_the_email_is_told_with_the_wildcard_that_the_same_pattern_believes(
    only: list[str] | None,
) -> None:
    judged = verdicts(
        [*basis(), *map(success, ("like-percent-in-email", "odd-email-nul-after"))], only=only
    )
    assert failing(judged) == {"SEC-3"}
    assert judged["SEC-3"].findings[0].cases == ("like-percent-in-email", "odd-email-nul-after")
    assert why(judged["REJ-2"]) == ("not-judged", "told-as-injection", "SEC-3")


def test_nul_after_the_email_is_a_finding_of_its_own_where_no_wildcard_was_let_in() -> None:
    rows = [*basis(), refusal("like-percent-in-email"), success("odd-email-nul-after")]
    assert failing(verdicts(rows)) == {"REJ-2"}


def test_where_any_unknown_email_is_let_in_nul_after_the_email_stands_beside_it() -> None:
    let_in = ("unknown-email", "like-percent-in-email", "odd-email-nul-after")
    judged = verdicts([*basis(), *map(success, let_in)])
    assert failing(judged) == {"REJ-2"}
    assert set(judged["REJ-2"].findings[0].cases) == set(let_in)


def test_a_clause_that_is_asked_for_alone_knows_what_its_cases_build_on() -> None:
    rows = [*basis(), success("wrong-type-memb-email-object"), success("operator-ne-in-email")]
    judged = verdicts(rows, only=["SEC-3"])
    assert why(judged["SEC-3"]) == ("not-judged", "builds-on-failed", "REJ-8")


@pytest.mark.parametrize("odd", [b'{"header": {"session_id": None}}', b""])
def test_beside_a_right_login_without_an_outcome_nobody_says_that_every_one_succeeded(
    odd: bytes,
) -> None:
    rows = [*basis(), answered("right-login", odd, role="follow-up", after="unknown-email")]
    judged = verdicts([*rows, conforming("same-value-indented")])
    assert failing(judged) == {"ENV-1"}
    assert why(judged["SUC-8"]) == ("not-judged", "one-without-outcome", "")
    # What builds on it is judged all the same: the other logins were right.
    assert judged["REQ-2"].verdict == "holds"


def test_a_login_that_differs_is_told_beside_one_without_an_outcome() -> None:
    rows = [*basis(), answered("right-login", b""), refusal("right-login", code="99")]
    assert failing(verdicts(rows)) == {"ENV-1", "SUC-8"}


@pytest.mark.parametrize("spoilt", [0, 1])
def test_beside_an_overlapping_login_without_an_outcome_nobody_says_that_each_was_its_own(
    spoilt: int,
) -> None:
    case = next(one for one in contract().cases_of("SUC-9") if one.burst)
    rows = burst(case)
    if spoilt:
        rows[0] = with_answer(rows[0], status=500, body=b"")
    judged = verdicts([*conforming_run(), *rows])
    assert failing(judged) == ({"ENV-10"} if spoilt else set())
    told = why(judged["SUC-9"]) if spoilt else (judged["SUC-9"].verdict, "", "")
    assert told == (("not-judged", "one-without-outcome", "") if spoilt else ("holds", "", ""))


def test_what_is_never_an_envelope_leaves_nothing_out_of_the_overlap() -> None:
    rows = [*conforming_run(), *burst(contract().cases["burst-unknown-email"])]
    judged = verdicts(
        with_answer(one, body=b"no") if one.case == "unknown-email" else one for one in rows
    )
    assert failing(judged) == {"ENV-1"}
    assert judged["SUC-9"].verdict == "holds"


def test_beside_a_bad_request_without_an_outcome_nobody_says_that_it_gets_one_code_each_time() -> (
    None
):
    rows = [*conforming_run(), page("missing-body", 500)]
    judged = verdicts(rows)
    assert failing(judged) == {"ENV-10"}
    assert why(judged["REJ-11"]) == ("not-judged", "one-without-outcome", "")
    # What never is an envelope is another clause's alone.
    always = [page(one.case, 500) if one.case == "missing-body" else one for one in rows]
    assert verdicts(always)["REJ-11"].verdict == "holds"
    # "Each situation": where none of a whole one came to a code, as where the store is down, it is no tick.
    kind = [
        page(one.case, 500) if one.situation == "unknown-email" else one for one in [*rows[:-1]] * 2
    ]
    assert why(verdicts(kind)["REJ-11"]) == ("not-judged", "one-without-outcome", "")


@pytest.mark.parametrize("half", ["right", "others"])
def test_a_clause_of_every_answer_does_not_hold_where_no_refusal_or_no_success_was_left(
    half: str,
) -> None:
    rows = [
        with_answer(one, body=b"<p>") if (one.situation == "right") == (half == "right") else one
        for one in conforming_run()
        if one.request.method == "POST"
    ]
    judged = verdicts(rows)
    assert failing(judged) == {"ENV-1"}
    reason = {"right": "no-success-left", "others": "no-refusal-left"}[half]
    for clause in ("ENV-2", "ENV-3", "ENV-5", "ENV-7"):
        assert why(judged[clause]) == ("not-judged", reason, "")


def test_one_answer_of_each_half_is_enough() -> None:
    first = next(one for one in conforming_run() if one.situation == "malformed")
    rows = [
        with_answer(one, body=b"<p>") if one.situation != "right" and one is not first else one
        for one in conforming_run()
        if one.request.method == "POST"
    ]
    judged = verdicts(rows)
    assert failing(judged) == {"ENV-1"}
    assert judged["ENV-7"].verdict == "holds"


@pytest.mark.parametrize(
    ("base", "blanks"),
    [
        ("password-appended-letter", "password-blank-after"),
        ("password-appended-letter", "password-line-end-after"),
        ("password-prepended-letter", "password-blank-before"),
    ],
)
def test_blanks_around_a_password_of_which_a_part_is_read_are_told_once(
    base: str, blanks: str
) -> None:
    kept = [one for one in conforming_run() if one.case not in (base, blanks)]
    judged = verdicts([*kept, success(base), success(blanks)])
    assert failing(judged) == {"SEC-2"}
    assert {base, blanks} <= {name for one in judged["SEC-2"].findings for name in one.cases}
    assert why(judged["SEC-6"]) == ("not-judged", "builds-on-failed", "SEC-2")
    # Where nothing else is taken, they are forgiven as NIST permits.
    alone = verdicts([*kept, conforming(base), success(blanks)])
    assert alone["SEC-6"].verdict == "advisory"


def test_the_reason_is_true_of_what_came_back() -> None:
    case = "unknown-company-accent"
    kept = [one for one in conforming_run() if one.case != case]
    over_500 = with_answer(refusal(case), status=500)
    came = {
        "no-outcome-of-errors": [over_500],
        "no-outcome-of-none": [fault(case)],
        "no-outcome": [answered(case, b"{}")],
        "no-outcome-of-some": [over_500, fault(case)],
    }
    for key, exchanges in came.items():
        judged = verdicts([*kept, *exchanges])["REJ-5"]
        assert (judged.verdict, judged.left_out[case].key) == ("holds", key)
