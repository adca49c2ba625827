"""What changed between the recorded facts and those of a page: facts, and what is only worth knowing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ...contract.facts import (
    Example,
    Facts,
    Parameter,
    ResultCode,
    json_type,
    members,
    normalised,
    placeholder,
    value_said,
)
from ...contract.facts import stated_value as stated

_LONGEST = 80
# A value that is the same in every language: a code, a date, an address; and not a sentence.
_NO_WORDS = re.compile(r"^[!-~]*$")
_RESULT_TEXT = re.compile(r"/result_msg$")
Item = TypeVar("Item", Parameter, ResultCode)


@dataclass(frozen=True)
class Change:
    """One difference: where, what it was and is, and the line in the page that is looked at.

    `key` is the message that says what kind of difference it is.  What `is_fact` is not is told, and
    changes no exit status.  What is gone has no line of its own: `line` is that of the table or the
    parent that it stood in, and `was` the line that it had on the recorded page.
    """

    key: str
    place: str
    old: str
    new: str
    line: int
    is_fact: bool = True
    was: int = 0


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
            yield Change("change-removed", place, was.type, "", line, was=was.line)
            continue
        now = after[place]
        if was.type != now.type:
            yield Change("change-type", place, was.type, now.type, now.line)
        yield from _required(place, was, now)
        # What is recorded is the description where it is a fact, and nothing where it is prose.
        said_before, says_now = stated(old, was), stated(new, now)
        if said_before and said_before != value_said(now.description):
            yield Change("change-stated", place, said_before, value_said(now.description), now.line)
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
    for of in ("request", "response", "other"):
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
                yield Change(
                    "change-example-removed", was.name, "", "", new.line, not elsewhere, was.line
                )
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
                at = was.line_of(pointer)
                yield Change("change-removed", place, _shown(value), "", line, was=at)
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
        if same_language and normalised(words) != normalised(other):
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
            yield Change("change-removed", place, was.text, "", line, was=was.line)
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
    """Yield the bindings that came or went between places that are on both pages.

    One between two examples is a fact.  One between a description and an example is a fact only where
    the example's words changed, and that another language does not tell.
    """
    was, now = _placeholders(old), _placeholders(new)
    same_language = old.language == new.language
    before, after = _by_examples(was), _by_examples(now)
    described = (_described(old, before), _described(new, after))
    for key, one, other in (("change-unbound", 0, 1), ("change-bound", 1, 0)):
        for pair in sorted((before, after)[one] - (before, after)[other]):
            if all(place in was and place in now for place in pair):
                changed = [place for place in pair if same_language and was[place] != now[place]]
                line = _line(new, changed[0] if changed else pair[1])
                yield Change(key, pair[1], pair[0], "", line)
        for sent, place in sorted(described[one] - described[other]):
            if place in was and place in now and _is_described(sent, old, new):
                is_fact = same_language and was[place] != now[place]
                if (sent, place) not in (before, after)[other]:
                    yield Change(key, place, sent, "", _line(new, place), is_fact)


def _placeholders(facts: Facts) -> Mapping[str, str]:
    """Return the words of each placeholder by its place."""
    return {
        f"{example.name} {pointer}": normalised(words)
        for example in facts.examples
        for pointer, value in members(example.value)
        if (words := placeholder(value)) is not None
    }


def _by_examples(words: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the places of a request and of a response whose examples have one placeholder."""
    sent = [place for place in words if place.startswith("request ")]
    came = [place for place in words if place.startswith("response ")]
    return {(one, other) for one in sent for other in came if words[one] == words[other]}


def _described(facts: Facts, by_examples: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the bindings that a page has by a description alone."""
    found = set()
    for group in facts.bindings:
        sent = [place for place in group if not place.startswith("response ")]
        came = [place for place in group if place.startswith("response ")]
        found |= {(one, other) for one in sent for other in came} - by_examples
    return found


def _is_described(place: str, old: Facts, new: Facts) -> bool:
    """Tell whether both pages have a parameter: one that came or went is told by itself."""
    return all(place in {one.place for one in facts.parameters} for facts in (old, new))


def _line(facts: Facts, place: str) -> int:
    for example in facts.examples:
        if place.startswith(f"{example.name} /"):
            return example.line_of(place.rpartition(" ")[2])
    return facts.line
