"""SEC-3: texts that only try to read as true, and are believed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..login import STEPS
from ..pipeline import Credentials, Decision, Json, LoginRequest, Reason, Steps
from ..request_reader import check_members, member
from ..world import Account, Company
from .injection_texts import TEXTS, Believe, fits_like
from .registry import add, changed, fault
from .when import let_in_as_first, text_at


def _in_email(believe: Believe) -> dict[str, Any]:
    def find_account(request: LoginRequest, company: Company, given: Json) -> Account | None:
        exact = STEPS.find_account(request, company, given)
        if exact is not None or not isinstance(given, str):
            return exact
        return next((one for one in company.accounts if believe(one.memb_email, given)), None)

    return {"find_account": find_account}


def _in_password(believe: Believe) -> dict[str, Any]:
    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        believed = isinstance(given, str) and bool(believe(account.memb_pwd, given))
        return believed or STEPS.password_matches(request, account, given)

    return {"password_matches": password_matches}


def _in_company(believe: Believe) -> dict[str, Any]:
    def find_company(request: LoginRequest, company_id: str | None) -> Company | None:
        exact = STEPS.find_company(request, company_id)
        if exact is not None or company_id is None:
            return exact
        return next((one for one in request.world.companies if believe(one.id, company_id)), None)

    return {"find_company": find_company}


for _name, _what, _believe in TEXTS:
    add(
        f"email-{_name}-believed",
        "SEC-3 REJ-2",
        f"The email is a place for {_what}.",
        changed(**_in_email(_believe)),
    )
    add(
        f"password-{_name}-believed",
        "SEC-3 REJ-1 SEC-2",
        f"The password is a place for {_what}.",
        changed(**_in_password(_believe)),
    )
    add(
        f"company-{_name}-believed",
        "SEC-3 REJ-5",
        f"The company is a place for {_what}.",
        changed(**_in_company(_believe)),
    )


def _commented(mark: str) -> Callable[[LoginRequest, Steps], Decision]:
    """Return a decision that leaves out what follows a comment in the email: the password."""

    def decide(request: LoginRequest, steps: Steps) -> Decision:
        right = STEPS.decide(request, steps)
        email, comment, _ = text_at(request, "body/memb_email").partition(mark)
        if not comment or right.company is None:
            return right
        account = STEPS.find_account(request, right.company, email)
        return right if account is None else replace(right, reason=Reason.ISSUED, account=account)

    return decide


for _name, _mark in (("dashes", "'--"), ("hash", "'#"), ("filter", ")(&")):
    add(
        f"email-comment-{_name}-believed",
        "SEC-3",
        f"An email followed by {_mark} needs no password.",
        changed(decide=_commented(_mark)),
    )


@fault("SEC-3 REJ-5", step="find_company")
def company_comment_believed(request: LoginRequest, company_id: str | None) -> Company | None:
    """What follows an SQL comment in the company is passed over."""
    return STEPS.find_company(request, (company_id or "").partition("'--")[0])


@fault("SEC-3", step="find_account")
def email_union_believed(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """A UNION in the email finds the first account."""
    exact = STEPS.find_account(request, company, given)
    joined = isinstance(given, str) and "union select" in given.lower()
    return company.accounts[0] if joined else exact


# Operators are objects, so they get this far only where the form is not checked.
def _operators(*names: str) -> Callable[[str, Json], bool]:
    def believes(known: str, given: Json) -> bool:
        if not isinstance(given, dict) or len(given) != 1:
            return False
        name, value = next(iter(given.items()))
        if name not in names:
            return False
        match name:
            case "$ne":
                return bool(known != value)
            case "$gt":
                return isinstance(value, str) and known > value
            case "$regex":
                return isinstance(value, str) and re.search(value, known) is not None
            case "$eq":
                return bool(known == value)
            case "$in":
                return isinstance(value, list) and known in value
        return bool(value)

    return believes


def _with_operators(path: str, *names: str) -> dict[str, Any]:
    believes = _operators(*names)

    def checked(request: LoginRequest, document: Json) -> Credentials | Reason:
        given = member(document, path)
        if not (isinstance(given, dict) and set(given) & set(names)):
            return check_members(request, document)
        return check_members(request, document, unchecked={path})

    def find_account(request: LoginRequest, company: Company, given: Json) -> Account | None:
        exact = STEPS.find_account(request, company, given)
        return exact or next(
            (one for one in company.accounts if believes(one.memb_email, given)), None
        )

    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        exact = STEPS.password_matches(request, account, given)
        return exact or believes(account.memb_pwd, given)

    if path == "body/memb_email":
        return {"check_members": checked, "find_account": find_account}
    return {"check_members": checked, "password_matches": password_matches}


for _place, _path in (("email", "body/memb_email"), ("password", "body/memb_pwd")):
    for _operator in ("$ne", "$gt", "$regex", "$exists", "$eq", "$in"):
        if (_place, _operator) not in {("password", "$eq"), ("password", "$in")}:
            add(
                f"{_place}-operator-{_operator[1:]}-believed",
                "SEC-3",
                f"The {_place} may be the operator {_operator}.",
                changed(**_with_operators(_path, _operator)),
            )
    add(
        f"{_place}-operators-believed",
        "SEC-3",
        f"The {_place} may be any operator.",
        changed(**_with_operators(_path, "$ne", "$gt", "$regex", "$exists")),
    )

# MySQL's package of npm writes {"memb_pwd": 1} into a query as `memb_pwd` = 1: the column equals itself.
for _place, _path, _column in (
    ("password", "body/memb_pwd", "memb_pwd"),
    ("password", "body/memb_pwd", "password"),
    ("email", "body/memb_email", "memb_email"),
):
    add(
        f"{_place}-object-names-column-{_column.replace('_', '-')}",
        "SEC-3",
        f"The {_place} may be an object that names the column {_column}, as in npm's mysql.",
        changed(**_with_operators(_path, _column)),
    )


def _operators_in_both(request: LoginRequest, document: Json) -> Credentials | Reason:
    paths = {"body/memb_email", "body/memb_pwd"}
    given = [member(document, path) for path in paths]
    are = all(isinstance(one, dict) and set(one) & {"$ne", "$gt"} for one in given)
    return check_members(request, document, unchecked=paths if are else ())


add(
    "operators-in-both-believed",
    "SEC-3 SEC-2 REJ-8",
    "Email and password may be operators where both are.",
    changed(
        check_members=_operators_in_both,
        find_account=_with_operators("body/memb_email", "$ne", "$gt")["find_account"],
        password_matches=_with_operators("body/memb_pwd", "$ne", "$gt")["password_matches"],
    ),
)


@fault("SEC-3", step="find_account")
def email_condition_believed(
    request: LoginRequest, company: Company, given: Json
) -> Account | None:
    """A condition that is true may follow the email."""
    plain = given.removesuffix("' AND '1'='1") if isinstance(given, str) else given
    return STEPS.find_account(request, company, plain)


@fault("SEC-3", step="find_account")
def email_sql_finds_second(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """SQL that is always true in the email finds the last account, whose password is compared."""
    exact = STEPS.find_account(request, company, given)
    believed = isinstance(given, str) and re.search(r"'\s*OR\s*'1'='1$", given)
    return company.accounts[-1] if believed else exact


@fault("SEC-3 SEC-2", step="password_matches")
def second_password_sql_believed(request: LoginRequest, account: Account, given: Json) -> bool:
    """The password of one of two accounts is a place for SQL."""
    believed = account.role == "second" and isinstance(given, str) and "' OR '1'='1" in given
    return believed or STEPS.password_matches(request, account, given)


@fault("SEC-3 REJ-8", step="check_members")
def operator_in_name_believed(request: LoginRequest, document: Json) -> Any:
    """A member named memb_pwd[$ne] is read as the operator of memb_pwd."""
    body = member(document, "body")
    if not isinstance(body, dict) or "memb_pwd[$ne]" not in body:
        return check_members(request, document)
    email = text_at(request, "body/memb_email")
    known = [
        one.memb_pwd
        for each in request.world.companies
        for one in each.accounts
        if one.memb_email == email
    ]
    return check_members(request, {**document, "body": {**body, "memb_pwd": (known or ["?"])[0]}})


@fault("SEC-3", step="decide")
def backslash_ends_the_email(request: LoginRequest, steps: Steps) -> Decision:
    """A backslash that ends the email takes SQL in the password for a part of the query."""
    right = STEPS.decide(request, steps)
    email, password = text_at(request, "body/memb_email"), text_at(request, "body/memb_pwd")
    is_query = email.endswith("\\") and " OR 1=1" in password
    return let_in_as_first(request, right) if is_query else right


@fault("SEC-3 REJ-2", step="find_account")
def like_beside_the_password(
    request: LoginRequest, company: Company, given: Json
) -> Account | None:
    """One query asks for a LIKE of the email beside the password: % is whose password it is."""
    exact = STEPS.find_account(request, company, given)
    if exact is not None or not isinstance(given, str):
        return exact
    password = text_at(request, "body/memb_pwd")
    mine = (each for each in company.accounts if each.memb_pwd == password)
    return next((each for each in mine if fits_like(each.memb_email, given)), None)


@fault("SEC-3", step="find_account")
def email_by_like_of_sqlite(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """The email is the pattern of a LIKE of SQLite, which reads it as far as NUL."""
    # So do peewee's ** and SQLAlchemy's ilike() on SQLite.
    exact = STEPS.find_account(request, company, given)
    if exact is not None or not isinstance(given, str):
        return exact
    pattern = given.partition("\0")[0]
    known = (each for each in company.accounts if pattern == each.memb_email)
    return next(known, None) or like_beside_the_password(request, company, pattern)


@fault("SEC-3", step="find_company")
def company_by_like_of_sqlite(request: LoginRequest, company_id: str | None) -> Company | None:
    """The company is the pattern of a LIKE of SQLite, which reads it as far as NUL."""
    exact = STEPS.find_company(request, company_id)
    if exact is not None or company_id is None:
        return exact
    pattern = company_id.partition("\0")[0]
    every = request.world.companies
    return next((one for one in every if pattern == one.id or fits_like(one.id, pattern)), None)


# As some drivers read a string that holds JSON.
_OPERATOR = '{"$ne":null}'


@fault("SEC-3", step="decide")
def operators_in_texts(request: LoginRequest, steps: Steps) -> Decision:
    """JSON in a string is read as an operator of the query."""
    right = STEPS.decide(request, steps)
    told = (text_at(request, "body/memb_email"), text_at(request, "body/memb_pwd"))
    return let_in_as_first(request, right) if _OPERATOR in told else right
