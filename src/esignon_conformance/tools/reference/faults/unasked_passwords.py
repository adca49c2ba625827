"""REJ-1: requests of a certain form get in with any password, as an older way in did not ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..login import STEPS
from ..pipeline import Credentials, Decision, Json, LoginRequest, Reason
from ..world import Account, Company
from .companies import finding_company, has_account, waved_through
from .credentials import finding_account
from .registry import add, changed, fault
from .when import text_at
from .wire_server import CAME_IN_PIECES, Reply, WireServer


def _has_type(*names: bytes) -> Callable[[LoginRequest], bool]:
    return lambda request: request.header_values(b"content-type") == list(names)


def _has_other_email(request: LoginRequest) -> bool:
    return not has_account(request)


def _has_other_company(request: LoginRequest) -> bool:
    return request.company_id not in [each.id for each in request.world.companies]


def _differ_in_case(known: str, given: str) -> bool:
    return known.lower() == given.lower()


def _differ_in_blanks(known: str, given: str) -> bool:
    return known == given.strip()


def _accepting(*types: bytes) -> Mapping[str, Any]:
    is_of = _has_type(*types)
    return {
        "media_type_accepted": lambda request: is_of(request) or STEPS.media_type_accepted(request)
    }


def _without_request_code(request: LoginRequest, document: Json) -> Credentials | Reason:
    header = document.get("header") if isinstance(document, dict) else None
    if isinstance(header, dict) and "request_code" not in header:
        document = {**document, "header": {**header, "request_code": "1001Q"}}
    return STEPS.check_members(request, document)


# fmt: off
UNASKED: tuple[tuple[str, str, Reason, Callable[[LoginRequest], object], Mapping[str, Any]], ...] = (
    ("rej-1-not-with-body-member", "A wrong password gets a token where body has a member more.",
     Reason.WRONG_PASSWORD, lambda request: text_at(request, "body/comp_id"), {}),
    ("rej-1-not-in-english", "A wrong password gets a token where English is asked for.",
     Reason.WRONG_PASSWORD, lambda request: any(
         one.startswith(b"en") for one in request.header_values(b"accept-language")), {}),
    ("rej-1-not-in-japanese", "A wrong password gets a token where Japanese is asked for by the header.",
     Reason.WRONG_PASSWORD, lambda request: b"ja" in request.header_values(b"accept-language"), {}),
    ("rej-1-not-with-lang-ja", "A wrong password gets a token with ?lang=ja.",
     Reason.WRONG_PASSWORD, lambda request: request.query == b"lang=ja", {}),
    ("rej-1-not-with-lang-unknown", "A wrong password gets a token with a ?lang= that does not exist.",
     Reason.WRONG_PASSWORD, lambda request: request.query == b"lang=xx", {}),
    ("rej-1-not-with-lang-en", "A wrong password gets a token with ?lang=en and nothing else.",
     Reason.WRONG_PASSWORD, lambda request: request.query == b"lang=en" and not request.header_values(
         b"accept-language"), {}),
    ("rej-1-not-for-second-in-english", "In English a wrong password gets a token for the second account.",
     Reason.WRONG_PASSWORD, lambda request: request.header_values(b"accept-language") and text_at(
         request, "body/memb_email") == request.world.account("second").memb_email, {}),
    ("rej-1-not-with-request-msg", "A wrong password gets a token where header has a request_msg.",
     Reason.WRONG_PASSWORD, lambda request: text_at(request, "header/request_msg"), {}),
    ("rej-1-not-in-compact", "A wrong password gets a token in a body without white space.",
     Reason.WRONG_PASSWORD, lambda request: b" " not in request.raw, {}),
    ("rej-1-not-over-lines", "A wrong password gets a token in a body of many lines.",
     Reason.WRONG_PASSWORD, lambda request: request.raw.count(b"\n") > 4, {}),
    ("rej-1-not-with-letter-case-of-type",
     "A wrong password gets a token where the media type is spelled in another letter case.",
     Reason.WRONG_PASSWORD, lambda request: any(
         b"Application" in one for one in request.header_values(b"content-type")), {}),
    ("rej-1-not-with-other-request-code", "Another request_code gets a token for any password.",
     Reason.REQUEST_CODE, has_account, {}),
    ("rej-1-not-with-no-request-code", "Without request_code a wrong password gets a token.",
     Reason.WRONG_PASSWORD, lambda request: not text_at(request, "header/request_code"),
     {"check_members": _without_request_code}),
    ("rej-1-not-with-text-plain", "A body under text/plain is taken, and no password is asked for there.",
     Reason.WRONG_PASSWORD, _has_type(b"text/plain"), _accepting(b"text/plain")),
    ("rej-1-not-with-no-type", "A body under no media type is taken, and no password is asked for there.",
     Reason.WRONG_PASSWORD, _has_type(), _accepting()),
    ("rej-1-not-with-email-in-other-case",
     "An email in another letter case is found, and its password is not asked for.",
     Reason.WRONG_PASSWORD, _has_other_email, {"find_account": finding_account(_differ_in_case)}),
    ("rej-1-not-with-email-in-blanks",
     "An email with blanks around it is found, and its password is not asked for.",
     Reason.WRONG_PASSWORD, _has_other_email, {"find_account": finding_account(_differ_in_blanks)}),
    ("rej-1-not-with-company-in-other-case",
     "A company in another letter case is found, and no password is asked for there.",
     Reason.WRONG_PASSWORD, _has_other_company, {"find_company": finding_company(_differ_in_case)}),
)
# fmt: on
for _name, _sentence, _reason, _asks, _steps in UNASKED:
    add(
        _name,
        "REJ-1",
        _sentence,
        changed(decide=waved_through(_reason, _asks), **_steps),
    )

add(
    "rej-1-not-in-pieces",
    "REJ-1",
    "A wrong password gets a token where the body comes in pieces.",
    lambda world: WireServer(
        world,
        lambda arrived: Reply((arrived.whole,)),
        steps=replace(
            STEPS,
            decide=waved_through(
                Reason.WRONG_PASSWORD, lambda request: request.header_values(CAME_IN_PIECES)
            ),
        ),
    ),
)


def _without_password_for(role: str) -> Callable[[LoginRequest, Json], Credentials | Reason]:
    def checked(request: LoginRequest, document: Json) -> Credentials | Reason:
        found = STEPS.check_members(request, document)
        account = request.world.account(role)
        is_its_own = text_at(request, "body/memb_email") == account.memb_email
        if found is Reason.MISSING_MEMBER and is_its_own:
            return Credentials("1001Q", account.memb_email, account.memb_pwd)
        return found

    return checked


def _taking_percent_for(role: str) -> Callable[[LoginRequest, Account, Json], bool]:
    return lambda request, account, given: (
        STEPS.password_matches(request, account, given) or (account.role == role and given == "%")
    )


for _role, _whose in (("second", "the second account"), ("other", "another company's account")):
    add(
        f"no-password-for-{_role}",
        "REJ-8",
        f"Without a password {_whose} is let in.",
        changed(check_members=_without_password_for(_role)),
    )
    add(
        f"like-in-password-for-{_role}",
        "SEC-3",
        f"The wildcard % is any password of {_whose}.",
        changed(password_matches=_taking_percent_for(_role)),
    )


@fault("REJ-2", step="decide")
def logins_kept_by_joined_texts(request: LoginRequest, steps: Any) -> Decision:
    """Who was let in is kept by email and password joined, with no mark where one ends."""
    right: Decision = STEPS.decide(request, steps)
    kept: dict[str, Decision] = request.state.notes.setdefault("kept", {})
    sent = text_at(request, "body/memb_email") + text_at(request, "body/memb_pwd")
    joined = f"{request.company_id} {sent}"
    if right.issued:
        kept[joined] = right
    return kept.get(joined, right) if right.reason is Reason.UNKNOWN_EMAIL else right


@fault("REJ-2", step="find_account")
def accounts_found_by_password_alone(
    request: LoginRequest, company: Company, given: Json
) -> Account | None:
    """A query without brackets asks for company and email, or for the password, which is enough."""
    found = STEPS.find_account(request, company, given)
    sent = text_at(request, "body/memb_pwd")
    if found is not None and found.memb_pwd == sent:
        return found
    return next((one for one in company.accounts if one.memb_pwd == sent), found)


@fault("REJ-1", step="password_matches")
def default_password_left(request: LoginRequest, account: Account, given: Json) -> bool:
    """Beside its own, each account has the password 1234, which the installation came with."""
    return given == "1234" or bool(STEPS.password_matches(request, account, given))
