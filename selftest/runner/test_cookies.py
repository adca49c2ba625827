"""The cookies that a case is sent with: those of the latest right login of its account."""

from __future__ import annotations

import pytest

from esignon_conformance.runner.requests.cookies import with_cookies
from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import conforming, contract, refusal, request_of, success


def cookies_after(*exchanges: Exchange) -> str | None:
    request = request_of("wrong-password-with-cookies")
    return with_cookies(request, exchanges, contract()).header("Cookie")


def test_the_latest_right_login_of_the_account_counts() -> None:
    first = success("right-login", headers={"Set-Cookie": "sid=one; Path=/; HttpOnly"})
    latest = success("right-login", headers={"Set-Cookie": "sid=two; Path=/"})
    other = success("right-login-second", headers={"Set-Cookie": "sid=three"})
    wrong = refusal("wrong-password", code="10", headers={"Set-Cookie": "sid=four"})
    assert cookies_after(first, latest, other, wrong) == "sid=two"


@pytest.mark.parametrize("value", ["sid=; Max-Age=0", "", "=x"])
def test_a_cookie_that_is_none_is_not_sent(value: str) -> None:
    with pytest.raises(NotApplicable):
        cookies_after(success("right-login", headers={"Set-Cookie": value}))


def test_without_a_cookie_the_case_is_not_applicable() -> None:
    with pytest.raises(NotApplicable) as raised:
        cookies_after(conforming("right-login"))
    assert raised.value.why == "no-cookies"
