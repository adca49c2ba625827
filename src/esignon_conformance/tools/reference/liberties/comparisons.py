"""Freedoms of how company, email and password are compared."""

# ruff: noqa: D401 - the docstring of a liberty says what the server does

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace

from ..application import Application, application
from ..faults.registry import changed
from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest
from ..world import Account, Company, World
from .registry import add, liberty


@liberty(step="find_account")
def email_in_any_letter_case(
    request: LoginRequest, company: Company, given: Json
) -> Account | None:
    """The email is compared without letter case and without blanks around it."""
    wanted = given.strip().lower() if isinstance(given, str) else None
    return next((each for each in company.accounts if each.memb_email.lower() == wanted), None)


@liberty(step="find_account")
def email_normalised(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """Emails are compared in Unicode's normal form NFKC."""
    # As Django's UsernameField does, and as RFC 8265, section 3.3, maps widths.
    wanted = unicodedata.normalize("NFKC", given) if isinstance(given, str) else given
    return STEPS.find_account(request, company, wanted)


@liberty(step="find_account")
def email_domain_mapped(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """What UTS #46 passes over in the domain of an email is passed over."""
    # As email-validator does, and so pydantic's EmailStr.
    local, at, domain = given.rpartition("@") if isinstance(given, str) else ("", "", "")
    mapped = domain.lower().translate(dict.fromkeys(map(ord, "\u00ad\u200b\u2060\u3164\ufeff")))
    return STEPS.find_account(request, company, f"{local}{at}{mapped}")


@liberty()
def email_told_as_stored(world: World) -> Application:
    """The email is found in any letter case, and the answer holds it as it is stored."""

    def issue_body(request: LoginRequest, decision: Decision) -> Json:
        right = STEPS.issue_body(request, decision)
        stored = decision.account.memb_email if decision.account else right["memb_email"]
        return {**right, "memb_email": stored}

    steps = replace(STEPS, find_account=email_in_any_letter_case, issue_body=issue_body)
    return application(world, steps)


@liberty(step="find_company")
def company_in_any_letter_case(request: LoginRequest, company_id: str | None) -> Company | None:
    """The company is compared without letter case."""
    wanted = (company_id or "").lower()
    return next((each for each in request.world.companies if each.id.lower() == wanted), None)


def _forgiving(change: Callable[[str], str]) -> Callable[..., bool]:
    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        exact = STEPS.password_matches(request, account, given)
        return exact or (
            isinstance(given, str) and STEPS.password_matches(request, account, change(given))
        )

    return password_matches


add(
    "password-trimmed",
    "White space around the password is passed over.",
    changed(password_matches=_forgiving(str.strip)),
)
add(
    "password-normalised",
    "Passwords are compared in Unicode's normal form NFKC.",
    changed(
        password_matches=_forgiving(lambda given: unicodedata.normalize("NFKC", given)),
    ),
)
add(
    "password-first-letter-case",
    "The case of the password's first letter is passed over.",
    changed(password_matches=_forgiving(lambda given: given[:1].swapcase() + given[1:])),
)
