"""What is recorded and never judged: the freedoms that the page leaves, as this target uses them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from ..contract.model import Clause
from ..json_text import member
from ..reading import is_refusal
from .dates import read_expiry
from .view import View, document

# The first that fits names a token; each later one takes in more.
_TOKEN_FORMS = {
    "JWT": re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII),
    "UUID": re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "hexadecimal": re.compile(r"[0-9a-fA-F]+"),
    "base64": re.compile(r"[\w+/-]+={0,2}", re.ASCII),
}
_MOST_VALUES = 3
_MANY = "(many)"
_LONGEST = 200


def observe_outcomes(view: View, clause: Clause) -> dict[str, Any]:
    """Return what each case of a clause came to."""
    found = {}
    for case in view.contract.cases_of(clause.id):
        outcomes = sorted({view.outcome(one) for one in view.of_case(case.id)})
        if outcomes:
            found[case.id] = ", ".join(outcomes)
    return found


def observe_successes(view: View, _clause: Clause) -> dict[str, Any]:
    """Return whether a repeated login gets the same values, and the form of `expire_date`."""
    logins = [one for one in view.owed if one.request.account == "main"]
    if not logins:
        return {}
    found: dict[str, Any] = {}
    for name in ("access_token", "device_id", "expire_date"):
        values = [repr(member(document(one), f"/body/{name}")[1]) for one in logins]
        found[name] = "same" if len(set(values)) == 1 else "differs"
    forms: Counter[str] = Counter()
    shapes: set[str] = set()
    tokens: set[str] = set()
    for exchange in logins:
        value = member(document(exchange), "/body/expire_date")[1]
        expiry = read_expiry(value) if isinstance(value, str) else None
        forms[expiry.form if expiry else "unreadable"] += 1
        # Only of what is a date: anything else may be a secret, which the scrubber knows as it is.
        shapes.add(re.sub(r"[0-9]", "0", value) if expiry else "unreadable")
        token = member(document(exchange), "/body/access_token")[1]
        tokens.add(_form_of_token(token) if isinstance(token, str) else "no string")
    found["expire_date_form"] = ", ".join(sorted(forms))
    found["expire_date_shape"] = _few(shapes)
    found["access_token_form"] = ", ".join(sorted(tokens))
    return found


def _form_of_token(token: str) -> str:
    return next((name for name, form in _TOKEN_FORMS.items() if form.fullmatch(token)), "other")


def _short(text: str) -> str:
    """Return a text as it is, or only that it is long: a part of a secret is none that anyone knows."""
    return text if len(text) <= _LONGEST else "(long)"


def _few(values: Collection[str]) -> str:
    """Return values as one text; so many that they seem to come by chance only as such."""
    return ", ".join(sorted(values)) if len(values) <= _MOST_VALUES else _MANY


def observe_refusals(view: View, _clause: Clause) -> dict[str, Any]:
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
    found: dict[str, Any] = {}
    if bodies:
        found |= {"body": ", ".join(sorted(bodies)), "media_type": _few(media_types)}
        found["status"] = {code: sorted(status) for code, status in sorted(statuses.items())}
        found["result_msg"] = {code: _few(text) for code, text in sorted(texts.items())}
    if unknown:
        found["unknown_company"] = ", ".join(unknown)
    if bodies or unknown:
        found["codes"] = {name: sorted(seen) for name, seen in sorted(codes.items())}
    return found
