"""SEC-4: what a server tells of itself in cookies and members that are encoded and hide nothing."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Reason, Response
from .registry import add, changed
from .when import because

_TRACE = (
    "Traceback (most recent call last):\n"
    '  File "/srv/esignon/login.py", line 42, in read\n'
    "KeyError: 'memb_pwd'\n"
)
_no_member = because(Reason.MISSING_MEMBER)
_unreadable = because(Reason.UNREADABLE)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _gzip(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _flash(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """Remember the error for the next page, as sessions in cookies do."""
    right = STEPS.respond(request, decision, payload)
    if not _no_member(request, decision):
        return right
    cookie = f"flash={_base64(json.dumps({'error': _TRACE}))}; HttpOnly; Path=/".encode()
    return replace(right, headers=(*right.headers, (b"Set-Cookie", cookie)))


def _in_state(packing: Callable[[str], str]) -> Callable[..., Any]:
    def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Any:
        right = STEPS.header(request, decision, code, text)
        return {**right, "state": packing(_TRACE)} if _unreadable(request, decision) else right

    return header


add(
    "trace-in-flash-cookie",
    "SEC-4",
    "A missing member leaves its traceback in a cookie in base64.",
    changed(respond=_flash),
)
add(
    "trace-in-state-base64",
    "SEC-4",
    "What cannot be read gets a state that is its traceback in base64.",
    changed(header=_in_state(_base64)),
)
add(
    "trace-in-state-gzip",
    "SEC-4",
    "What cannot be read gets a state that is its traceback, compressed.",
    changed(header=_in_state(_gzip)),
)
