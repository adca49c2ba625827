"""Takes single facts of a changed page into those that are recorded, and leaves the others as they were."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from ...contract.facts import Example, Facts, Parameter, ResultCode, members
from ...i18n.message import say
from .drift import compare
from .text import PageError

Item = TypeVar("Item", Parameter, ResultCode)


def accepted(old: Facts, new: Facts, places: Collection[str]) -> Facts:
    """Return the recorded facts with those of a page at some places, by the names that a check gives them.

    Where nothing but prose differs then, they are the page's own, with its lines.  Raises `PageError`
    for a place of which no fact changed.
    """
    changed = list(dict.fromkeys(one.place for one in compare(old, new) if one.is_fact))
    for place in places:
        if place not in changed:
            known = ", ".join(changed) or "-"
            raise PageError(say("accept-none", fact=place, facts=known))
    result = replace(
        old,
        parameters=_items(old.parameters, new.parameters, places),
        codes=_items(old.codes, new.codes, places),
        examples=_examples(old.examples, new.examples, places),
        bindings=_bindings(old.bindings, new.bindings, places),
    )
    if "method" in places:
        result = replace(result, method=new.method, line=new.line)
    if "url" in places:
        result = replace(result, url=new.url, line=new.line)
    if any(one.is_fact for one in compare(result, new)):
        return result
    return replace(new, edition=old.edition)


def _place(item: Parameter | ResultCode) -> str:
    return item.place if isinstance(item, Parameter) else f"code {item.code}"


def _items(old: Sequence[Item], new: Sequence[Item], places: Collection[str]) -> tuple[Item, ...]:
    """Return rows of a table, those at the places as they are now, in the order of the page."""
    found = [one for one in old if _place(one) not in places]
    for index, one in enumerate(new):
        if _place(one) not in places:
            continue
        at = next((i for i, was in enumerate(old) if _place(was) == _place(one)), None)
        before = {_place(each) for each in (old[:at] if at is not None else new[:index])}
        found.insert(sum(_place(each) in before for each in found), one)
    return tuple(found)


def _examples(
    old: Sequence[Example], new: Sequence[Example], places: Collection[str]
) -> tuple[Example, ...]:
    """Return examples with what stands at the places in those of the page, whole ones by their names."""
    found: list[Example] = []
    left = list(new)
    for one in old:
        now = next((each for each in left if each.name == one.name), None)
        now = now or next((each for each in left if each.of == one.of), None)
        if now is None:
            if one.name not in places:
                found.append(one)
            continue
        left.remove(now)
        status = now.status if one.of in places else one.status
        found.append(replace(_with_members(one, now, places), status=status))
    return (*found, *(one for one in left if one.name in places))


def _with_members(one: Example, now: Example, places: Collection[str]) -> Example:
    value, lines = copy.deepcopy(one.value), dict(one.lines)
    current = dict(members(now.value))
    for place in places:
        of, _, pointer = place.rpartition(" ")
        if not pointer.startswith("/") or of not in (one.name, now.name, one.of):
            continue
        _set(value, pointer, current)
        lines = {at: line for at, line in lines.items() if not _is_within(at, pointer)}
        lines |= {at: line for at, line in now.lines.items() if _is_within(at, pointer)}
    return replace(one, value=value, lines=lines)


def _is_within(at: str, pointer: str) -> bool:
    return at == pointer or at.startswith(f"{pointer}/")


def _set(value: Any, pointer: str, current: dict[str, Any]) -> None:
    """Set or remove what stands at a pointer, where its parent is there."""
    *parents, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    for step in parents:
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return
    if isinstance(value, dict):
        value.pop(last, None)
        if pointer in current:
            value[last] = copy.deepcopy(current[pointer])
    elif isinstance(value, list) and pointer in current and last.isdigit():
        value[int(last) : int(last) + 1] = [copy.deepcopy(current[pointer])]


def _bindings(
    old: Iterable[tuple[str, ...]], new: Iterable[tuple[str, ...]], places: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    """Return the groups of places that stand for the same, the accepted ones in those of the page."""
    groups = [[place for place in group if place not in places] for group in old]
    for group in new:
        taken = [place for place in group if place in places]
        if not taken:
            continue
        home = next((one for one in groups if set(one) & set(group)), None)
        if home is None:
            groups.append(list(group))
        else:
            home += [place for place in taken if place not in home]
    return tuple(tuple(group) for group in groups if len(group) > 1)
