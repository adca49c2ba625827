"""The right company, email or password in another spelling: what it hides, and what it is told with."""

from __future__ import annotations

import pytest

from selftest.support.exchanges import conforming_run, success
from selftest.support.judged import basis, failing, verdicts
from selftest.support.judged_runs import why

UNDER_OTHERS = ("own-account-under-other-company", "own-account-under-blocked-company")


@pytest.mark.parametrize(
    ("near", "clause", "injected"),
    [
        ("unknown-company-accent", "REJ-5", "sql-or-in-company"),
        ("unknown-company-dot-after", "REJ-5", "sql-or-comment-in-company"),
        ("unknown-email-plus", "REJ-2", "sql-or-in-email"),
        ("unknown-email-local-part", "REJ-2", "operator-ne-in-email"),
    ],
)
def test_the_right_one_in_another_spelling_hides_no_injection(
    near: str, clause: str, injected: str
) -> None:
    assert failing(verdicts([*basis(), success(near), success(injected)])) == {clause, "SEC-3"}
    # What is itself made of the right one, as that was, is the same fault.
    alike = {"REJ-5": "sql-comment-after-company", "REJ-2": "sql-comment-after-email"}[clause]
    judged = verdicts([*basis(), success(near), success(alike)])
    assert failing(judged) == {clause}
    assert why(judged["SEC-3"]) == ("not-judged", "builds-on-failed", clause)
    # Where anybody is let in, whatever was injected is no more than that.
    anybody = {"REJ-5": "unknown-company", "REJ-2": "unknown-email"}[clause]
    assert failing(verdicts([*basis(), success(anybody), success(injected)])) == {clause}


def test_a_company_in_another_spelling_does_not_leave_real_companies_unjudged() -> None:
    judged = verdicts([*conforming_run(), success("unknown-company-accent")])
    assert failing(judged) == {"REJ-5"}
    assert judged["REJ-6"].verdict == "holds"
    judged = verdicts([*basis(), success("unknown-company-accent"), *map(success, UNDER_OTHERS)])
    assert failing(judged) == {"REJ-5", "REJ-6"}


def test_a_company_in_other_letters_is_told_with_any_unknown_one() -> None:
    letters = "wrong-password-company-letter-case"
    assert failing(verdicts([*basis(), success("unknown-company"), success(letters)])) == {"REJ-5"}
    assert failing(verdicts([*basis(), success(letters)])) == {"REJ-1"}


@pytest.mark.parametrize("pattern", ["regex-in-password", "glob-in-password"])
def test_a_backslash_in_the_password_is_told_with_whatever_pattern_was_believed(
    pattern: str,
) -> None:
    escaped = "password-backslash-inside"
    judged = verdicts([*basis(), success(pattern), success(escaped)])
    assert failing(judged) == {"SEC-3"}
    assert judged["SEC-3"].findings[0].cases == (pattern, escaped)
    assert failing(verdicts([*basis(), success(escaped)])) == {"SEC-2"}
