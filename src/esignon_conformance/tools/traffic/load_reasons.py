"""Why a load run does not judge a clause, where a file of recorded traffic says something else: a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...i18n.message import Message, say
from ...verdicts.model import Verdict

# What these look at is not among the requests of a load run: never a wrong password, no other method,
# company, media type or form.
NEVER_SENT: frozenset[str] = frozenset(
    {
        *("REQ-2", "REQ-3", "REQ-4", "REQ-5", "REQ-6", "REQ-7", "REQ-8"),
        *("REJ-1", "REJ-3", "REJ-4", "REJ-5", "REJ-6", "REJ-9", "REJ-13", "REJ-14"),
        *("SEC-2", "SEC-3", "SEC-6", "SEC-7"),
    }
)
# REJ-8: "header, body, memb_email or memb_pwd missing, null or of another JSON type": load leaves out
# memb_pwd alone, and "where a whole kind of them was left out, it is not judged".
ONE_KIND_SENT: frozenset[str] = frozenset({"REJ-8", "REJ-16"})
_NO_REQUEST = "traffic-no-request"
_IN_LOAD: Mapping[str, str] = {
    "traffic-no-bytes": "load-no-bytes",
    "traffic-no-steadiness": "load-no-steadiness",
    "traffic-unanswered": "load-gateway",
    "traffic-one-account": "load-one-account",
    "traffic-loopback": "load-loopback",
    "traffic-none": "load-nothing-sent",
    "traffic-weak-passwords": "load-weak-passwords",
}


def in_load(verdicts: Sequence[Verdict], reasons: Mapping[str, Message]) -> list[Verdict]:
    """Return the verdicts of a load run with reasons that are true of one."""
    return [
        one if one.reason is None else replace(one, reason=_reason(one, one.reason, reasons))
        for one in verdicts
    ]


def _reason(verdict: Verdict, reason: Message, reasons: Mapping[str, Message]) -> Message:
    clause, is_not_judged = verdict.clause, verdict.verdict == "not-judged"
    if is_not_judged and clause in NEVER_SENT:
        return say("load-never-sends")
    if reason.key in _IN_LOAD:
        return replace(reason, key=_IN_LOAD[reason.key])
    if not is_not_judged:
        return reason
    if reason.key != _NO_REQUEST:
        return reason
    if clause in reasons:
        return reasons[clause]
    if clause == "SUC-9":
        return say("load-own-answer")
    return say("load-none-answered")
