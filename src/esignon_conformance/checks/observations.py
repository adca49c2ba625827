"""What is recorded and never judged: the freedoms that the page leaves, as this target uses them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..contract.model import Clause
from ..json_text import member
from ..reading import REFUSED
from .dates import read_expiry
from .view import View, document


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
    logins = [one for one in view.owed() if one.request.account == "main"]
    if not logins:
        return {}
    found: dict[str, Any] = {}
    for name in ("access_token", "device_id", "expire_date"):
        values = [repr(member(document(one), f"/body/{name}")[1]) for one in logins]
        found[name] = "same" if len(set(values)) == 1 else "differs"
    forms: Counter[str] = Counter()
    for exchange in logins:
        value = member(document(exchange), "/body/expire_date")[1]
        expiry = read_expiry(value) if isinstance(value, str) else None
        forms[expiry.form if expiry else "unreadable"] += 1
    found["expire_date_form"] = ", ".join(sorted(forms))
    return found


def observe_refusals(view: View, _clause: Clause) -> dict[str, Any]:
    """Return what `body` is on failures, the HTTP status of each code, and the unknown company's code."""
    bodies: set[str] = set()
    statuses: dict[str, set[int]] = {}
    for exchange in view.answers():
        result = view.outcome(exchange)
        if result in REFUSED and exchange.answer is not None:
            present, body = member(document(exchange), "/body")
            shape = "members" if body else "null" if body is None else "empty object"
            bodies.add(shape if present else "absent")
            statuses.setdefault(result, set()).add(exchange.answer.status)
    unknown = sorted({view.outcome(one) for one in view.of_case("unknown-company")})
    found: dict[str, Any] = {"body": ", ".join(sorted(bodies))} if bodies else {}
    if statuses:
        found["status"] = {code: sorted(status) for code, status in sorted(statuses.items())}
    if unknown:
        found["unknown_company"] = ", ".join(unknown)
    return found
