"""Who asks: company, account, password, and whether the company may call the API."""

from __future__ import annotations

import hmac

from .pipeline import Decision, Json, LoginRequest, Reason, Steps
from .world import Account, Company


def decide(request: LoginRequest, steps: Steps) -> Decision:
    """Decide on a body that could be read: its form first, then who asks."""
    given = steps.check_members(request, request.document)
    if isinstance(given, Reason):
        return Decision(given)
    if not steps.request_code_accepted(request, given.request_code):
        return Decision(Reason.REQUEST_CODE, given)
    company = steps.find_company(request, request.company_id)
    if company is None:
        return Decision(Reason.UNKNOWN_COMPANY, given)
    account = steps.find_account(request, company, given.memb_email)
    if account is None:
        return Decision(Reason.UNKNOWN_EMAIL, given, company)
    if not steps.password_matches(request, account, given.memb_pwd):
        return Decision(Reason.WRONG_PASSWORD, given, company, account)
    # REJ-4: only who has right credentials learns that the company is blocked.
    if not steps.may_call(request, company):
        return Decision(Reason.BLOCKED_COMPANY, given, company, account)
    return Decision(Reason.ISSUED, given, company, account)


def find_company(request: LoginRequest, company_id: str | None) -> Company | None:
    """Return the company of exactly that id."""
    # REJ-5: an unknown company, however oddly it is spelt, is no company.
    return next((each for each in request.world.companies if each.id == company_id), None)


def find_account(request: LoginRequest, company: Company, memb_email: Json) -> Account | None:
    """Return the account of exactly that email in that company."""
    # REJ-6: accounts of other companies are out of reach here.
    return next((each for each in company.accounts if each.memb_email == memb_email), None)


def password_matches(request: LoginRequest, account: Account, memb_pwd: Json) -> bool:
    """Compare a password whole and exactly, in a time that does not tell how much was right."""
    # SEC-2: nothing but the string itself is taken.  A lone surrogate has no UTF-8 and still needs
    # an answer.
    return isinstance(memb_pwd, str) and hmac.compare_digest(
        memb_pwd.encode("utf-8", "surrogatepass"), account.memb_pwd.encode("utf-8", "surrogatepass")
    )


def may_call(request: LoginRequest, company: Company) -> bool:
    """Tell whether the company may call the API."""
    return not company.blocked
