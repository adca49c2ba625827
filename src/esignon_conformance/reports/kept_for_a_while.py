"""Answers that a cache kept for a while and gave to other requests.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..recording.response import read
from ..runner.run import Run
from ..transport.json_reader import read_json
from ..transport.messages import Exchange


def are_kept_for_a_while(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether each answer is byte for byte one that an earlier request on its path got.

    So is that of an unreadable body, which got a token, where right logins get a new one each time: no
    server that looks at a request at all answers so.
    """
    issued, method = run.contract.codes.issued, run.contract.operation.method
    before: dict[str, set[bytes]] = {}
    repeats: set[str] = set()
    bodies_of_logins: dict[str, set[bytes]] = {}
    is_unread_let_in = False
    for one in run.recording.exchanges:
        content, path = read(one).content, one.request.target.partition("?")[0]
        kept = before.setdefault(path, set())
        is_let_in = one.request.method == method and read(one).result_code == issued
        if content in kept:
            repeats.add(one.id)
            is_unread_let_in |= is_let_in and read_json(one.request.body).problem is not None
        elif is_let_in:
            bodies_of_logins.setdefault(path, set()).add(content)
        kept.add(content)
    is_fresh = any(len(own) > 1 for own in bodies_of_logins.values())
    return is_unread_let_in and is_fresh and all(one.id in repeats for one in shown)
