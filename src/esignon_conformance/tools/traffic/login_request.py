"""What a recorded login asked for: its form, and whose credentials it carries.  By value, never shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...contract.model import Operation
from ...runner.fuzzing.classification import classify
from ...runner.fuzzing.keywords import undocumented
from ...runner.requests.builder import has_control, is_documented_type
from ...target.target import Account
from ...transport.json_reader import JsonText, member, read_json
from .entry import Entry
from .operation_path import Match

_PLAIN_EMAIL = re.compile(r"[a-z0-9][a-z0-9._-]*@[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+")
# By the clause that what a body is like falls under (`classify`).
_BY_CLAUSE: Mapping[str, str] = {
    "REJ-7": "traffic-unreadable",
    "REJ-13": "traffic-read-leniently",
    "REJ-8": "traffic-incomplete",
    "REJ-9": "traffic-other-code",
}

# Whose credentials a login carries, as far as values tell: those of an account, another password for its
# email, something near its password, right ones under another company, or what is in no settings.
Credentials = Literal[
    "right", "wrong", "near", "white-space", "unseen", "elsewhere", "strange-email",
    "strange-company", "spelling", "unknown",
]  # fmt: skip


@dataclass(frozen=True)
class Login:
    """What a request asked for.

    `form` is the id of the case where the body is no documented login, empty where it is one.
    `extras` says that it has members or a query that the page does not document, `other_type` that its
    media type is written in another way.  `account` names the account of the settings.
    """

    form: str
    email: str
    password: str
    credentials: Credentials = "unknown"
    account: str = ""
    extras: bool = False
    other_type: bool = False


@dataclass(frozen=True)
class KnownAccounts:
    """The accounts of the settings by name; `are_all` says that there are no others."""

    accounts: Mapping[str, Account]
    are_all: bool = False
    # Of all accounts, letter case and blanks at the ends set aside.
    _emails: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        emails = (_folded(one.email.get_secret_value()) for one in self.accounts.values())
        object.__setattr__(self, "_emails", frozenset(emails))

    def credentials(self, company: str, email: str, password: str) -> tuple[Credentials, str]:
        """Return whose credentials these are, and the name of the account."""
        if _folded(email) not in self._emails:
            return self._of_nobody(company, email), ""
        for name, account in self.accounts.items():
            known = account.email.get_secret_value()
            if company == account.company and email == known:
                return _compared(password, account.password.get_secret_value()), name
            if _folded(company) == _folded(account.company) and _folded(email) == _folded(known):
                # REQ-8: the page is silent on other letter case and blanks.
                return "spelling", name
        for name, account in self.accounts.items():
            is_right = (email, password) == (
                account.email.get_secret_value(),
                account.password.get_secret_value(),
            )
            if is_right and self._is_a_company(company):
                return "elsewhere", name
            if is_right and self.are_all:
                return "strange-company", name
        return self._of_nobody(company, email), ""

    def _of_nobody(self, company: str, email: str) -> Credentials:
        """Return what credentials are that are those of no account."""
        if self.are_all and not self._is_a_company(company):
            return "strange-company"
        if self.are_all and _PLAIN_EMAIL.fullmatch(email) and _folded(email) not in self._emails:
            return "strange-email"
        return "unknown"

    def company_role(self, company: str) -> str:
        """Return the name of the first account of a company, empty for a company of none."""
        return next((name for name, one in self.accounts.items() if one.company == company), "")

    def _is_a_company(self, company: str) -> bool:
        return any(_folded(one.company) == _folded(company) for one in self.accounts.values())


def _folded(text: str) -> str:
    return text.strip().casefold()


def _compared(password: str, right: str) -> Credentials:
    """Return how a password compares to the right one; what is near it has clauses of its own."""
    if password == right:
        return "right"
    # SEC-6: "white space of any kind around the password and another case of its first letter alone".
    if password.strip() == right.strip() or password.strip() == right:
        return "white-space"
    if password[1:] == right[1:] and password[:1].swapcase() == right[:1]:
        return "white-space"
    # SEC-7: "NUL alone after it, or followed by NUL and itself, a character that RFC 3454 B.1 maps to
    # nothing".
    seen = "".join(one for one in password if unicodedata.category(one) not in ("Cf", "Cc", "Mn"))
    if seen in (right, right * 2):
        return "unseen"
    # SEC-2: "no other letter case of the whole, no cut, nothing appended or inserted".
    same = unicodedata.normalize("NFKC", password).casefold() == right.casefold()
    contains = bool(password) and (password in right or right in password)
    return "near" if same or contains or not password else "wrong"


def login_of(entry: Entry, match: Match, known: KnownAccounts, operation: Operation) -> Login:
    """Return what a request asked for whose body was kept."""
    body, content_type = entry.sent_body or b"", entry.sent_header("Content-Type")
    text = read_json(body)
    email, password = (_text(text.value, f"/body/{name}") for name in ("memb_email", "memb_pwd"))
    if not is_documented_type(content_type, operation):
        return Login("traffic-other-media-type", email, password)
    if has_control(body):
        return Login("traffic-odd", email, password)
    is_plain = _is_plain(text, operation, email, password)
    if not is_plain:
        kind = classify(body, operation.request_schema)
        if kind.clause in _BY_CLAUSE:
            return Login(_BY_CLAUSE[kind.clause], email, password)
        if kind.clause == "ENV-10":
            return Login("traffic-odd", email, password)
    credentials, account = known.credentials(match.company, email, password)
    schema = operation.request_schema
    is_documented = is_plain or not any(undocumented(schema, text.value))
    extras = bool(match.url.query) or not is_documented
    other_type = (content_type or "").strip() != operation.media_type
    return Login("", email, password, credentials, account, extras, other_type)


def _is_plain(text: JsonText, operation: Operation, email: str, password: str) -> bool:
    """Tell whether a body is the page's example with other credentials, as nearly all are."""
    if text.problem is not None or text.duplicates or not (email and password):
        return False
    example = operation.request_example
    same = {**example, "body": {**example["body"], "memb_email": email, "memb_pwd": password}}
    return bool(text.value == same)


def _text(value: Any, pointer: str) -> str:
    found = member(value, pointer)[1]
    return found if isinstance(found, str) else ""
