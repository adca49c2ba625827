"""A company is spelled as in a right login that was let in: where none was, that is an unknown one."""

from __future__ import annotations

import pytest

from esignon_conformance.runner.requests.builder import build
from esignon_conformance.runner.requests.company_let_in import login_before, with_company_let_in
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import BLOCKED, TARGET, contract, refusal, success

CASE = contract().cases["blocked-company-as-client"]
LOGIN = "company-letter-case"
LET_IN, REFUSED = success(LOGIN), refusal(LOGIN, code="10")


def company_after(*exchanges: Exchange) -> str:
    case = with_company_let_in(CASE, exchanges, contract())
    return build(case, contract(), TARGET, lambda _secret, _name: None).company


def test_where_the_login_was_let_in_its_spelling_is_used() -> None:
    assert login_before(CASE) == LOGIN
    assert company_after(success("right-login"), LET_IN) == BLOCKED.company.swapcase()


@pytest.mark.parametrize(
    "exchanges", [(), (REFUSED,), (LET_IN, REFUSED), (success("right-login"),)]
)
def test_where_it_was_refused_or_not_always_let_in_the_company_is_as_it_is(
    exchanges: tuple[Exchange, ...],
) -> None:
    assert company_after(*exchanges) == BLOCKED.company


def test_a_case_that_names_no_login_is_as_it_is() -> None:
    case = contract().cases["blocked-company"]
    assert login_before(case) is None
    assert with_company_let_in(case, [LET_IN], contract()) is case
