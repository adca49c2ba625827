"""What is recorded and never judged: the freedoms that the page leaves, as this target uses them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..contract.model import Clause
from ..recording.response import is_refusal
from ..transport.json_reader import member
from ..transport.messages import Exchange
from .date_forms import NAMES
from .dates import Expiry, Unread, clock_of, read_expiry
from .view import View, document

# The first that fits names a token; each later one takes in more.
_TOKEN_FORMS = {
    "JWT": re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII),
    "UUID": re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "hexadecimal": re.compile(r"[0-9a-fA-F]+"),
    "base64": re.compile(r"[\w+/-]+={0,2}", re.ASCII),
}
_REPEATED = ("access_token", "device_id", "expire_date")
_OF_SUCCESSES = (
    "expire_date_form",
    "expire_date_shape",
    "expire_date_days_ahead",
    "access_token_form",
)
_SAME, _DIFFERS = "same", "differs"
_MOST_VALUES = 3
_MANY = "(many)"
_LONGEST = 200
_MOST_DAYS = 3650
# What differs from day to day in dates of one form, and what stands for it.
_OF_A_DAY = tuple(
    (re.compile(pattern), shape)
    for pattern, shape in (
        (r"[0-9]", "0"),
        (
            r"(?i)(?<![a-z])(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?)(?:day)?(?![a-z])",
            "Day",
        ),
        (rf"(?i)(?<![a-z])(?:{NAMES})(?![a-z])", "Month"),
        (r"[월화수목금토일](?=요일|\))", "요"),
        (r"오전|오후", "오전/오후"),
        (r"(?i)(?<![a-z])(?:am|pm)(?![a-z])", "AM/PM"),
    )
)
# Of a text that is no known form nothing is told but where letters, digits and signs stand.
_OF_ANY = ((re.compile(r"[0-9]"), "0"), (re.compile(r"[^\W\d_]+"), "a"))


# What some exchanges show by name: sorted lists, or such lists by name.  Lists of several parts of a
# recording can be joined, wherever one part ends and the next begins.
Seen = Mapping[str, Any]


@dataclass(frozen=True)
class Observation:
    """What is observed of a clause: what exchanges show, and how all that was seen is told."""

    seen: Callable[[View, Clause], Seen]
    told: Callable[[Seen], dict[str, Any]]

    def __call__(self, view: View, clause: Clause) -> dict[str, Any]:
        """Return what a recording as a whole shows of a clause."""
        return self.told(self.seen(view, clause))


def outcomes_seen(view: View, clause: Clause) -> Seen:
    """Return what each case of a clause came to."""
    found = {}
    for case in view.contract.cases_of(clause.id):
        outcomes = sorted({view.outcome(one) for one in view.of_case(case.id)})
        if outcomes:
            found[case.id] = outcomes
    return found


def _outcomes_told(seen: Seen) -> dict[str, Any]:
    return {case: ", ".join(outcomes) for case, outcomes in seen.items()}


def successes_seen(view: View, _clause: Clause) -> Seen:
    """Return whether a repeated login gets the same values; form and distance of `expire_date`."""
    logins = [one for one in view.owed if one.request.account == "main"]
    if not logins:
        return {}
    found = {}
    for name in _REPEATED:
        values = {repr(member(document(one), f"/body/{name}")[1]) for one in logins}
        found[name] = [_SAME if len(values) == 1 else _DIFFERS]
    seen: dict[str, set[str]] = defaultdict(set)
    for exchange in logins:
        value = member(document(exchange), "/body/expire_date")[1]
        expiry = read_expiry(value) if isinstance(value, str) else Unread.NONE
        seen["expire_date_form"].add(_form_of_date(expiry))
        seen["expire_date_shape"].add(_shape_of_date(value, expiry))
        if isinstance(expiry, Expiry):
            seen["expire_date_days_ahead"].add(_days_ahead(exchange, expiry))
        token = member(document(exchange), "/body/access_token")[1]
        seen["access_token_form"].add(
            _form_of_token(token) if isinstance(token, str) else "no string"
        )
    return found | {name: sorted(values) for name, values in seen.items()}


def _successes_told(seen: Seen) -> dict[str, Any]:
    return {
        name: (_DIFFERS if _DIFFERS in seen[name] else _SAME)
        if name in _REPEATED
        else _few(seen[name])
        for name in (*_REPEATED, *_OF_SUCCESSES)
        if name in seen
    }


def _form_of_date(expiry: Expiry | Unread) -> str:
    if isinstance(expiry, Expiry):
        return expiry.form
    return "unreadable" if expiry is Unread.NONE else "unknown"


def _shape_of_date(value: object, expiry: Expiry | Unread) -> str:
    """Return how a date is written.  What is none may be a secret, which the scrubber knows as it is."""
    if not isinstance(value, str) or expiry is Unread.NONE:
        return "unreadable"
    if len(value) > _LONGEST:
        return "(long)"
    for pattern, shape in _OF_A_DAY if isinstance(expiry, Expiry) else _OF_ANY:
        value = pattern.sub(shape, value)
    return value


def _days_ahead(exchange: Exchange, expiry: Expiry) -> str:
    """Return how many days a date lies ahead, rounded; of more than ten years only that it does."""
    header = exchange.answer.header("Date") if exchange.answer else None
    days = round((expiry.moment - clock_of(header, exchange.answered_at)) / timedelta(days=1))
    return str(days) if days <= _MOST_DAYS else f">{_MOST_DAYS}"


def _form_of_token(token: str) -> str:
    return next((name for name, form in _TOKEN_FORMS.items() if form.fullmatch(token)), "other")


def _short(text: str) -> str:
    """Return a text as it is, or only that it is long: a part of a secret is none that anyone knows."""
    return text if len(text) <= _LONGEST else "(long)"


def _few(values: Collection[str]) -> str:
    """Return values as one text; so many that they seem to come by chance only as such."""
    return ", ".join(sorted(values)) if len(values) <= _MOST_VALUES else _MANY


def refusals_seen(view: View, _clause: Clause) -> Seen:
    """Return what `body` is on failures, status and text of each code, codes by situation.

    Draws are left out of the last: what they send differs from run to run.
    """
    bodies: set[str] = set()
    media_types: set[str] = set()
    statuses: dict[str, set[int]] = defaultdict(set)
    texts: dict[str, set[str]] = defaultdict(set)
    codes: dict[str, set[str]] = defaultdict(set)
    for exchange in view.answers:
        result = view.outcome(exchange)
        if exchange.role == "case" and not view.case(exchange).is_drawn:
            codes[exchange.situation].add(
                view.contract.codes.issued if result == "issued" else result
            )
        if not is_refusal(result) or exchange.answer is None:
            continue
        present, body = member(document(exchange), "/body")
        shape = "members" if body else "null" if body is None else "empty object"
        bodies.add(shape if present else "absent")
        statuses[result].add(exchange.answer.status)
        media_types.add((exchange.answer.header("Content-Type") or "none").lower())
        text = member(document(exchange), "/header/result_msg")[1]
        texts[result].add(_short(text) if isinstance(text, str) else "no string")
    unknown = sorted({view.outcome(one) for one in view.of_case("unknown-company")})
    found: dict[str, Any] = {"body": sorted(bodies), "media_type": sorted(media_types)}
    found["status"] = {code: sorted(status) for code, status in sorted(statuses.items())}
    found["result_msg"] = {code: sorted(text) for code, text in sorted(texts.items())}
    found["unknown_company"] = unknown
    found["codes"] = {name: sorted(seen) for name, seen in sorted(codes.items())}
    return {name: seen for name, seen in found.items() if seen}


def _refusals_told(seen: Seen) -> dict[str, Any]:
    """Return what was seen of refusals; where there is none, the codes of successes say nothing."""
    found: dict[str, Any] = {}
    if "body" in seen:
        found |= {"body": ", ".join(seen["body"]), "media_type": _few(seen["media_type"])}
        found["status"] = seen["status"]
        found["result_msg"] = {code: _few(texts) for code, texts in seen["result_msg"].items()}
    if "unknown_company" in seen:
        found["unknown_company"] = ", ".join(seen["unknown_company"])
    return {**found, "codes": seen["codes"]} if found and "codes" in seen else found


observe_outcomes = Observation(outcomes_seen, _outcomes_told)
observe_successes = Observation(successes_seen, _successes_told)
observe_refusals = Observation(refusals_seen, _refusals_told)
