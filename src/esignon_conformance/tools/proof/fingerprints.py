"""What a proof rests on, as a fingerprint: a server, its clauses and cases, and the checks that judge them.

A function is known by its byte code, its constants and whatever it names: a comment, a docstring or a line
more above it changes nothing, and a helper of a helper that changes does.
"""

from __future__ import annotations

import dataclasses
import dis
import functools
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from types import CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any, Final

_PACKAGE: Final = __name__.partition(".")[0]
_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))
_LENGTH = 16


class Fingerprints:
    """Takes fingerprints, and reads each function and class but once."""

    def __init__(self, *aside: Any) -> None:
        """Leave out of every fingerprint what `aside` reaches, but for its name."""
        # By the id of a function or class: what it is by itself, and the others that it names.  They are
        # kept, so that no other object gets the id of one of them.
        self._known: dict[int, tuple[str, tuple[Any, ...]]] = {}
        self._kept: list[Any] = []
        self._aside: frozenset[int] = frozenset()
        self._aside = frozenset(self._reached(aside)[1])

    def of(self, *roots: Any) -> str:
        """Return one fingerprint of values and of all that they reach in this package."""
        told, reached = self._reached(roots)
        # By its version Python makes other byte code.
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return _hash("\n".join([version, told, *sorted(reached.values())]))

    def _reached(self, roots: Any) -> tuple[str, dict[int, str]]:
        """Return values as text; and by its id each function and class that they reach, as text."""
        waiting: list[Any] = []
        told = _told(roots, waiting.append)
        reached: dict[int, str] = {}
        while waiting:
            one = waiting.pop()
            if id(one) not in reached and id(one) not in self._aside:
                reached[id(one)], named = self._read(one)
                waiting += named
        return told, reached

    def _read(self, one: Any) -> tuple[str, tuple[Any, ...]]:
        found = self._known.get(id(one))
        if found is None:
            named: list[Any] = []
            text = _of_class(one, named.append) if isinstance(one, type) else _of(one, named.append)
            found = self._known[id(one)] = _hash(text), tuple(named)
            self._kept.append(one)
        return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()[:_LENGTH]


def _is_ours(one: Any) -> bool:
    return (getattr(one, "__module__", None) or "").partition(".")[0] == _PACKAGE


def _of(function: FunctionType, name: Callable[[Any], None]) -> str:
    """Return what a function is by itself, and name what it reaches."""
    parts = [_code(function.__code__, function.__doc__)]
    parts.append(_told((function.__defaults__, function.__kwdefaults__), name))
    for cell in function.__closure__ or ():
        try:
            parts.append(_told(cell.cell_contents, name))
        except ValueError:
            parts.append("an empty cell")
    # An attribute that has the name of a global is none: a field `member` reaches no function `member`.
    reached = sorted(_globals(function.__code__) & function.__globals__.keys())
    names = _names(function.__code__)
    parts += (f"{one}={_global(function.__globals__[one], names, name)}" for one in reached)
    return "\n".join(parts)


def _global(value: Any, names: AbstractSet[str], name: Callable[[Any], None]) -> str:
    if isinstance(value, ModuleType):
        if value.__name__.partition(".")[0] != _PACKAGE:
            return value.__name__
        found = sorted(names & vars(value).keys())
        inside = (f"{each}={_told(vars(value)[each], name)}" for each in found)
        return f"{value.__name__}({', '.join(inside)})"
    return _told(value, name)


def _of_class(one: type, name: Callable[[Any], None]) -> str:
    ours = [base for base in one.__bases__ if _is_ours(base)]
    left_out = {"__doc__", "__module__", "__dict__", "__weakref__", "__annotations__"}
    parts = [
        f"{each}={_told(value, name)}"
        for each, value in sorted(vars(one).items())
        if each not in left_out and not each.startswith(("__dataclass", "_abc", "__abstract"))
    ]
    return "\n".join([one.__qualname__, _told(ours, name), *parts])


def _names(code: CodeType) -> set[str]:
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return set(code.co_names).union(*map(_names, inner))


def _globals(code: CodeType) -> set[str]:
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    loaded = {
        one.argval
        for one in dis.get_instructions(code)
        if one.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    return loaded.union(*map(_globals, inner))


def _code(code: CodeType, docstring: str | None = None) -> str:
    # Where a function has no docstring None stands first.
    without = (None if one is docstring else one for one in code.co_consts)
    constants = [
        _code(one) if isinstance(one, CodeType) else _told(one, lambda _: None) for one in without
    ]
    variables = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return f"{code.co_code.hex()} {constants} {variables} {code.co_exceptiontable.hex()}"


def _told(value: Any, name: Callable[[Any], None]) -> str:
    """Return a value as text, equal for equal ones, and name the functions and classes in it."""
    if isinstance(value, Enum):
        return f"{type(value).__qualname__}.{value.name}"
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, (FunctionType, type)):
        return _named(value, name)
    if isinstance(value, MethodType):
        return f"{_told(value.__func__, name)} of {_told(value.__self__, name)}"
    if isinstance(value, functools.partial):
        return f"partial {_told((value.func, value.args, value.keywords), name)}"
    if isinstance(value, re.Pattern):
        return f"{value.pattern!r} {value.flags}"
    if isinstance(value, (Mapping, MappingProxyType)):
        return _several(_told(one, name) for one in value.items())
    if isinstance(value, (list, tuple)):
        return _several(_told(one, name) for one in value)
    if isinstance(value, AbstractSet):
        return _several(sorted(_told(one, name) for one in value))
    return _object(value, name)


def _object(value: Any, name: Callable[[Any], None]) -> str:
    wrapped = getattr(value, "__wrapped__", None)
    if wrapped is not None:
        return _told(wrapped, name)
    if isinstance(value, (property, classmethod, staticmethod)):
        functions = (getattr(value, each, None) for each in ("fget", "__func__"))
        return _several(_told(one, name) for one in functions)
    if isinstance(value, functools.cached_property):
        return _told(value.func, name)
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if dataclasses.is_dataclass(value):
        fields = (getattr(value, one.name, None) for one in dataclasses.fields(value))
        return f"{_told(type(value), name)}{_several(_told(one, name) for one in fields)}"
    if _is_ours(type(value)):
        return f"{_told(type(value), name)}{_told(getattr(value, '__dict__', None), name)}"
    return f"{kind} {getattr(value, '__qualname__', '')}"


def _named(value: Any, name: Callable[[Any], None]) -> str:
    if not _is_ours(value):
        return f"{value.__module__}.{value.__qualname__}"
    name(value)
    place = f"{value.__module__}.{value.__qualname__}"
    # One lambda is like the other by its name.
    if isinstance(value, FunctionType) and "<lambda>" in place:
        place += f" {_hash(_code(value.__code__))}"
    return place


def _several(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"
