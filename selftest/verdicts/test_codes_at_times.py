"""SUC-8: a code that right logins get at times, as from a limiter, is no other clause's finding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esignon_conformance.i18n.message import say
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.judge import judge
from selftest.support.exchanges import TARGET, burst, contract, refusal, success
from selftest.support.judged import basis, failing, recording, verdict, verdicts
from selftest.support.judged_runs import why


def at_times(code: str = "99", *, every: bool = False) -> list[Exchange]:
    """Return what most clauses build on, and right logins of which one gets a code, or each does."""
    rows = [refusal("right-login", code=code), *([] if every else [success()])]
    made = basis() if not every else [one for one in basis() if one.case != "right-login"]
    return [*made, *(replace(one, id=f"{one.id}-{at}") for at, one in enumerate(rows))]


def of(case: str, *codes: str) -> list[Exchange]:
    """Return the refusals of a case."""
    rows = [refusal(case, code=code) for code in codes]
    return [replace(one, id=f"{one.id}-again-{at}") for at, one in enumerate(rows)]


@pytest.mark.parametrize("codes", [("10", "99", "10"), ("99", "10", "10"), ("10", "99")])
def test_a_bad_request_that_gets_the_code_at_times_too_is_one_fault(codes: tuple[str, ...]) -> None:
    judged = verdicts([*at_times(), *of("unknown-email-hangul", *codes)])
    assert failing(judged) == {"SUC-8"}
    assert why(judged["REJ-11"]) == ("not-judged", "builds-on-failed", "SUC-8")


def test_a_bad_request_that_gets_two_other_codes_is_another_fault() -> None:
    judged = verdicts([*at_times(), *of("unknown-email-hangul", "10", "12", "99")])
    assert failing(judged) == {"SUC-8", "REJ-11"}


def test_a_case_that_got_the_code_once_says_nothing_of_its_clause() -> None:
    judged = verdicts([*at_times(), *of("wrong-password-hangul", "99")])
    assert failing(judged) == {"SUC-8"}
    assert why(judged["REJ-1"]) == ("not-judged", "builds-on-failed", "SUC-8")
    assert why(judged["REJ-3"])[0] == "not-judged"


def test_a_case_that_gets_the_code_each_time_is_another_fault() -> None:
    judged = verdicts([*at_times(), *of("wrong-password-hangul", "99", "99", "99")])
    assert failing(judged) == {"SUC-8", "REJ-1"}


def test_a_clause_that_fails_otherwise_too_fails() -> None:
    rows = [*of("wrong-password-hangul", "99"), *of("wrong-password-digits", "12")]
    judged = verdicts([*at_times(), *rows])
    assert failing(judged) == {"SUC-8", "REJ-1"}
    assert judged["REJ-1"].findings[0].cases == ("wrong-password-digits",)


def test_who_is_let_in_is_a_finding_whatever_right_logins_get() -> None:
    judged = verdicts([*at_times(), success("wrong-password-hangul")])
    assert "REJ-1" in failing(judged)


def test_a_code_that_every_right_login_gets_takes_no_other_verdict_away() -> None:
    judged = verdicts([*at_times(every=True), *of("wrong-password-hangul", "99")])
    assert failing(judged) == {"REQ-1", "REJ-1"}


def test_what_is_to_be_sent_again_is_told_before_that() -> None:
    made = recording([*at_times(), *of("wrong-password-hangul", "99")])
    judged = {one.clause: one for one in judge(contract(), TARGET, made, is_to_repeat=True)}
    assert judged["REJ-1"].findings


# ---- a case refused by the code that right logins get ----------------------------------------------


def now_and_then(refused: int, let_in: int) -> list[Exchange]:
    """Return what most clauses build on, and right logins of which so many got "99" in between."""
    rows = [*[success()] * (let_in - 1), *[refusal("right-login", code="99")] * refused, success()]
    return [*basis(), *(replace(one, id=f"{one.id}-{at}") for at, one in enumerate(rows))]


@pytest.mark.parametrize(
    ("logins", "times", "is_judged"),
    [
        pytest.param((6, 3), 1, False, id="most of the logins"),
        pytest.param((6, 3), 3, False, id="most of the logins, thrice"),
        pytest.param((3, 9), 2, True, id="a quarter of the logins, twice"),
        pytest.param((3, 9), 1, False, id="a quarter of the logins, once"),
        pytest.param((1, 40), 1, True, id="few of the logins"),
    ],
)
def test_a_refusal_by_a_code_that_right_logins_often_get_is_no_tick(
    logins: tuple[int, int], times: int, is_judged: bool
) -> None:
    judged = verdicts([*now_and_then(*logins), *of("unknown-company-hangul", *["99"] * times)])
    assert failing(judged) == {"SUC-8"}
    lost = judged["REJ-5"].left_out.get("unknown-company-hangul")
    assert (lost is None) == is_judged
    assert lost is None or lost.key == "as-right-logins-at-times"


def test_a_refusal_by_a_code_that_comes_after_such_a_request_is_no_tick() -> None:
    before, case = refusal("unknown-company-hangul", code="95"), "unknown-company-quote"
    rows = [*[success()] * 20, before, refusal("right-login", code="95"), success()]
    rows += [before, refusal(case, code="95")]
    judged = verdicts(
        [*basis(), *(replace(one, id=f"{one.id}-{at}") for at, one in enumerate(rows))]
    )
    assert failing(judged) == {"SUC-8"}
    # It stands directly behind another request of its situation.
    assert case in judged["REJ-5"].left_out
    rows[-2] = refusal("wrong-password")
    judged = verdicts(
        [*basis(), *(replace(one, id=f"{one.id}-{at}") for at, one in enumerate(rows))]
    )
    assert case not in judged["REJ-5"].left_out


def test_a_clause_whose_essential_case_got_that_code_is_not_judged() -> None:
    rows = [*now_and_then(6, 3), *of("password-empty", "99"), *of("password-appended-hangul", "10")]
    judged = verdicts(rows)
    verdict = judged["SEC-2"]
    assert verdict.verdict == "not-judged"
    assert verdict.reason is not None
    assert dict(verdict.reason.parts)["reason"] == say("as-right-logins-at-times")


def test_a_refusal_by_another_code_is_a_tick_all_the_same() -> None:
    judged = verdicts([*now_and_then(6, 3), *of("unknown-company-hangul", "95")])
    assert "unknown-company-hangul" not in judged["REJ-5"].left_out


# ---- between right logins that are refused ---------------------------------------------------------


def in_maintenance(*cases: str, back: bool = False) -> list[Exchange]:
    """Return a run in which everybody gets "99" from some moment on, or for a while."""
    rows = [refusal("right-login", code="99"), *(refusal(one, code="99") for one in cases)]
    rows += [refusal("right-login", code="99"), *([success()] if back else [])]
    made = [replace(one, id=f"{one.id}-late-{at}") for at, one in enumerate(rows)]
    return [*(one for one in basis() if one.case not in cases), *made]


@pytest.mark.parametrize("back", [False, True])
def test_what_got_the_code_of_the_right_logins_around_it_says_nothing(back: bool) -> None:
    judged = verdicts(in_maintenance("unknown-company-hangul", "empty-body", back=back))
    assert failing(judged) == {"SUC-8"}
    assert judged["REJ-5"].left_out["unknown-company-hangul"].key == "as-right-logins"
    # Without an essential case a clause is not judged.
    assert judged["REJ-7"].verdict == "not-judged"


def test_the_same_code_thrice_between_refused_right_logins_is_no_other_finding() -> None:
    judged = verdicts(in_maintenance(*["wrong-password-hangul"] * 3))
    assert failing(judged) == {"SUC-8"}
    assert "wrong-password-hangul" in judged["REJ-1"].left_out


def test_what_was_let_in_between_refused_right_logins_is_a_finding() -> None:
    rows = in_maintenance("empty-body")
    judged = verdicts([*rows[:-1], success("unknown-email-hangul"), rows[-1]])
    assert failing(judged) == {"SUC-8", "REJ-2"}


def test_what_comes_after_one_refused_right_login_and_before_one_let_in_is_judged() -> None:
    rows = [refusal("right-login", code="99"), refusal("unknown-company-hangul", code="99")]
    late = [replace(one, id=f"{one.id}-late") for one in (*rows, success())]
    judged = verdicts([*now_and_then(0, 10), *late])
    assert "unknown-company-hangul" not in judged["REJ-5"].left_out


def let_in_once(case: str) -> list[Exchange]:
    """Return a wrong password that was let in, and refused when it was sent twice more."""
    return [replace(success(case), id=f"{case}-let-in"), *of(case, "10", "10")]


def test_a_near_miss_that_is_let_in_once_says_how_often() -> None:
    judged = verdicts([*basis(), *let_in_once("password-md5")])
    assert failing(judged) == {"SEC-2"}
    assert judged["SEC-2"].findings[0].got == say("code-at-times", code="00", count=1, times=3)


def test_wrong_passwords_that_are_let_in_at_times_are_one_fault_whichever_they_are() -> None:
    rows = [*let_in_once("password-md5"), *let_in_once("odd-password-5000-characters")]
    judged = verdicts([*basis(), *rows])
    assert failing(judged) == {"REJ-1"}
    assert why(judged["SEC-2"]) == ("not-judged", "builds-on-failed", "REJ-1")


def test_a_near_miss_that_is_let_in_each_time_is_a_fault_beside_them() -> None:
    rows = [replace(success("password-md5"), id=f"md5-{at}") for at in range(3)]
    judged = verdicts([*basis(), *rows, *let_in_once("odd-password-5000-characters")])
    assert failing(judged) == {"SEC-2", "REJ-1"}


def test_suc_9_leaves_who_is_let_in_at_times_without_overlap_too_to_that_clause() -> None:
    rows = burst(contract().cases["burst-unknown-email"])
    let_in = success("unknown-email", role="burst", burst=rows[0].burst)
    rows[1] = replace(let_in, began=rows[0].began, ended=rows[0].ended)
    assert verdict("SUC-9", *rows).verdict == "fails"
    # One of many replicas: now and then an odd email is let in as well.
    odd = [success("odd-email-emoji"), refusal("odd-email-emoji", code="10")]
    assert verdict("SUC-9", *rows, *odd).verdict == "holds"


def again(*rows: Exchange) -> list[Exchange]:
    """Return exchanges under ids of their own."""
    return [replace(one, id=f"{one.id}-turn-{at}") for at, one in enumerate(rows)]


def everybody_in_turn() -> list[Exchange]:
    """Return plain bad requests of three kinds that were let in once and refused once, as by replicas."""
    cases = ("wrong-password", "unknown-email", "unknown-company")
    return again(*(turn(one) for one in cases for turn in (success, refusal)))


def test_where_everybody_is_let_in_at_times_the_wrong_password_tells_of_it() -> None:
    # Of what was sent once, some were let in; so were blocked companies, none of which was sent twice.
    once = [success("unknown-email-hangul"), success("unknown-company-hangul")]
    blocked = [success("blocked-company"), refusal("blocked-company-language-en", code="95")]
    kept = [one for one in basis() if one.case != "blocked-company"]
    judged = verdicts([*kept, *everybody_in_turn(), *once, *blocked])
    assert failing(judged) == {"REJ-1"}
    for clause_id in ("REJ-2", "REJ-4", "REJ-5"):
        assert why(judged[clause_id])[::2] == ("not-judged", "REJ-1")


@pytest.mark.parametrize(
    ("rows", "clauses"),
    [
        # Let in each time: it is the email.
        (again(*[success("unknown-email-plus")] * 2), {"REJ-1", "REJ-2"}),
        # Let in once where emails that were sent twice were refused twice: the email, too.
        (
            [success("unknown-email-plus"), *of("unknown-email-digit", "10", "10")],
            {"REJ-1", "REJ-2"},
        ),
    ],
)
def test_an_email_that_is_let_in_each_time_is_no_matter_of_turns(
    rows: list[Exchange], clauses: set[str]
) -> None:
    turns = [one for one in everybody_in_turn() if one.case == "wrong-password"]
    assert failing(verdicts([*basis(), *turns, *rows])) == clauses
