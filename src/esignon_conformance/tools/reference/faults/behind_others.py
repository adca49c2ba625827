"""SEC-2, SEC-3, REJ-6: grave faults beside a slight one of the same field, which must not hide them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest
from ..world import Account, Company
from .registry import add, changed

_LONGEST_BCRYPT = 72
_UNEXPECTED = "99"


def _given(decision: Decision) -> str:
    given = decision.credentials.memb_pwd if decision.credentials is not None else ""
    return given if isinstance(given, str) else ""


def _unexpected_where(odd: Callable[[str], bool]) -> Callable[[LoginRequest, Decision], str]:
    """Return a step that answers "99" to some passwords, as a library's exception does."""

    def result_code(request: LoginRequest, decision: Decision) -> str:
        if not decision.issued and odd(_given(decision)):
            return _UNEXPECTED
        return STEPS.result_code(request, decision)

    return result_code


def _is_too_long(given: str) -> bool:
    return len(given.encode("utf-8", "surrogatepass")) > _LONGEST_BCRYPT


def _is_not_latin(given: str) -> bool:
    return any(ord(one) > 0xFF for one in given)


def _compared(same: Callable[[str, str], bool]) -> Callable[[LoginRequest, Account, Json], bool]:
    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        return isinstance(given, str) and same(account.memb_pwd, given)

    return password_matches


add(
    "long-password-raises-and-hash-has-no-case",
    "SEC-2",
    'A password above 72 bytes is answered "99", as bcrypt 5 raises, and the hash knows no letter case.',
    changed(
        result_code=_unexpected_where(_is_too_long),
        password_matches=_compared(lambda right, given: right.lower() == given.lower()),
    ),
)
add(
    "hangul-password-raises-and-hash-stops-at-nul",
    "SEC-2",
    'A password that latin-1 lacks is answered "99", and what follows NUL is not compared.',
    changed(
        result_code=_unexpected_where(_is_not_latin),
        password_matches=_compared(lambda right, given: given.partition("\0")[0] == right),
    ),
)


def _like(pattern: str, email: str) -> bool:
    return pattern in ("%", email)


def _cut_and_like(request: LoginRequest, company: Company, memb_email: Json) -> Account | None:
    given = memb_email.partition("\0")[0] if isinstance(memb_email, str) else ""
    return next((each for each in company.accounts if _like(given, each.memb_email)), None)


add(
    "email-ends-at-nul-and-percent-is-a-wildcard",
    "SEC-3",
    "What follows NUL in the email is not compared, and % stands for every email.",
    changed(find_account=_cut_and_like),
)


def _any_company_beside_odd(request: LoginRequest, company_id: str | None) -> Company | None:
    """Return the company before a semicolon, as servers that know matrix parameters do."""
    name = company_id.partition(";")[0] if company_id is not None else None
    return STEPS.find_company(request, name)


def _of_any_company(request: LoginRequest, company: Company, memb_email: Json) -> Account | None:
    everyone = (each for one in request.world.companies for each in one.accounts)
    found = next((each for each in everyone if each.memb_email == memb_email), None)
    return None if found is None else replace(found)


add(
    "company-ends-at-semicolon-and-accounts-are-everywhere",
    "REJ-6",
    "What follows a semicolon in the company is not compared, and every account is of every company.",
    changed(find_company=_any_company_beside_odd, find_account=_of_any_company),
)
