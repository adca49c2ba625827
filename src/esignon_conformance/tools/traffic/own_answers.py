"""Whether right logins that were under way at once got one another's answers: SUC-9 of a load run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...checks.success import differs_in_case_only
from ...checks.view import document
from ...recording.response import read
from ...transport.json_reader import member
from ...transport.messages import Exchange
from .cases import RIGHT
from .tally import ClauseTally

_CLAUSE, _STEADY = "SUC-9", "SUC-8"
# What an answer says of whose it is: what of the request it equals, and the clause that says so.
_SAYS = (("/body/memb_email", "memb_email", "SUC-5"), ("/body/comp_id", "company", "SUC-2"))
_OF_ANOTHER = "value"


class _Latest(NamedTuple):
    account: str
    began: float
    ended: float


@dataclass
class OwnAnswers:
    """Notes of right logins that were let in whose answer each got.

    `judged` are those during which a right login of another account was under way in the same process;
    `own` and `foreign` are the accounts that got an answer of their own, and one of another account;
    `beside` are those during whose logins another process sent logins of another account.
    """

    issued: str
    judged: int = 0
    own: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    # The latest ends of two accounts: answers are handed on in the order in which they came.
    _latest: list[_Latest] = field(default_factory=list)

    def add(self, exchange: Exchange) -> None:
        """Look at an exchange, whatever it is."""
        if exchange.case != RIGHT or exchange.answer is None:
            return
        account = exchange.request.account
        others = [one for one in self._latest if one.account != account][:1]
        began, ended = exchange.began, exchange.ended
        is_under_way = any(one.ended > began and one.began < ended for one in others)
        self._latest = [_Latest(account, began, ended), *others]
        if read(exchange).result_code != self.issued:
            return
        request = exchange.request
        of_another = names_another(
            document(exchange), request.said("memb_email"), request.said("company")
        )
        if of_another is not None:
            self.judged += is_under_way
            (self.foreign if of_another else self.own).add(account)

    def finish(self, tallies: Mapping[str, ClauseTally]) -> None:
        """Judge the run as a whole."""
        # SUC-9: under concurrent logins every answer is that of its own request.  "Answers to overlapping
        # requests are SUC-9's, not SUC-5's": those of an account that gets its own at other times.  An
        # account that never gets its own is SUC-5's, and where logins fail now and then SUC-8 goes first.
        tally = tallies[_CLAUSE]
        tally.judged = self.judged
        if not self.foreign or tallies[_STEADY].evidence:
            return
        if not self.judged and not self.foreign <= self.beside:
            return
        if not self.foreign <= self.own:
            return
        for _, _, clause_id in reversed(_SAYS):
            evidence = tallies[clause_id].evidence
            for likeness in [one for one in evidence if one[1] == _OF_ANOTHER]:
                found = evidence.pop(likeness)
                tallies[clause_id].judged -= found.count
                tally.judged = max(tally.judged, found.count)
                # One answer is told once, by the email where that is another one.
                tally.evidence.clear()
                tally.evidence[likeness] = found


def names_another(said: Any, memb_email: str, company: str) -> bool | None:
    """Tell whether the answer to a right login names another account, None where it names none."""
    sent_values = {"memb_email": memb_email, "company": company}
    found = [(member(said, pointer), sent_values[name]) for pointer, name, _ in _SAYS]
    named = [(value, sent) for (present, value), sent in found if present]
    if not named:
        return None
    return any(value != sent and not differs_in_case_only(value, sent) for value, sent in named)
