"""When a fault shows: small questions about a request and what was decided on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from unicodedata import combining, normalize

from ..pipeline import Decision, LoginRequest, Reason
from ..request_reader import member

When: TypeAlias = Callable[[LoginRequest, Decision], bool]

MALFORMED = (Reason.UNREADABLE, Reason.NO_OBJECT, Reason.MISSING_MEMBER, Reason.WRONG_TYPE)


def always(request: LoginRequest, decision: Decision) -> bool:
    """Say yes."""
    return True


def issued(request: LoginRequest, decision: Decision) -> bool:
    """Tell whether a token is due."""
    return decision.issued


def refused(request: LoginRequest, decision: Decision) -> bool:
    """Tell whether no token is due."""
    return not decision.issued


def because(*reasons: Reason) -> When:
    """Ask whether a login ends for one of these reasons."""
    return lambda request, decision: decision.reason in reasons


def nth(count: int) -> When:
    """Ask whether this is one of the requests whose number a count divides."""
    return lambda request, decision: request.number % count == 0


def nth_success(count: int) -> When:
    """Ask whether a count divides the number of the logins that were issued to this account."""
    return lambda request, decision: (
        decision.issued and times_issued(request, decision) % count == 0
    )


def times_issued(request: LoginRequest, decision: Decision) -> int:
    """Return how often the account was let in, this time included."""
    return request.state.issued[decision.account.memb_email] if decision.account else 0


def after(*reasons: Reason) -> When:
    """Ask whether a token is due and the request before ended for one of these reasons."""
    return lambda request, decision: decision.issued and request.state.last_reason in reasons


def role(name: str) -> When:
    """Ask whether the account found has this role."""
    return lambda request, decision: decision.account is not None and decision.account.role == name


def body(test: Callable[[bytes], object]) -> When:
    """Ask something of the bytes of the request's body."""
    return lambda request, decision: bool(test(request.raw))


def company(test: Callable[[str], object]) -> When:
    """Ask something of the company of the path; one that is no UTF-8 answers no."""
    return lambda request, decision: (
        request.company_id is not None and bool(test(request.company_id))
    )


def email(test: Callable[[str], object]) -> When:
    """Ask something of the email sent; one that is no string answers no."""
    return lambda request, decision: bool(test(text_at(request, "body/memb_email") or "-"))


def password(test: Callable[[str], object]) -> When:
    """Ask something of the password sent; one that is no string answers no."""
    return lambda request, decision: bool(test(text_at(request, "body/memb_pwd") or "-"))


def text_at(request: LoginRequest, path: str) -> str:
    """Return a member of the request that is a string, else the empty string."""
    value = member(request.document, path)
    return value if isinstance(value, str) else ""


def is_hangul(text: str) -> bool:
    """Tell whether a text holds a syllable of Hangul."""
    return any("가" <= one <= "힣" for one in text)


def without_accents(text: str) -> str:
    """Return a text as a collation compares it that is blind to accents."""
    return "".join(one for one in normalize("NFD", text) if not combining(one))


def let_in_as_first(request: LoginRequest, decision: Decision) -> Decision:
    """Return the decision that lets in whoever asks, as the first account of all."""
    company = request.world.companies[0]
    return replace(decision, reason=Reason.ISSUED, company=company, account=company.accounts[0])
