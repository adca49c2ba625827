"""Faults of one of several servers behind one address: replicas, or a version rolled out meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from ..application import Application, Event, Receive, Send
from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Reason
from ..world import World
from .registry import FAULTS, Build, add, changed

# By then plain wrong passwords have been sent, and most near misses have not.
_ROLLED_OUT_AT = 250
# Why a request is refused that a replica without the check lets in.
_UNCHECKED = frozenset(
    {
        Reason.WRONG_PASSWORD,
        Reason.UNKNOWN_EMAIL,
        Reason.UNKNOWN_COMPANY,
        Reason.BLOCKED_COMPANY,
    }
)


def _with_one(faulty: Build, takes: Callable[[int], bool]) -> Build:
    """Return how to build a right server, and a fault in its place for the requests of some numbers."""

    def build(world: World) -> Application:
        right, wrong = changed()(world), faulty(world)
        assert callable(right)  # noqa: S101 - it is an application and no server of sockets
        assert callable(wrong)  # noqa: S101 - nor is this one
        numbers = count()

        async def serve(scope: Event, receive: Receive, send: Send) -> None:
            await (wrong if takes(next(numbers)) else right)(scope, receive, send)

        return serve

    return build


def _everybody(request: LoginRequest, steps: Any) -> Decision:
    """Let in whoever sends what can be read, as a replica in which the check is switched off."""
    right = STEPS.decide(request, steps)
    return replace(right, reason=Reason.ISSUED) if right.reason in _UNCHECKED else right


def _every_second(number: int) -> bool:
    return number % 2 == 0


def _every_third(number: int) -> bool:
    return number % 3 == 0


def _later(number: int) -> bool:
    return number >= _ROLLED_OUT_AT


_ROWS = (
    (
        "one-of-two-takes-any-password",
        "REJ-1",
        "takes-any-password",
        _every_second,
        "One of two replicas in turn takes any password.",
    ),
    (
        "one-of-three-takes-any-password",
        "REJ-1",
        "takes-any-password",
        _every_third,
        "One of three replicas in turn takes any password.",
    ),
    (
        "rolled-out-takes-any-password",
        "REJ-1",
        "takes-any-password",
        _later,
        "A version that is rolled out during the run takes any password.",
    ),
    (
        "rolled-out-compares-12-characters",
        "SEC-2",
        "compares-first-12",
        _later,
        "A version that is rolled out during the run compares the first twelve characters only.",
    ),
    (
        "one-of-two-says-12-of-a-wrong-password",
        "REJ-11 REJ-1",
        "wrong-password-12",
        _every_second,
        "One of two replicas in turn answers a wrong password with 12.",
    ),
    (
        "rolled-out-says-12-of-a-wrong-password",
        "REJ-11 REJ-1",
        "wrong-password-12",
        _later,
        "A version that is rolled out during the run answers a wrong password with 12.",
    ),
)
for _name, _clauses, _fault, _takes, _sentence in _ROWS:
    add(_name, _clauses, _sentence, _with_one(FAULTS[_fault].build, _takes))

add(
    "one-of-two-lets-everybody-in",
    "REJ-1",
    "One of two replicas in turn lets in whoever sends what can be read.",
    _with_one(changed(decide=_everybody), _every_second),
)
add(
    "one-of-three-lets-everybody-in",
    "REJ-1",
    "One of three replicas in turn lets in whoever sends what can be read.",
    _with_one(changed(decide=_everybody), _every_third),
)
