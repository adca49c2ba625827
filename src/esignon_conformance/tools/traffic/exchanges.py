"""From an entry of a file to an exchange with the case that it is: by value, and never shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...contract.model import Case, Contract, Operation
from ...recording.response import NO_OUTCOME, outcome, read
from ...recording.traffic import STRANGER
from ...redaction.secret import Secret
from ...runner.requests.builder import has_control, is_documented_type, language_of
from ...transport.json_reader import member
from ...transport.messages import Answer, Exchange, Request
from .account_history import AccountHistory
from .cases import (
    BLOCKED,
    BY_CREDENTIALS,
    ELSEWHERE_BLOCKED,
    EXTRAS,
    ODD,
    OTHER_TYPE,
    REFUSAL,
    RIGHT,
    SPELLING,
    SUCCESS,
    UNKNOWN_REQUEST,
    WRONG,
)
from .entry import Entry
from .login_request import KnownAccounts, Login, login_of
from .operation_path import Match

# The content of an answer stands in a file with its coding undone, beside the field that names it.
_UNDONE = frozenset({"content-encoding", "transfer-encoding"})
# Names differ in letter case alone, which their lengths do not.
_LENGTHS = frozenset(map(len, _UNDONE))
_BLOCKED = "blocked"
_WRONG = frozenset({"wrong", "near", "white-space", "unseen"})
# Where the form of a body is all that is judged, its bytes have to be known.
_BY_BYTES = frozenset({"traffic-unreadable", "traffic-read-leniently"})
LOCKED = "locked"


@dataclass
class ExchangeMaker:
    """Makes exchanges of entries, in the order of the file.

    `histories` are those of the accounts of the settings; `strangers` numbers all other accounts.
    """

    contract: Contract
    known: KnownAccounts
    cases: Mapping[str, Case]
    histories: dict[str, AccountHistory] = field(default_factory=dict)
    strangers: dict[int, int] = field(default_factory=dict)

    def made(self, entry: Entry, match: Match, number: int) -> tuple[Exchange, str]:
        """Return the exchange of an entry, and why it is set aside, empty where it is not."""
        query = match.url.query
        content_type = entry.sent_header("Content-Type")
        body = entry.sent_body
        login = Login(UNKNOWN_REQUEST, "", "")
        if body is not None:
            login = login_of(entry, match, self.known, self._operation)
        request = Request(
            method=entry.method,
            target=match.url.path + (f"?{query}" if query else ""),
            headers=entry.sent_headers,
            body=body or b"",
            account=self._account_of(entry, login, match.company),
            company=match.company,
            memb_email=Secret(login.email),
            password=Secret(login.password),
            language=language_of(query, entry.sent_header("Accept-Language")),
            as_documented=is_documented_type(content_type, self._operation)
            and not has_control(body or b""),
        )
        answer = Answer(
            status=entry.status,
            reason=entry.reason,
            version=entry.version,
            headers=tuple(
                one
                for one in entry.headers
                if len(one[0]) not in _LENGTHS or one[0].lower() not in _UNDONE
            ),
            body=entry.body or b"",
        )
        began = 0.0 if math.isnan(entry.began) else entry.began
        exchange = Exchange(
            id=f"e{number}",
            case=UNKNOWN_REQUEST,
            situation="odd",
            role="case",
            request=request,
            answer=None if entry.fault or "no-answer" in entry.losses else answer,
            fault=entry.fault,
            began=began,
            ended=began + entry.seconds,
            answered_at=began + entry.seconds,
            connection=0,
            request_id=entry.place,
            sent=entry.sent_headers,
            tries=entry.tries,
            passing=entry.gone,
        )
        case_id, aside = self._case_of(entry, login, exchange)
        return _named(exchange, case_id, self.cases[case_id].situation), aside

    @property
    def _operation(self) -> Operation:
        return self.contract.operation

    def _account_of(self, entry: Entry, login: Login, company: str) -> str:
        """Return the name of an account; of one that is in no settings a number, for each its own."""
        if entry.own is not None and entry.own.case in self.cases:
            return self.cases[entry.own.case].account
        return login.account or self._stranger(company, login.email)

    def _stranger(self, company: str, email: str) -> str:
        key = hash((company.casefold(), email.strip().casefold()))
        return f"{STRANGER}{self.strangers.setdefault(key, len(self.strangers) + 1)}"

    def _case_of(self, entry: Entry, login: Login, exchange: Exchange) -> tuple[str, str]:
        """Return the id of the case that an exchange is, and why it is set aside."""
        if exchange.answer is None or entry.body is None:
            return self._unanswered(entry, login), ""
        result = outcome(exchange, frozenset(), self.contract.codes)
        if entry.own is not None and entry.own.case in self.cases:
            if self.cases[entry.own.case].is_plain_right_login:
                self._note_right(exchange.request.account, entry.own.case, exchange, result)
            return entry.own.case, ""
        if login.form:
            lacks = login.form in _BY_BYTES and "request-length" in entry.losses
            return ODD if lacks else login.form, ""
        if login.credentials in ("right", *_WRONG):
            return self._of_known(login, exchange, result)
        if login.credentials in BY_CREDENTIALS:
            case_id = BY_CREDENTIALS[login.credentials]
            is_blocked = self.known.company_role(exchange.request.company) == _BLOCKED
            if login.credentials == "elsewhere" and is_blocked:
                case_id = ELSEWHERE_BLOCKED
            if login.credentials == "strange-email" and is_blocked:
                case_id = REFUSAL if result != "issued" else SUCCESS
            return case_id, ""
        if result != "issued":
            return REFUSAL, ""
        return (SPELLING if _comes_back_otherwise(exchange) else SUCCESS), ""

    def _unanswered(self, entry: Entry, login: Login) -> str:
        if entry.own is not None and entry.own.case in self.cases:
            return entry.own.case
        is_right = entry.fault is not None and login.credentials == "right"
        return login.form or (RIGHT if is_right else REFUSAL)

    def _of_known(self, login: Login, exchange: Exchange, result: str) -> tuple[str, str]:
        """Return the case of a login to a known account; what a lock may explain is set aside."""
        history = self.histories.setdefault(login.account, AccountHistory(login.account))
        if login.credentials != "right":
            # After wrong passwords an account may be locked, and be refused with whatever code.
            plain = result in ("10", "issued", *NO_OUTCOME) or history.is_open
            history.wrong_password()
            case_id = BY_CREDENTIALS[login.credentials]
            if login.account == _BLOCKED and result != "issued":
                # REJ-4 and REJ-1 both have a word on it.
                return REFUSAL, ""
            return case_id, "" if plain or case_id != WRONG else LOCKED
        if login.account == _BLOCKED:
            return BLOCKED, LOCKED if history.wrong and result != "95" else ""
        case_id = EXTRAS if login.extras else OTHER_TYPE if login.other_type else RIGHT
        if case_id != RIGHT:
            # A server may be strict about the form (REQ-3, REQ-4), which says nothing of the account.
            return case_id, LOCKED if history.wrong and result != "issued" else ""
        is_judged = self._note_right(login.account, case_id, exchange, result)
        return case_id, "" if is_judged else LOCKED

    def _note_right(self, account: str, case_id: str, exchange: Exchange, result: str) -> bool:
        """Note a right login of an account, as the case that it is; tell whether it may be judged."""
        history = self.histories.setdefault(account, AccountHistory(account))
        if result in NO_OUTCOME:
            history.lost += 1
            return True
        named = _named(exchange, case_id, self.cases[case_id].situation)
        return history.right(named, is_success=self._is_full(exchange, result))

    def _is_full(self, exchange: Exchange, result: str) -> bool:
        """Tell whether a right login got what REQ-1 promises."""
        wanted = self.contract.clauses["REQ-1"].parameters["status"]
        return (
            result == "issued" and exchange.answer is not None and exchange.answer.status == wanted
        )


def _named(exchange: Exchange, case: str, situation: str) -> Exchange:
    """Return an exchange with its case, as `replace` does, which asks for twenty fields by name."""
    named = object.__new__(Exchange)
    named.__dict__.update(exchange.__dict__, case=case, situation=situation)
    return named


def _comes_back_otherwise(exchange: Exchange) -> bool:
    """Tell whether the email of a success differs from the one sent in letter case or blanks alone.

    "The email in another case or with blanks is observed and exempt from SUC-5."
    """
    found = member(read(exchange).text.value, "/body/memb_email")[1]
    sent = exchange.request.said("memb_email")
    if not isinstance(found, str) or found == sent:
        return False
    return found.strip().casefold() == sent.strip().casefold()
