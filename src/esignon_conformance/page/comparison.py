"""What changed between the recorded facts and those of a page: facts, and what is only worth knowing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from .bindings import plain_place
from .facts import Example, Facts, Parameter, ResultCode, json_type, members, normalised, placeholder
from .facts import stated_value as stated

_LONGEST = 80
# A value that is the same in every language: a code, a date, an address; and not a sentence.
_NO_WORDS = re.compile(r"^[!-~]*$")
_RESULT_TEXT = re.compile(r"/result_msg$")
Item = TypeVar("Item", Parameter, ResultCode)


@dataclass(frozen=True)
class Change:
    """One difference: where, what it was and is, and the line in the page that is looked at.

    `key` is the message that says what kind of difference it is.  What `is_fact` is not is told, and
    changes no exit status.
    """

    key: str
    place: str
    old: str
    new: str
    line: int
    is_fact: bool = True


def compare(old: Facts, new: Facts) -> list[Change]:
    """Return what differs, facts and information, in the order of the page."""
    found = [
        *_operation(old, new),
        *_parameters(old, new),
        *_examples(old, new),
        *_codes(old, new),
        *_bindings(old, new),
    ]
    return sorted(dict.fromkeys(found), key=lambda change: change.line)


def _operation(old: Facts, new: Facts) -> Iterator[Change]:
    if old.method != new.method:
        yield Change("change-changed", "method", old.method, new.method, new.line)
    if old.url != new.url:
        yield Change("change-changed", "url", old.url, new.url, new.line)


# ---- parameters --------------------------------------------------------------------------------------


def _numbered(items: Iterable[tuple[str, Item]]) -> dict[str, Item]:
    """Return items by name; the second of a name has its number added, so that none is lost."""
    seen: Counter[str] = Counter()
    found = {}
    for name, item in items:
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = item
    return found


def _parameters(old: Facts, new: Facts) -> Iterator[Change]:
    before = _numbered((one.place, one) for one in old.parameters)
    after = _numbered((one.place, one) for one in new.parameters)
    for place, was in before.items():
        if place not in after:
            line = new.tables.get(was.location, new.line)
            yield Change("change-removed", place, was.type, "", line)
            continue
        now = after[place]
        if was.type != now.type:
            yield Change("change-type", place, was.type, now.type, now.line)
        yield from _required(place, was, now)
        # What is recorded is the description where it is a fact, and nothing where it is prose.
        said_before, says_now = stated(old, was), stated(new, now)
        if said_before and said_before != now.description:
            yield Change("change-stated", place, said_before, now.description, now.line)
        elif says_now and not said_before:
            yield Change("change-stated", place, "", says_now, now.line)
    for place, now in after.items():
        if place not in before:
            yield Change("change-added", place, "", now.type, now.line)


def _required(place: str, was: Parameter, now: Parameter) -> Iterator[Change]:
    if was.required == now.required:
        return
    words = {True: "true", False: "false", None: "-"}
    # That what is sent is required is inferred already: only a word against it is new.
    is_fact = now.required is False or was.required is False
    yield Change(
        "change-required", place, words[was.required], words[now.required], now.line, is_fact
    )


# ---- examples ----------------------------------------------------------------------------------------


def _examples(old: Facts, new: Facts) -> Iterator[Change]:
    for of in ("request", "response"):
        before = [one for one in old.examples if one.of == of]
        after = [one for one in new.examples if one.of == of]
        pairs = _paired(before, after)
        for was, now in pairs:
            if was.status != now.status:
                line = now.status_line or now.line
                yield Change("change-status", of, str(was.status), str(now.status), line)
            yield from _values(was, now, old.language == new.language)
        for was in before:
            if all(was is not one for one, _ in pairs):
                elsewhere = any(one.value == was.value for one in after)
                yield Change("change-example-removed", was.name, "", "", new.line, not elsewhere)
        for now in after:
            if all(now is not one for _, one in pairs):
                elsewhere = any(one.value == now.value for one in before)
                yield Change("change-example-added", now.name, "", "", now.line, not elsewhere)


def _paired(before: list[Example], after: list[Example]) -> list[tuple[Example, Example]]:
    """Pair the examples of one kind: by status first, then those with another one, in their order."""
    pairs: list[tuple[Example, Example]] = []
    left, right = list(before), list(after)
    for was in before:
        now = next((one for one in right if one.status == was.status), None)
        if now is not None:
            pairs.append((was, now))
            left.remove(was)
            right.remove(now)
    for with_status in (True, False):
        some = [one for one in left if (one.status is not None) is with_status]
        others = [one for one in right if (one.status is not None) is with_status]
        pairs += zip(some, others, strict=False)
    return pairs


def _values(was: Example, now: Example, same_language: bool) -> Iterator[Change]:
    before, after = dict(members(was.value)), dict(members(now.value))
    for pointer, value in before.items():
        place, line = f"{now.name} {pointer}", now.line_of(pointer)
        if pointer not in after:
            if _parent(pointer) in after or not _parent(pointer):
                yield Change("change-removed", place, _shown(value), "", line)
            continue
        found = after[pointer]
        if json_type(value) != json_type(found):
            yield Change(
                "change-type",
                place,
                f"{json_type(value)} {_shown(value)}",
                f"{json_type(found)} {_shown(found)}",
                line,
            )
        elif not isinstance(value, dict | list) and value != found:
            yield from _value(place, value, found, line, same_language)
    for pointer, found in after.items():
        if pointer not in before and (_parent(pointer) in before or not _parent(pointer)):
            line = now.line_of(pointer)
            yield Change("change-added", f"{now.name} {pointer}", "", _shown(found), line)


def _parent(pointer: str) -> str:
    return pointer.rpartition("/")[0]


def _value(place: str, old: Any, new: Any, line: int, same_language: bool) -> Iterator[Change]:
    """Yield the change of a value.  Of two placeholders only the places that share them count."""
    words, other = placeholder(old), placeholder(new)
    if words is not None and other is not None:
        if normalised(words) != normalised(other):
            yield Change("change-placeholder", place, _shown(old), _shown(new), line, is_fact=False)
        return
    is_text = False
    if isinstance(old, str) and words is None and other is None:
        if " ".join(old.split()) == " ".join(new.split()):
            return
        in_words = not (_NO_WORDS.match(old) and _NO_WORDS.match(new))
        is_text = in_words or _RESULT_TEXT.search(place) is not None
    is_fact = same_language or not is_text
    yield Change("change-changed", place, _shown(old), _shown(new), line, is_fact)


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return json_type(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# ---- result codes ------------------------------------------------------------------------------------


def _codes(old: Facts, new: Facts) -> Iterator[Change]:
    before = _numbered((f"code {one.code}", one) for one in old.codes)
    after = _numbered((f"code {one.code}", one) for one in new.codes)
    for place, was in before.items():
        if place not in after:
            line = new.tables.get("codes", new.line)
            yield Change("change-removed", place, was.text, "", line)
            continue
        now = after[place]
        if was.kind != now.kind and was.kind and now.kind:
            yield Change("change-kind", place, was.kind, now.kind, now.line)
        if was.text != now.text:
            is_fact = old.language == new.language
            yield Change("change-text", place, was.text, now.text, now.line, is_fact)
    for place, now in after.items():
        if place not in before:
            yield Change("change-added", place, "", now.text, now.line)


# ---- bindings ----------------------------------------------------------------------------------------


def _bindings(old: Facts, new: Facts) -> Iterator[Change]:
    was, now = _placeholders(old), _placeholders(new)
    before, after = _pairs(old), _pairs(new)
    for key, places, other in (
        ("change-unbound", before, after),
        ("change-bound", after, before),
    ):
        known = now if key == "change-unbound" else was
        told: set[str] = set()
        for first, place in places:
            both_there = _is_there(first, known, old, new) and _is_there(place, known, old, new)
            if (first, place) in other or place in told or not both_there:
                continue
            told.add(place)
            fact = _binds_by_examples(first, place, was, now, old.language == new.language)
            yield Change(key, place, first, "", _line(new, place), fact)


def _pairs(facts: Facts) -> list[tuple[str, str]]:
    """Return each binding as its first place with each other one."""
    return [(group[0], place) for group in facts.bindings for place in group[1:]]


def _placeholders(facts: Facts) -> Mapping[str, str]:
    """Return the words of each placeholder by its place."""
    return {
        f"{example.name} {pointer}": normalised(words)
        for example in facts.examples
        for pointer, value in members(example.value)
        if (words := placeholder(value)) is not None
    }


def _is_there(place: str, known: Mapping[str, str], old: Facts, new: Facts) -> bool:
    """Tell whether a place exists on both pages: one that came or went is told by itself."""
    parameters = [{one.place for one in facts.parameters} for facts in (old, new)]
    return place in known or all(place in each for each in parameters)


def _binds_by_examples(
    first: str, place: str, was: Mapping[str, str], now: Mapping[str, str], same_language: bool
) -> bool:
    """Tell whether a binding that came or went is a fact.

    It is one between two examples.  Between a description and an example it is one only where the
    example's words changed, which another language does not tell.
    """
    if first in was and first in now:
        return True
    return same_language and was.get(place) != now.get(place)


def _line(facts: Facts, place: str) -> int:
    for example in facts.examples:
        if place.startswith(f"{example.name} "):
            return example.line_of(place.rpartition(" ")[2])
    for one in facts.parameters:
        if one.place == plain_place(place):
            return one.line
    return facts.line
