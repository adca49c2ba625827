"""Servers that let in a whole kind of request, and injections that need a second place to show."""

from __future__ import annotations

from dataclasses import replace

from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Reason, Steps
from ..world import Account, Company
from .injections import fits_like
from .registry import fault
from .when import text_at

_OPERATOR = '{"$ne":null}'


def _let_in(request: LoginRequest, decision: Decision) -> Decision:
    company = request.world.companies[0]
    return replace(decision, reason=Reason.ISSUED, company=company, account=company.accounts[0])


@fault("REJ-8 SEC-2", step="decide")
def incomplete_body_lets_in(request: LoginRequest, steps: Steps) -> Decision:
    """A body without its members, or with members of another type, is the first account's."""
    right = STEPS.decide(request, steps)
    incomplete = right.reason in (Reason.MISSING_MEMBER, Reason.WRONG_TYPE, Reason.NO_OBJECT)
    return _let_in(request, right) if incomplete else right


@fault("REQ-2", step="decide")
def language_of_header_turns_away(request: LoginRequest, steps: Steps) -> Decision:
    """A right login that asks for a language in its header is refused."""
    right = STEPS.decide(request, steps)
    asks = right.issued and request.header_values(b"accept-language")
    return replace(right, reason=Reason.REQUEST_CODE) if asks else right


@fault("REJ-2", step="decide")
def blocked_company_lets_anybody_in(request: LoginRequest, steps: Steps) -> Decision:
    """An unknown email of a blocked company gets a token."""
    right = STEPS.decide(request, steps)
    if right.reason is not Reason.UNKNOWN_EMAIL or right.company is None:
        return right
    is_blocked = not STEPS.may_call(request, right.company)
    return replace(right, reason=Reason.ISSUED) if is_blocked else right


@fault("SEC-3", step="decide")
def backslash_ends_the_email(request: LoginRequest, steps: Steps) -> Decision:
    """A backslash that ends the email takes SQL in the password for a part of the query."""
    right = STEPS.decide(request, steps)
    email, password = text_at(request, "body/memb_email"), text_at(request, "body/memb_pwd")
    is_query = email.endswith("\\") and " OR 1=1" in password
    return _let_in(request, right) if is_query else right


@fault("SEC-3 REJ-2", step="find_account")
def like_beside_the_password(
    request: LoginRequest, company: Company, given: object
) -> Account | None:
    """One query asks for a LIKE of the email beside the password: % is whose password it is."""
    exact = STEPS.find_account(request, company, given)
    if exact is not None or not isinstance(given, str):
        return exact
    password = text_at(request, "body/memb_pwd")
    mine = (each for each in company.accounts if each.memb_pwd == password)
    return next((each for each in mine if fits_like(each.memb_email, given)), None)


@fault("SEC-3", step="decide")
def operators_in_texts(request: LoginRequest, steps: Steps) -> Decision:
    """JSON in a string is read as an operator of the query."""
    right = STEPS.decide(request, steps)
    told = (text_at(request, "body/memb_email"), text_at(request, "body/memb_pwd"))
    return _let_in(request, right) if _OPERATOR in told else right
