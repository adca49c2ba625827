"""REJ-3: whether the refusals of two cases can be told apart, and so which emails have an account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..contract.model import Clause
from ..i18n.message import say
from ..transport.json_reader import member
from ..transport.messages import Exchange
from .deviation import Deviation
from .repeated import with_outcome
from .view import Judged, View, document

# How a body is framed and coded hangs on its length and on the moment (mod_deflate), and what is said of
# the connection on its age: nobody tells two accounts apart by these.
_OF_THE_TRANSFER = frozenset(
    {"content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive", "age"}
)


def indistinguishable(view: View, clause: Clause) -> Judged:
    # REJ-3: REJ-1 and REJ-2 cannot be told apart by HTTP status, header names, code, message or
    # members; what two answers to the same request differ in does not count.
    groups = [with_outcome(view, name) for name in clause.parameters["cases"]]
    if not all(groups):
        return
    apart = _apart(*([_features(one) for one in group] for group in groups))
    for index, group in enumerate(groups):
        for exchange in group:
            if apart and index == 1:
                got = say("told-apart-by", names=", ".join(apart))
                yield exchange, Deviation(say("told-apart-by-nothing"), got)
            else:
                yield exchange, None


def _features(exchange: Exchange) -> dict[str, object]:
    answer, value = exchange.answer, document(exchange)
    assert answer is not None  # noqa: S101 - it has an outcome
    found: dict[str, object] = {
        "status": answer.status,
        "result_code": member(value, "/header/result_code")[1],
        "result_msg": member(value, "/header/result_msg")[1],
        "members": tuple(sorted(_members(value))),
    }
    for name in {name.lower() for name, _ in answer.headers} - _OF_THE_TRANSFER:
        found[f"header {name}"] = True
    return found


def _members(value: object, pointer: str = "") -> Iterable[str]:
    if isinstance(value, dict):
        for name, child in value.items():
            # null is told apart from {} as a member from none.
            yield f"{pointer}/{name} {type(child).__name__}"
            yield from _members(child, f"{pointer}/{name}")


def _apart(left: Sequence[dict[str, object]], right: Sequence[dict[str, object]]) -> list[str]:
    """Return the features that tell two groups apart, leaving out what differs within a group.

    What is counted does not: (1/5) and (2/5) stand behind one message, which those without an account lack.
    """
    names = sorted({name for row in (*left, *right) for name in row})
    found = []
    for name in names:
        for reading in (repr, _uncounted):
            sides = [{reading(row.get(name)) for row in side} for side in (left, right)]
            if all(len(side) == 1 for side in sides) and sides[0] != sides[1]:
                found.append(name)
                break
    return found


def _uncounted(value: object) -> str:
    return re.sub(r"\d+", "0", repr(value))
