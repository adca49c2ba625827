"""The cookies that a client holds once an account has logged in, and sends with its next request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...contract.model import Contract
from ...recording.response import read
from ...transport.messages import Exchange, Headers, Request
from .other_characters import NotApplicable


def with_cookies(request: Request, exchanges: Sequence[Exchange], contract: Contract) -> Request:
    """Return a request with the cookies of the latest right login of its account.

    Raises `NotApplicable` where that was given none.
    """
    right = (one for one in reversed(exchanges) if _is_login(one, request.account, contract))
    login = next(right, None)
    cookies = _cookies(login.answer.headers) if login is not None and login.answer else {}
    if not cookies:
        raise NotApplicable("no-cookies")
    field = ("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))
    return replace(request, headers=(*request.headers, field))


def _is_login(exchange: Exchange, account: str, contract: Contract) -> bool:
    case = contract.cases.get(exchange.case)
    is_right = case is not None and case.is_plain_right_login
    is_own = is_right and exchange.request.account == account
    return is_own and read(exchange).result_code == contract.codes.issued


def _cookies(headers: Headers) -> dict[str, str]:
    """Return the cookies that an answer sets, those without a value set aside: it takes them back."""
    set_by = (value for name, value in headers if name.lower() == "set-cookie")
    pairs = (value.partition(";")[0].partition("=") for value in set_by)
    return {
        name.strip(): value.strip() for name, _, value in pairs if name.strip() and value.strip()
    }
