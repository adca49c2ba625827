"""SEC-3: what is checked for its form, and then stands in a query that is made of text."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from fnmatch import fnmatchcase
from typing import TypeAlias

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Steps
from ..world import Account, Company
from .registry import add, changed, fault
from .when import let_in_as_first

# Takes the accounts of a company and the email sent, which has the form of one.
Find: TypeAlias = Callable[[LoginRequest, Company, str], Account | None]

# As HTML and Django check an email: RFC 5322 lets a local part have each of these signs.
_LOCAL_PART = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_LOCAL_PART}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_STRONG = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w\s])\S{8,64}")


def _rows(company: Company, where: str, order: str) -> list[str]:
    """Return the emails that SQLite finds among a company's accounts, none where it cannot read it."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE member (email, pwd)")
        rows = [(one.memb_email, one.memb_pwd) for one in company.accounts]
        database.executemany("INSERT INTO member VALUES (?, ?)", rows)
        query = f"SELECT email FROM member WHERE {where} ORDER BY rowid {order}"  # noqa: S608 - the fault
        try:
            return [email for (email,) in database.execute(query)]
        except (sqlite3.Error, sqlite3.Warning, UnicodeError, ValueError):
            return []


def _by_email(company: Company, email: str) -> Account | None:
    return next((one for one in company.accounts if one.memb_email == email), None)


def _in_sql(order: str) -> Find:
    def find(request: LoginRequest, company: Company, email: str) -> Account | None:
        found = _rows(company, f"email = '{email}'", order)
        return _by_email(company, found[0]) if found else None

    return find


def _that(fits: Callable[[str, str], object]) -> Find:
    def find(request: LoginRequest, company: Company, email: str) -> Account | None:
        return next((one for one in company.accounts if fits(one.memb_email, email)), None)

    return find


def _fits_pattern(known: str, given: str) -> bool:
    try:
        return re.fullmatch(given, known, re.IGNORECASE) is not None
    except re.error:
        return False


def _true_by_bars(given: str) -> bool:
    """Tell whether a text closes a string and adds, behind ||, two strings that differ."""
    found = re.search(r"'\|\|'([^']*)'!='([^']*)$", given)
    return found is not None and found[1] != found[2]


# fmt: off
EMAILS: tuple[tuple[str, str, Find], ...] = (
    ("sql", "SQL", _in_sql("ASC")),
    ("sql-newest-first", "SQL that finds the newest account first", _in_sql("DESC")),
    ("addition", "an expression in which + joins strings",
     _that(lambda known, given: given.replace("'+'", "") == known)),
    ("bars", "an expression in which || means or", _that(lambda known, given: _true_by_bars(given))),
    ("glob", "a filter in which * is a wildcard", _that(fnmatchcase)),
    ("pattern", "a regular expression", _that(_fits_pattern)),
)
# fmt: on


def _in_form(find: Find) -> Callable[[LoginRequest, Company, Json], Account | None]:
    def find_account(request: LoginRequest, company: Company, given: Json) -> Account | None:
        exact = STEPS.find_account(request, company, given)
        if exact is not None or not isinstance(given, str) or not _EMAIL.fullmatch(given):
            return exact
        return find(request, company, given)

    return find_account


for _name, _what, _find in EMAILS:
    add(
        f"email-in-its-form-in-{_name}",
        "SEC-3",
        f"What has the form of an email is put into {_what}.",
        changed(find_account=_in_form(_find)),
    )


@fault("SEC-3", step="password_matches")
def strong_password_in_sql(request: LoginRequest, account: Account, given: Json) -> bool:
    """A password that the rules for passwords allow is put into SQL."""
    if not isinstance(given, str) or not _STRONG.fullmatch(given):
        return STEPS.password_matches(request, account, given)
    email = account.memb_email.replace("'", "''")
    own = Company(id="own", role="own", accounts=(account,))
    return bool(_rows(own, f"email = '{email}' AND pwd = '{given}'", "ASC"))


@fault("SEC-3", step="password_matches")
def strong_password_in_expression(request: LoginRequest, account: Account, given: Json) -> bool:
    """A password that the rules for passwords allow is put into an expression, where || means or."""
    believed = isinstance(given, str) and _STRONG.fullmatch(given) and _true_by_bars(given)
    return bool(believed) or STEPS.password_matches(request, account, given)


@fault("SEC-3 REJ-5", step="decide")
def company_in_expression(request: LoginRequest, steps: Steps) -> Decision:
    """The company is put into an expression, where || means or."""
    right = STEPS.decide(request, steps)
    is_true = right.reason is Reason.UNKNOWN_COMPANY and _true_by_bars(request.company_id or "")
    return let_in_as_first(request, right) if is_true else right
