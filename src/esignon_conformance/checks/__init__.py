"""The kinds of promise: one function each, pure, from exchanges to deviations.

`CHECKS` is the table that `clauses.yaml` names them from.  A check is one of four kinds: it looks at
one exchange (`exchange`), at the cases of its clause one by one (`case`), at the whole recording
(`recording`), or only observes (`observation`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ..contract.model import DRAWN_CLAUSES, Case, Clause, Contract
from . import (
    envelope,
    identity,
    leaks,
    lenient_bodies,
    observations,
    outcomes,
    own_body,
    repeated,
    same_value,
    success,
    told_apart,
    which_code,
)
from .view import ExchangeCheck, Judged, View, has_to_succeed

_OF_EVERY_ANSWER = ("no-token-in-refusals", "password-not-returned", "no-internals")


@dataclass(frozen=True)
class Check:
    """A kind of promise.  Exactly one of the functions is set, as `kind` says."""

    kind: Literal["exchange", "case", "recording", "observation"]
    exchange: ExchangeCheck | None = None
    case: Callable[[View, Clause, Case], Judged] | None = None
    recording: Callable[[View, Clause], Judged] | None = None
    observation: observations.Observation | None = None
    needs_cases: bool = False
    every_method: bool = False
    needs_outcome: bool = False
    # Whether it looks at what had to succeed, and at no other case.
    of_successes: bool = False


def _exchange(function: ExchangeCheck, *, every_method: bool = False) -> Check:
    return Check("exchange", exchange=function, every_method=every_method)


def _case(
    function: Callable[[View, Clause, Case], Judged], *, needs_outcome: bool = False
) -> Check:
    return Check("case", case=function, needs_cases=True, needs_outcome=needs_outcome)


def _recording(function: Callable[[View, Clause], Judged], *, needs_cases: bool = False) -> Check:
    return Check("recording", recording=function, needs_cases=needs_cases)


def _successes(function: Callable[[View, Clause], Judged]) -> Check:
    return Check("recording", recording=function, of_successes=True)


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "own-body": _recording(own_body.own_body),
        "answered": _exchange(envelope.answered, every_method=True),
        "json-text": _exchange(envelope.json_text),
        "media-type": _exchange(envelope.media_type),
        "envelope": _exchange(envelope.envelope),
        "member": _exchange(envelope.envelope_member),
        "documented-members": _exchange(envelope.documented_members),
        "refusal-status": _recording(envelope.refusal_status),
        "logins-succeed": _recording(success.logins_succeed, needs_cases=True),
        "steady-success": _recording(success.steady_success),
        "success-body": _successes(success.success_body),
        "success-member": _successes(success.success_member),
        "success-equals": _successes(success.success_equals),
        "success-date": _successes(success.success_date),
        "success-header": _successes(success.success_header),
        "outcome": _case(outcomes.case_outcome, needs_outcome=True),
        "read-leniently": _case(lenient_bodies.read_leniently, needs_outcome=True),
        "outcome-of": _recording(which_code.outcome_of),
        "same-outcome": _case(same_value.same_outcome, needs_outcome=True),
        "same-code-each-time": _recording(repeated.same_code_each_time),
        "never-issues": _case(outcomes.never_issues),
        "method-not-allowed": _recording(outcomes.method_not_allowed),
        "no-token-in-refusals": _recording(outcomes.no_token_in_refusals),
        "documented-text": _recording(outcomes.documented_text),
        "indistinguishable": _recording(told_apart.indistinguishable),
        "own-answer": _recording(identity.own_answer, needs_cases=True),
        "distinct-tokens": _recording(identity.distinct_tokens),
        "transport-security": _recording(identity.transport_security),
        "password-not-returned": _recording(leaks.password_not_returned),
        "no-internals": _recording(leaks.no_internals),
        # Judged by the figures of a load run, which are in no exchange.
        "under-load": _recording(lambda _view, _clause: ()),
        "observe-outcomes": Check(
            "observation", observation=observations.observe_outcomes, needs_cases=True
        ),
        "observe-successes": Check("observation", observation=observations.observe_successes),
        "observe-refusals": Check("observation", observation=observations.observe_refusals),
    }
)


def needs_cases(clause: Clause) -> bool:
    """Tell whether a clause is judged by cases of its own."""
    return CHECKS[clause.check].needs_cases


def looks_at(clause: Clause, case: Case, contract: Contract) -> bool:
    """Tell whether the check of a clause looks at a case of it at all."""
    return not CHECKS[clause.check].of_successes or has_to_succeed(case, contract)


def judged_by_case(clause: Clause) -> bool:
    """Tell whether each case of a clause has a verdict of its own."""
    return CHECKS[clause.check].kind == "case"


def looks_at_draws(clause: Clause) -> bool:
    """Tell whether what a draw shows of a clause is told by a test of its own.

    These are the clauses that judge what a draw comes to, and those that hold for every answer.
    """
    holds_always = CHECKS[clause.check].kind == "exchange" or clause.check in _OF_EVERY_ANSWER
    return clause.id in DRAWN_CLAUSES or holds_always


def exchange_check(name: str) -> ExchangeCheck | None:
    """Return the function of a check that looks at single exchanges, None for any other."""
    return CHECKS[name].exchange
