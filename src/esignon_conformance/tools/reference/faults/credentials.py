"""REJ-1, REJ-2, REJ-4: wrong credentials that are taken, and wrong codes for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from unicodedata import category

from ..login import STEPS
from ..pipeline import Answered, Decision, Json, LoginRequest, Reason, Steps
from ..request_reader import member
from ..world import Account, Company
from .registry import add, changed, fault
from .when import When, always, is_hangul, text_at, without_accents

# REJ-1, REJ-2, REJ-4: which code a situation gets.


def _coded(reason: Reason, code: str, when: When = always) -> Callable[..., str]:
    def result_code(request: LoginRequest, decision: Decision) -> str:
        wrong = decision.reason is reason and when(request, decision)
        return code if wrong else STEPS.result_code(request, decision)

    return result_code


def _sent(path: str, test: Callable[[str], object]) -> When:
    return lambda request, decision: bool(test(text_at(request, path)))


def _asked(query: bytes) -> When:
    return lambda request, decision: request.query == query


# fmt: off
CODES: tuple[tuple[str, str, str, Reason, str, When], ...] = (
    ("wrong-password-12", "REJ-1", "A wrong password gets 12.", Reason.WRONG_PASSWORD, "12",
     always),
    ("wrong-password-95", "REJ-1", "A wrong password gets 95.", Reason.WRONG_PASSWORD, "95",
     always),
    ("wrong-password-99", "REJ-1", "A wrong password gets 99.", Reason.WRONG_PASSWORD, "99",
     always),
    ("wrong-password-12-with-lang-en", "REJ-1", "A wrong password gets 12 with ?lang=en.",
     Reason.WRONG_PASSWORD, "12", _asked(b"lang=en")),
    ("wrong-password-99-with-lang-unknown", "REJ-1",
     "A wrong password gets 99 in a language that does not exist.",
     Reason.WRONG_PASSWORD, "99", _asked(b"lang=xx")),
    ("unknown-email-12-with-lang-en", "REJ-2", "An unknown email gets 12 with ?lang=en.",
     Reason.UNKNOWN_EMAIL, "12", _asked(b"lang=en")),
    ("unknown-email-12-with-lang-ja", "REJ-2", "An unknown email gets 12 with ?lang=ja.",
     Reason.UNKNOWN_EMAIL, "12", _asked(b"lang=ja")),
    ("unknown-email-99-with-lang-unknown", "REJ-2",
     "An unknown email gets 99 in a language that does not exist.",
     Reason.UNKNOWN_EMAIL, "99", _asked(b"lang=xx")),
    ("blocked-12-with-lang-en", "REJ-4", "A blocked company gets 12 with ?lang=en.",
     Reason.BLOCKED_COMPANY, "12", _asked(b"lang=en")),
    ("short-password-12", "REJ-1", "A wrong password of one letter gets 12.", Reason.WRONG_PASSWORD,
     "12", _sent("body/memb_pwd", lambda text: len(text) == 1)),
    ("long-password-99", "REJ-1", "A wrong password of more than 64 letters gets 99.",
     Reason.WRONG_PASSWORD, "99", _sent("body/memb_pwd", lambda text: len(text) > 64)),
    ("hangul-password-99", "REJ-1", "A wrong password in Hangul gets 99.", Reason.WRONG_PASSWORD,
     "99", _sent("body/memb_pwd", is_hangul)),
    ("backslash-password-12", "REJ-1", "A wrong password with a backslash gets 12.",
     Reason.WRONG_PASSWORD, "12", _sent("body/memb_pwd", lambda text: "\\" in text)),
    ("blank-password-12", "REJ-1", "A wrong password with blanks inside gets 12.",
     Reason.WRONG_PASSWORD, "12", _sent("body/memb_pwd", lambda text: " " in text.strip())),
    ("digits-password-99", "REJ-1", "A wrong password of digits gets 99.", Reason.WRONG_PASSWORD,
     "99", _sent("body/memb_pwd", str.isdigit)),
    ("unknown-email-12", "REJ-2", "An unknown email gets 12.", Reason.UNKNOWN_EMAIL, "12", always),
    ("unknown-email-95", "REJ-2", "An unknown email gets 95.", Reason.UNKNOWN_EMAIL, "95", always),
    ("unknown-email-99", "REJ-2", "An unknown email gets 99.", Reason.UNKNOWN_EMAIL, "99", always),
    ("foreign-domain-95", "REJ-2", "An email of a domain unknown to the company gets 95.",
     Reason.UNKNOWN_EMAIL, "95",
     _sent("body/memb_email", lambda text: text.endswith("@elsewhere.example.com"))),
    ("known-domain-99", "REJ-2", "An unknown email of the company's own domain gets 99.",
     Reason.UNKNOWN_EMAIL, "99",
     _sent("body/memb_email", lambda text: text.endswith("@dalbit.invalid"))),
    ("blocked-10", "REJ-4", "A blocked company gets 10.", Reason.BLOCKED_COMPANY, "10", always),
    ("blocked-12", "REJ-4", "A blocked company gets 12.", Reason.BLOCKED_COMPANY, "12", always),
    ("blocked-99", "REJ-4", "A blocked company gets 99.", Reason.BLOCKED_COMPANY, "99", always),
)
# fmt: on

for _name, _clause, _sentence, _reason, _code, _when in CODES:
    add(_name, _clause, _sentence, changed(result_code=_coded(_reason, _code, _when)))


# REJ-1: wrong passwords that are taken for right ones.
Takes: TypeAlias = Callable[[LoginRequest, Account, str], object]


def _everybody(request: LoginRequest) -> list[Account]:
    return [each for company in request.world.companies for each in company.accounts]


def _colleagues(request: LoginRequest, account: Account) -> tuple[Account, ...]:
    return next(one.accounts for one in request.world.companies if account in one.accounts)


def _of_colleague(request: LoginRequest, account: Account, given: str) -> bool:
    return any(each.memb_pwd == given for each in _colleagues(request, account))


def _of_stranger(request: LoginRequest, account: Account, given: str) -> bool:
    strangers = set(_everybody(request)) - set(_colleagues(request, account))
    return any(each.memb_pwd == given for each in strangers)


def _just_let_in(request: LoginRequest, account: Account, given: str) -> bool:
    last = request.state.last.decision if request.state.last else None
    return last is not None and last.issued and last.account is account


def _counted(request: LoginRequest) -> int:
    """Count the passwords that were compared and are wrong: what is right is let in before."""
    notes = request.state.notes
    notes["compared"] = notes.get("compared", 0) + 1
    count: int = notes["compared"]
    return count


def _right_after(test: Callable[[Answered], bool]) -> Takes:
    """Ask something of the request before, on the same connection."""

    def is_after(request: LoginRequest, account: Account, given: str) -> bool:
        last = request.state.last
        return last is not None and last.request.client == request.client and test(last)

    return is_after


def _ended(reason: Reason) -> Takes:
    return _right_after(lambda last: last.decision is not None and last.decision.reason is reason)


def _asked_by(method: str) -> Takes:
    return _right_after(lambda last: last.request.method == method and not last.request.raw)


# fmt: off
TAKEN: tuple[tuple[str, str, Takes], ...] = (
    ("any-password", "Any password is right.", lambda request, account, given: True),
    ("any-password-for-one", "Any password is right for one account.",
     lambda request, account, given: account.role == "main"),
    ("any-password-for-other", "Any password is right for the account of another company.",
     lambda request, account, given: account.role == "other"),
    ("any-password-later", "Any password is right once an account has been let in 20 times.",
     lambda request, account, given: request.state.issued[account.memb_email] >= 20),
    ("any-fourth-password", "Every fourth wrong password is right.",
     lambda request, account, given: request.number % 4 == 0),
    ("every-fortieth-password", "Every 40th wrong password is right.",
     lambda request, account, given: _counted(request) % 40 == 0),
    ("any-password-after-login", "Any password is right just after the account's right login.",
     _just_let_in),
    ("any-password-after-unreadable", "Any password is right on a connection after an unreadable body.",
     _ended(Reason.UNREADABLE)),
    ("any-password-after-refusal", "Any password is right on a connection after an unknown email.",
     _ended(Reason.UNKNOWN_EMAIL)),
    ("any-password-after-get", "Any password is right on a connection after GET.", _asked_by("GET")),
    ("any-password-after-options", "Any password is right on a connection after OPTIONS.",
     _asked_by("OPTIONS")),
    ("password-of-colleague", "The password of another account of the company is right.",
     _of_colleague),
    ("password-of-stranger", "The password of any account of another company is right.",
     _of_stranger),
    ("password-is-email", "The email is right for a password.",
     lambda request, account, given: given == account.memb_email),
    ("password-is-company", "The company is right for a password.",
     lambda request, account, given: given == request.company_id),
    ("password-is-local-part", "The email as far as the at sign is right for a password.",
     lambda request, account, given: given == account.memb_email.partition("@")[0]),
    ("password-of-same-length", "A password of the right length is right.",
     lambda request, account, given: len(given) == len(account.memb_pwd)),
    ("one-letter-password", "A password of one letter is right.",
     lambda request, account, given: len(given) == 1 and given.isalpha()),
    ("digits-password", "A password of digits is right.",
     lambda request, account, given: given.isdigit()),
    ("long-password", "A password of more than 72 letters is right.",
     lambda request, account, given: len(given) > 72),
    ("hangul-password", "A password in Hangul is right.",
     lambda request, account, given: is_hangul(given)),
    ("astral-password", "A password with a character of four bytes is right.",
     lambda request, account, given: any(one > "\uffff" for one in given)),
    ("hangul-alone-password", "A password of Hangul and nothing else is right.",
     lambda request, account, given: bool(given) and all(map(is_hangul, given))),
    ("kilobyte-password", "A password of 1024 to 4095 characters is right.",
     lambda request, account, given: 1024 <= len(given) < 4096),
    ("surrogate-password", "A password with a lone surrogate is right.",
     lambda request, account, given: any("\ud800" <= one <= "\udfff" for one in given)),
    ("nul-password", "A password that begins with NUL is right.",
     lambda request, account, given: given.startswith("\0")),
    ("punctuation-password", "A password without a letter between its marks is right.",
     lambda request, account, given: "!@#" in given),
)
# fmt: on


def _taking(takes: Takes) -> Callable[[LoginRequest, Account, Json], bool]:
    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        is_right = STEPS.password_matches(request, account, given)
        return is_right or (isinstance(given, str) and bool(takes(request, account, given)))

    return password_matches


for _name, _sentence, _takes in TAKEN:
    add(
        f"takes-{_name}",
        "REJ-1",
        _sentence,
        changed(password_matches=_taking(_takes)),
    )


# REJ-2: unknown emails that are taken for known ones.
_LATIN = str.maketrans("\u0430\u0435\u043e\u0440\u0441\u0443\u0445", "aeopcyx")

# fmt: off
FOUND: tuple[tuple[str, str, Callable[[str, str], object]], ...] = (
    ("email-and-more", "An email with more after it is found.",
     lambda known, given: given.startswith(known)),
    ("more-and-email", "An email with more before it is found.",
     lambda known, given: given.endswith(known)),
    ("email-cut", "An email without its end is found.",
     lambda known, given: len(given) > 12 and known.startswith(given)),
    ("email-end", "An email without its start is found.",
     lambda known, given: len(given) > 12 and known.endswith(given)),
    ("email-empty", "The empty email is the first account's.", lambda known, given: not given),
    ("email-of-domain", "Any email of the domain is found.",
     lambda known, given: known.partition("@")[2] == given.partition("@")[2]),
    ("email-of-name", "An email is found by its local part, whatever the domain.",
     lambda known, given: "@" in given and known.partition("@")[0] == given.partition("@")[0]),
    ("local-part-alone", "The local part alone is found.",
     lambda known, given: known.partition("@")[0] == given),
    ("c-string-email", "What follows NUL in the email is passed over.",
     lambda known, given: given.partition("\0")[0] == known),
    ("first-line-email", "What follows a line end in the email is passed over.",
     lambda known, given: given.partition("\n")[0] == known),
    ("plus-tag-ignored", "An email with a plus tag is found.",
     lambda known, given: given.replace("+tag", "") == known and given != known),
    ("any-email", "Any email is the first account's.", lambda known, given: True),
    ("email-collated", "Characters that nobody sees make no difference in the email, as in MySQL.",
     lambda email, given: "".join(one for one in given if category(one) != "Cf") == email),
    ("email-filled", "A Hangul filler around the email is passed over.",
     lambda email, given: given.strip("\u3164") == email),
    ("email-alike", "Cyrillic letters are read as the Latin ones that they look like.",
     lambda email, given: given.translate(_LATIN) == email),
    ("email-accented", "Accents in the email make no difference, as in a collation that is blind to them.",
     lambda email, given: without_accents(given) == email),
    ("email-of-subdomain", "An email at a subdomain of its domain is found.",
     lambda email, given: given.replace("@sub.", "@") == email),
    ("email-of-object", "The email is looked up in an object, which has a constructor.",
     lambda email, given: given == "constructor"),
    ("email-without-dots", "Dots in the email make no difference.",
     lambda email, given: given.replace(".", "") == email.replace(".", "")),
)
# fmt: on


def finding_account(finds: Callable[[str, str], object]) -> Callable[..., Account | None]:
    """Return how to find an account by an email, or by one that is found for it: known, given."""

    def find_account(request: LoginRequest, company: Company, given: Json) -> Account | None:
        exact = STEPS.find_account(request, company, given)
        if exact is not None or not isinstance(given, str):
            return exact
        return next((each for each in company.accounts if finds(each.memb_email, given)), None)

    return find_account


for _name, _sentence, _finds in FOUND:
    add(f"finds-{_name}", "REJ-2 SEC-3", _sentence, changed(find_account=finding_account(_finds)))


@fault("REJ-2", step="find_account")
def password_finds_account(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """An account is found by its password alone."""
    exact, password = STEPS.find_account(request, company, given), text_at(request, "body/memb_pwd")
    return exact or next((each for each in company.accounts if each.memb_pwd == password), None)


@fault("REJ-2", step="decide")
def two_empty_strings_let_in(request: LoginRequest, steps: Steps) -> Decision:
    """An empty email with an empty password is let in."""
    right, sent = STEPS.decide(request, steps), member(request.document, "body")
    empty = sent == {"memb_email": "", "memb_pwd": ""}
    return replace(right, reason=Reason.ISSUED) if empty else right


@fault("REJ-2", step="find_account")
def signs_up_whoever_asks(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """An unknown email makes a new account."""
    exact = STEPS.find_account(request, company, given)
    return exact or Account("new", given, text_at(request, "body/memb_pwd"))
