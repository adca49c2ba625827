"""Which cases a request stood for that deviates, so that each has to be sent by itself.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from ...contract.model import Case
from ...verdicts.model import Finding


def parts_to_tell_apart(
    cases: Mapping[str, Case],
    unsent: Collection[str],
    findings: Callable[[], Iterable[Finding]],
) -> list[str]:
    """Return the cases that were not sent, since a request which deviates stood for them.

    Where other requests deviate alike, there is nothing to be told apart.  `findings` are asked for only
    where a request has stood for others.
    """
    shared = {name for name, case in cases.items() if case.shares and name not in unsent}
    if not any(part in unsent for name in shared for part in cases[name].shares):
        return []
    found = [name for one in findings() if shared.issuperset(one.cases) for name in one.cases]
    parts = dict.fromkeys(part for name in found for part in cases[name].shares)
    return [name for name in parts if name in unsent]
