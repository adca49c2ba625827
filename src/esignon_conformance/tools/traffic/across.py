"""What only many exchanges together show: the same request twice, one token for two, TLS, steadiness.

What is kept of each is a number, so that a file of any size fits into little memory.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult

from ...checks.deviation import Deviation
from ...checks.own_body import tells_a_cache
from ...checks.success import login_deviation
from ...checks.view import View
from ...contract.model import Case
from ...i18n.message import say
from ...recording.response import is_refusal
from ...recording.traffic import STRANGER
from ...target.host_names import is_loopback
from ...transport.messages import Exchange
from .account_history import AccountHistory
from .batch_result import AnswerFacts
from .batches import COMPARED
from .cases import REFUSAL, RIGHT, UNKNOWN_REQUEST, UNREADABLE, WRONG
from .login_bodies import LoginBodies
from .shared_bodies import SharedBodies
from .steadiness import codes_in_turn, is_unsteady
from .tally import ClauseTally
from .tokens_shown import TokensShown

_TOKEN = "/body/access_token"  # noqa: S105 - the place of a member
_UNREADABLE = frozenset({UNREADABLE, "traffic-read-leniently"})
# A right login is no bad request, however it is refused.
_RIGHT = "right"
_SCHEMES = ("http", "https")
# The login of an account may be refused otherwise once it is locked.
_MAY_BE_LOCKED = frozenset({REFUSAL, WRONG})


# In the place of the owner of a token that came to another account only.
_ANOTHERS = ""
# One process may have 10,000 exchanges waiting, and another none.
_BATCHES_IN_LOAD = 20


@dataclass
class _SameBody:
    """The body of the first login that was let in on a path, and whether all later answers were it."""

    body: int
    later: int = 0
    unreadable: int = 0
    is_same: bool = True
    last: Exchange | None = None


@dataclass
class Across:
    """Judges the clauses that look at several exchanges, in the order of the file."""

    tallies: Mapping[str, ClauseTally]
    # Those of the contract: what this suite recorded itself is named by them.
    cases: Mapping[str, Case] = field(default_factory=dict)
    owners: dict[int, int | str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    # Bad requests whose answer had no outcome.
    broken: set[int] = field(default_factory=set)
    # Refused requests that got now one code and now another.
    unsteady: set[int] = field(default_factory=set)
    # How often each code refused the requests of a case.
    refused: dict[str, Counter[str]] = field(default_factory=dict)
    accounts_with_tokens: set[str] = field(default_factory=set)
    same: dict[str, _SameBody] = field(default_factory=dict)
    first_values: tuple[int, ...] = ()
    differing: set[int] = field(default_factory=set)
    # Of a load run alone.
    shared: SharedBodies | None = None
    # Whether too few requests got the body of a login to prove a cache, and too many for a tick.
    is_cache_doubted: bool = False
    _login_bodies: LoginBodies = field(default_factory=LoginBodies)

    def __post_init__(self) -> None:
        self._tokens_shown = TokensShown(self.tallies["REJ-10"], self.owners)

    def begin_load(self) -> None:
        """Judge what processes hand on while they send: each answer is fresh, and some come late."""
        self.shared = SharedBodies()
        self._tokens_shown.look_back(_BATCHES_IN_LOAD)

    def add(self, exchanges: Sequence[Exchange], answers: Sequence[AnswerFacts]) -> None:
        """Judge the answers of a batch by those before them."""
        for answer in answers:
            exchange = exchanges[answer.at]
            self._add_body(exchange, answer)
            if exchange.case == UNKNOWN_REQUEST:
                # Of a request whose body was not kept nobody knows whether it is the same as another one.
                pass
            elif is_refusal(answer.result):
                self._add_refusal(exchange, answer)
            elif answer.result == "broken" and exchange.situation != _RIGHT:
                self._add_broken(exchange, answer.request)
            if answer.token and answer.is_anothers:
                # Whose token it is says the account that the answer names; that another one got it is
                # SUC-9's, or SUC-5's.
                self.owners.setdefault(answer.token, _ANOTHERS)
            elif answer.token:
                self._add_token(exchange, answer.token)
            if answer.values:
                self._add_values(answer.values)
        self._tokens_shown.add(exchanges, answers)

    def _add_body(self, exchange: Exchange, answer: AnswerFacts) -> None:
        # REQ-9: "Fails where, on one path, a right login got "00" and every later request, whatever its
        # account, password or form (at least 5, two of them unreadable), got the same body byte for byte".
        case = self._kind_of(exchange.case)
        is_right = answer.result == "issued" and case == RIGHT
        is_unreadable = case in _UNREADABLE
        if self.shared is None:
            self._login_bodies.add(exchange, case, answer.body, is_right=is_right)
        else:
            # So is what a load run makes up and lets be refused, where it is refused at other times.
            is_made_up = exchange.situation != _RIGHT and answer.result == "issued"
            is_copy = is_unreadable or (is_made_up and exchange.case in self.refused)
            deviation = self.shared.add(
                exchange, answer.body, is_right=is_right, is_unreadable=is_copy
            )
            if deviation is not None:
                self.tallies["REQ-9"].add(exchange, deviation)
        found = self.same.get(exchange.request.target)
        if found is None:
            if answer.result == "issued":
                self.same[exchange.request.target] = _SameBody(answer.body)
            return
        found.later += 1
        found.unreadable += is_unreadable
        found.is_same &= answer.body == found.body
        found.last = exchange

    def _kind_of(self, case_id: str) -> str:
        """Return what a request is in any file: one that this suite recorded has a case of its own."""
        case = self.cases.get(case_id)
        if case is None:
            return case_id
        if case.is_plain_right_login:
            return RIGHT
        return UNREADABLE if case.clause == "REJ-7" else case_id

    def _add_refusal(self, exchange: Exchange, answer: AnswerFacts) -> None:
        # REJ-11: the same bad request gets the same code each time.  The login of an account that may be
        # locked, or whose company may have changed meanwhile, is refused otherwise for a reason.
        if exchange.situation == _RIGHT:
            return
        self.refused.setdefault(exchange.case, Counter())[answer.result] += 1
        key, result = answer.request, answer.result
        before = self.codes.get(key, "").split()
        if result not in before:
            self.codes[key] = sys.intern(" ".join((*before, result)))
        if not before or exchange.case in _MAY_BE_LOCKED:
            return
        deviation = None
        if is_unsteady(before, result):
            self.unsteady.add(key)
            deviation = codes_in_turn((*before, result))
        self.tallies["REJ-11"].add(exchange, deviation)
        self.tallies["REJ-11"].heard.add(exchange.situation)

    def _add_broken(self, exchange: Exchange, request: int) -> None:
        # REJ-11: a bad request that was sent before has no code to compare.
        if request in self.broken or request in self.codes:
            self.tallies["REJ-11"].lost[exchange.situation] += 1
        self.broken.add(request)

    def _add_token(self, exchange: Exchange, token: int) -> None:
        # SUC-10: two accounts never get the same token.
        account = exchange.request.account
        if len(self.accounts_with_tokens) < 2:
            self.accounts_with_tokens.add(account)
        # Of an account that is in no settings its number is kept, as of all that there may be many of.
        mark: int | str = int(account[len(STRANGER) :]) if account.startswith(STRANGER) else account
        kept, deviation = self.owners.setdefault(token, mark), None
        if kept == _ANOTHERS:
            kept = self.owners[token] = mark
        owner = f"{STRANGER}{kept}" if isinstance(kept, int) else kept
        if owner != account:
            got = say("token-of-accounts", accounts=", ".join(sorted((owner, account))))
            deviation = Deviation(say("a-token-of-its-own"), got, _TOKEN, "shared")
        self.tallies["SUC-10"].add(exchange, deviation)

    def _add_values(self, values: tuple[int, ...]) -> None:
        # SUC-15: "whether a repeated login gets the same token, device id and expiry".
        first = self.first_values = self.first_values or values
        self.differing |= {at for at, value in enumerate(values) if value != first[at]}

    def observed(self) -> dict[str, list[str]]:
        """Return by member whether the logins of one account got the same value each time."""
        if not self.first_values:
            return {}
        return {
            name: ["differs" if at in self.differing else "same"]
            for at, name in enumerate(COMPARED)
        }

    def add_transport(self, exchange: Exchange, url: SplitResult) -> None:
        """Judge how a server was reached."""
        # SEC-5: a target that is not a loopback address is reached over TLS.
        if url.scheme not in _SCHEMES or is_loopback(url.hostname or ""):
            return
        deviation = None
        if url.scheme != "https":
            deviation = Deviation(say("scheme", scheme="https"), say("scheme", scheme="http"))
        self.tallies["SEC-5"].add(exchange, deviation)

    def finish(self, view: View, histories: Mapping[str, AccountHistory]) -> None:
        """Judge what the whole file shows of the accounts of the settings."""
        first = view.contract.clauses["REQ-1"]
        for history in histories.values():
            self.tallies["REQ-1"].judged += history.successes
            history.note_lost(self.tallies["REQ-1"])
            for clause, refused in (
                ("REQ-1", history.never_let_in()),
                ("SUC-8", history.let_in_now_and_then()),
            ):
                for exchange in refused:
                    deviation = login_deviation(view, first, exchange)
                    if deviation is not None:
                        self.tallies[clause].add(exchange, deviation)
        if len(self.accounts_with_tokens) < 2:
            self.tallies["SUC-10"].judged = 0
        # REJ-11: "the same bad request gets the same code each time": now a code, and now none.
        self.tallies["REJ-11"].is_of_every = not self.broken.isdisjoint(self.codes)
        self._finish_bodies()

    def _finish_bodies(self) -> None:
        for found in self.same.values():
            if tells_a_cache(found.later, found.unreadable) and found.last is not None:
                got = say("the-same-body", count=found.later)
                # Of a load run it is told already that bodies are shared.
                is_told = self.shared is not None and self.tallies["REQ-9"].evidence
                is_new = found.is_same and not is_told
                deviation = Deviation(say("its-own-answer"), got) if is_new else None
                self.tallies["REQ-9"].add(found.last, deviation)
        tally = self.tallies["REQ-9"]
        for exchange, proof in self._login_bodies.shared() if not tally.evidence else ():
            self.is_cache_doubted |= proof is None
            if proof is not None:
                tally.add(exchange, proof)
