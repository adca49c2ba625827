"""Placeholders bind: places of a page that stand for the same thing, and the equalities they promise.

The page writes `{회사아이디}` in the answer and *describes* the path's `companyId` as 회사아이디, so what
the answer holds there is what the path had.  The words differ from edition to edition; what counts is
which places share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .facts import Example, Facts, Parameter, members, normalised, placeholder

_INDEX = re.compile(r"/\d+(?:/|$)")
_REQUEST = ("path", "query", "header", "request")


@dataclass(frozen=True)
class Equality:
    """What a binding promises: the member of the answer equals what was sent at a place."""

    pointer: str
    equals: str


def bindings_of(
    parameters: Sequence[Parameter], examples: Sequence[Example]
) -> tuple[tuple[str, ...], ...]:
    """Return the places that share a placeholder, in the order in which the page names them first."""
    in_examples = [
        (f"{example.name} {pointer}", words)
        for example in examples
        if example.of != "other"
        for pointer, value in members(example.value)
        if (words := placeholder(value)) is not None
    ]
    described = [(one.place, _described(one)) for one in parameters]
    shared = {normalised(words) for _, words in in_examples}
    groups: dict[str, dict[str, None]] = {}
    for place, words in (*described, *in_examples):
        if normalised(words) in shared:
            groups.setdefault(normalised(words), {})[place] = None
    return tuple(tuple(group) for group in groups.values() if len(_distinct(group)) > 1)


def _described(parameter: Parameter) -> str:
    return placeholder(parameter.description) or parameter.description


def _distinct(group: Iterable[str]) -> set[str]:
    """Return the places of a group, two examples of the same answer being one place."""
    return {plain_place(place) for place in group}


def plain_place(place: str) -> str:
    """Return a place without the HTTP status: ``response 200 /body/x`` is ``response /body/x``."""
    of, _, rest = place.partition(" ")
    return f"{of} {rest.rpartition(' ')[2]}" if of in ("request", "response") else place


def equalities(facts: Facts) -> tuple[Equality, ...]:
    """Return the equalities that the bindings of a page promise, in their order."""
    return tuple(dict.fromkeys(_equalities(facts)))


def _equalities(facts: Facts) -> Iterator[Equality]:
    for group in facts.bindings:
        sent = [
            place
            for place in group
            if place.partition(" ")[0] in _REQUEST and not _INDEX.search(place)
        ]
        for place in group:
            pointer = plain_place(place).partition(" ")[2]
            # What stands in a list may stand behind others of its kind, or in none.
            if place.startswith("response ") and sent and not _INDEX.search(pointer):
                yield Equality(pointer, plain_place(sent[0]))
