"""Which clauses and cases a change of the page touches, told from the places that clauses name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...contract.bindings import plain_place
from ...contract.model import Case, Clause, Contract
from .drift import Change

# Under which heading of the page a clause stands that speaks of a kind of place as a whole.
_HEADINGS = {
    "path": r"Path Parameters",
    "header": r"Headers",
    "request": r"Request Body\b(?! Example)",
    "response": r"Response Body Example",
    "code": r"Response Body header\.result_code(?!:)",
}


@dataclass(frozen=True)
class Touched:
    """The ids of the clauses and of the cases that a change touches."""

    clauses: tuple[str, ...]
    cases: tuple[str, ...]


def touched(change: Change, contract: Contract) -> Touched:
    """Return what a change touches: what names its place, or else what speaks of such places at all."""
    clauses = list(_naming(change, contract.clauses.values(), contract))
    if not clauses:
        kind = change.place.partition(" ")[0]
        heading = _HEADINGS.get(kind, re.escape(contract.operation.method))
        clauses = [one for one in contract.clauses.values() if re.search(heading, one.place)]
    ids = {one.id for one in clauses}
    cases = [
        one.id for one in contract.cases.values() if one.clause in ids or _patches(one, change)
    ]
    return Touched(tuple(one.id for one in clauses), tuple(cases))


def _naming(change: Change, clauses: Iterable[Clause], contract: Contract) -> Iterator[Clause]:
    kind, _, name = plain_place(change.place).partition(" ")
    words = list(_words(kind, name, change, contract))
    for clause in clauses:
        named = {clause.parameters.get("pointer"), clause.parameters.get("equals")}
        has_place = plain_place(change.place) in named or (kind == "response" and name in named)
        if has_place or any(_stands_in(word, clause) for word in words):
            yield clause


def _words(kind: str, name: str, change: Change, contract: Contract) -> Iterator[str]:
    """Yield the words by which a clause names a place in its own line about where it stands."""
    if kind in ("request", "response") and name.startswith("/"):
        yield ".".join(name.split("/")[1:])
        if change.key in ("change-added", "change-removed") and name.count("/") == 1:
            yield from ("Request Body",) if kind == "request" else ("Response Body Example",)
    elif kind == "code":
        yield from (f"{name}", f"header.result_code: {name}")
    elif change.key == "change-status":
        yield change.old
    elif kind in ("path", "query", "header"):
        yield name
    else:
        yield from (contract.operation.method, "https")


def _stands_in(word: str, clause: Clause) -> bool:
    if clause.parameters.get("outcomes") and word in clause.parameters["outcomes"]:
        return True
    return re.search(rf"(?<![\w./]){re.escape(word)}(?![\w.])", clause.place) is not None


def _patches(case: Case, change: Change) -> bool:
    """Tell whether a case varies the member of the request that changed."""
    kind, _, pointer = plain_place(change.place).partition(" ")
    paths = [str(operation.get(key, "")) for operation in case.patch for key in ("path", "from")]
    return kind == "request" and any(
        one == pointer or one.startswith(f"{pointer}/") for one in paths
    )
