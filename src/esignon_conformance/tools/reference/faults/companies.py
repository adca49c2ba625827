"""REJ-4 to REJ-6: companies that are blocked, unknown or not the account's own, and are let in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Steps
from ..world import Account, Company
from .registry import add, changed, fault
from .when import is_hangul, text_at, without_accents


@fault("REJ-4", step="may_call")
def blocked_company_let_in(request: LoginRequest, company: Company) -> bool:
    """A blocked company gets a token."""
    return True


@fault("REJ-4", step="may_call")
def blocked_company_let_in_later(request: LoginRequest, company: Company) -> bool:
    """A blocked company gets a token from the second time on."""
    asked = request.state.notes.setdefault("asked", [])
    asked.append(company.id)
    return not company.blocked or asked.count(company.id) > 1


# REJ-5, REJ-6: unknown companies, and right credentials under another company.
# fmt: off
COMPANIES: tuple[tuple[str, str, Callable[[str, str], object]], ...] = (
    ("any-company", "An unknown company is the first one.", lambda known, given: True),
    ("company-and-more", "A company with more after it is found.",
     lambda known, given: given.startswith(known)),
    ("more-and-company", "A company with more before it is found.",
     lambda known, given: given.endswith(known)),
    ("company-cut", "A company without its end is found.",
     lambda known, given: len(given) > 4 and known.startswith(given)),
    ("first-company-for-0", "The company 0 is the first one.", lambda known, given: given == "0"),
    ("c-string-company", "What follows NUL in the company is passed over.",
     lambda known, given: given.partition("\0")[0] == known),
    ("company-end", "A company without its start is found.",
     lambda known, given: len(given) > 4 and known.endswith(given)),
    ("company-and-dot", "A dot after the company is passed over.",
     lambda known, given: given.rstrip(".") == known),
    ("company-in-quotes", "Quotation marks around the company are taken off.",
     lambda known, given: given.strip("'") == known),
    ("company-in-double-quotes", "Double quotation marks in the company are taken off.",
     lambda known, given: given.replace('"', "") == known),
    ("first-company-for-hangul", "A company in Hangul is the first one.",
     lambda known, given: is_hangul(given)),
    ("first-company-for-undefined", "The company undefined is the first one.",
     lambda known, given: given == "undefined"),
    ("first-company-for-null", "The company null is the first one.",
     lambda known, given: given == "null"),
    ("first-company-for-none", "Where the path names no company, it is the first one.",
     lambda known, given: not given),
    ("first-company-for-blank", "A blank as the company is the first one.",
     lambda known, given: given == " "),
    ("first-company-for-1", "A company is found by the number of its row, too.",
     lambda known, given: given == "1"),
    ("company-of-object", "The company is looked up in an object, which has a constructor.",
     lambda known, given: given == "constructor"),
    ("company-before-hash", "What follows a hash sign in the company is passed over.",
     lambda known, given: given.partition("#")[0] == known),
    ("company-in-list", "The company may be one of a list.",
     lambda known, given: known in given.split(",")),
    ("company-of-first-line", "Of the company the first line alone is read.",
     lambda known, given: given.partition("\n")[0] == known),
    ("company-accented", "Accents in the company make no difference.",
     lambda known, given: without_accents(given) == known),
)
# fmt: on


def finding_company(finds: Callable[[str, str], object]) -> Callable[..., Company | None]:
    """Return how to find a company by an id, or by one that is found for it: known, given."""

    def find_company(request: LoginRequest, company_id: str | None) -> Company | None:
        exact = STEPS.find_company(request, company_id)
        if exact is not None or company_id is None:
            return exact
        return next((each for each in request.world.companies if finds(each.id, company_id)), None)

    return find_company


for _name, _sentence, _finds in COMPANIES:
    add(f"finds-{_name}", "REJ-5 SEC-3", _sentence, changed(find_company=finding_company(_finds)))


@fault("REJ-5", step="decide")
def unknown_company_lets_in(request: LoginRequest, steps: Any) -> Decision:
    """Whoever asks for an unknown company gets a token."""
    right = STEPS.decide(request, steps)
    unknown = right.reason is Reason.UNKNOWN_COMPANY
    return replace(right, reason=Reason.ISSUED) if unknown else right


@fault("REJ-5", step="decide")
def hangul_company_lets_in(request: LoginRequest, steps: Any) -> Decision:
    """Whoever asks for a company in Hangul gets a token."""
    right = STEPS.decide(request, steps)
    unknown = right.reason is Reason.UNKNOWN_COMPANY and is_hangul(request.company_id or "")
    return replace(right, reason=Reason.ISSUED) if unknown else right


def _account_of(where: Callable[[Company, Company], object]) -> Callable[..., Account | None]:
    def find_account(request: LoginRequest, company: Company, given: Json) -> Account | None:
        return next(
            (
                account
                for each in request.world.companies
                if each is company or where(company, each)
                for account in each.accounts
                if account.memb_email == given
            ),
            None,
        )

    return find_account


for _name, _sentence, _where in (
    ("company-ignored", "The company makes no difference.", lambda asked, holder: True),
    ("own-company-enters-others", "The accounts of one company get into every other.",
     lambda asked, holder: holder.role == "own"),
    ("others-enter-own-company", "The accounts of other companies get into one.",
     lambda asked, holder: asked.role == "own" and holder.role == "other"),
):  # fmt: skip
    add(_name, "REJ-6", _sentence, changed(find_account=_account_of(_where)))


def _is_guest(request: LoginRequest, company: Company) -> bool:
    email = text_at(request, "body/memb_email")
    return email not in [each.memb_email for each in company.accounts]


add(
    "own-company-enters-blocked",
    "REJ-6",
    "The accounts of one company get into the blocked one.",
    changed(
        find_account=_account_of(lambda asked, holder: asked.blocked and holder.role == "own"),
        may_call=lambda request, company: not company.blocked or _is_guest(request, company),
    ),
)


# What the vendor's own client adds to every request, and takes another way through the server by.
# fmt: off
CLIENT: tuple[tuple[str, str, Callable[[LoginRequest], object]], ...] = (
    ("charset", "a charset",
     lambda request: any(b"charset" in one for one in request.header_values(b"content-type"))),
    ("query", "a query string", lambda request: request.query),
    ("version", "a version", lambda request: text_at(request, "header/version")),
)
# fmt: on


def has_account(request: LoginRequest) -> bool:
    """Tell whether a request names the email of an account, of whichever company."""
    every = [one.memb_email for each in request.world.companies for one in each.accounts]
    return text_at(request, "body/memb_email") in every


def waved_through(
    reason: Reason, asks: Callable[[LoginRequest], object]
) -> Callable[..., Decision]:
    """Return how to decide where what has a reason to be refused is let in if it asks for it."""

    def decide(request: LoginRequest, steps: Any) -> Decision:
        right = STEPS.decide(request, steps)
        wrong = right.reason is reason and asks(request)
        return replace(right, reason=Reason.ISSUED) if wrong else right

    return decide


for _name, _sentence, _asks in CLIENT:
    for _clause, _who, _reason in (
        ("REJ-1", "A wrong password", Reason.WRONG_PASSWORD),
        ("REJ-2", "An unknown email", Reason.UNKNOWN_EMAIL),
        ("REJ-4", "A blocked company", Reason.BLOCKED_COMPANY),
        ("REJ-5", "An unknown company", Reason.UNKNOWN_COMPANY),
    ):
        add(
            f"{_clause.lower()}-not-with-{_name}",
            _clause,
            f"{_who} gets a token where {_sentence} comes along.",
            changed(decide=waved_through(_reason, _asks)),
        )


@fault("REJ-2", step="decide")
def blocked_company_lets_anybody_in(request: LoginRequest, steps: Steps) -> Decision:
    """An unknown email of a blocked company gets a token."""
    right = STEPS.decide(request, steps)
    if right.reason is not Reason.UNKNOWN_EMAIL or right.company is None:
        return right
    is_blocked = not STEPS.may_call(request, right.company)
    return replace(right, reason=Reason.ISSUED) if is_blocked else right


# fmt: off
MORE: tuple[tuple[str, str, str, Reason, Callable[[LoginRequest], object]], ...] = (
    ("rej-6-not-with-company-in-body", "REJ-6",
     "An account gets in under another path with its company in body.",
     Reason.UNKNOWN_EMAIL, lambda request: text_at(request, "body/memb_email")
     in [one.memb_email for each in request.world.companies for one in each.accounts
         if each.id == text_at(request, "body/comp_id")]),
    ("rej-6-not-with-client-id", "REJ-6", "An account gets in under another path with a client_id in body.",
     Reason.UNKNOWN_EMAIL, lambda request: text_at(request, "body/client_id") and has_account(request)),
    ("rej-4-not-with-client-id", "REJ-4", "A blocked company gets in with a client_id in body.",
     Reason.BLOCKED_COMPANY, lambda request: text_at(request, "body/client_id")),
    ("rej-4-not-with-other-company-in-body", "REJ-4",
     "A company is blocked by its name in body, if there is one.",
     Reason.BLOCKED_COMPANY, lambda request: text_at(request, "body/comp_id")),
    ("rej-5-not-with-company-in-body", "REJ-5",
     "An account gets in under an unknown path with its company in body.",
     Reason.UNKNOWN_COMPANY, lambda request: text_at(request, "body/comp_id")),
    ("rej-4-not-with-percent", "REJ-4", "A blocked company gets past a check of the path as it was sent.",
     Reason.BLOCKED_COMPANY, lambda request: b"%" in request.path),
)
# fmt: on
add(
    "rej-4-not-in-other-letter-case",
    "REJ-4",
    "Companies are found in any letter case, and blocked in one.",
    changed(
        find_company=lambda request, company_id: next(
            (
                one
                for one in request.world.companies
                if one.id.lower() == (company_id or "").lower()
            ),
            None,
        ),
        may_call=lambda request, company: not company.blocked or request.company_id != company.id,
    ),
)
for _name, _clause, _sentence, _reason, _asks in MORE:
    add(_name, _clause, _sentence, changed(decide=waved_through(_reason, _asks)))


def _found_elsewhere(request: LoginRequest, company: Company, given: Json) -> Account | None:
    exact = STEPS.find_account(request, company, given)
    if exact is not None or not isinstance(given, str):
        return exact
    every = (one for each in request.world.companies for one in each.accounts)
    return next((one for one in every if one.memb_email.swapcase() == given), None)


add(
    "other-company-by-email-in-other-case",
    "REJ-6",
    "An email in another letter case is looked for in every company.",
    changed(find_account=_found_elsewhere),
)


def _company_of_email(request: LoginRequest, company_id: str | None) -> Company | None:
    exact = STEPS.find_company(request, company_id)
    sent = text_at(request, "body/memb_email")
    owner = (
        each
        for each in request.world.companies
        if sent in [one.memb_email for one in each.accounts]
    )
    return exact if exact is not None else next(owner, None)


add(
    "unknown-company-is-that-of-the-email",
    "REJ-5",
    "Where the path's company is unknown it is that of the email, and is blocked by its name in the path.",
    changed(
        find_company=_company_of_email,
        may_call=lambda request, company: not company.blocked or request.company_id != company.id,
    ),
)
