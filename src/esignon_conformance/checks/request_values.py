"""What a request sent at a place of the page, such as ``path companyId`` or ``request /body/x``."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from ..contract.model import Operation
from ..transport.json_reader import member, read_json
from ..transport.messages import Request

_VARIABLE = re.compile(r"\\\{(\w+)\\\}")
# What an account fills is remembered with the request, however its body was then written.
_REMEMBERED = {"company": "company", "email": "memb_email", "password": "password"}


def sent_value(request: Request, place: str, operation: Operation) -> Any:
    """Return what stood at a place of a request, None where nothing did."""
    for role, filled in operation.account.items():
        if filled == place and role in _REMEMBERED:
            return request.said(_REMEMBERED[role])
    location, _, name = place.partition(" ")
    parts = urlsplit(request.target)
    if location == "path":
        pattern = _VARIABLE.sub(r"(?P<\1>[^/]+)", re.escape(operation.path))
        match = re.search(f"{pattern}$", parts.path)
        return unquote(match[name]) if match is not None else None
    if location == "query":
        return next(iter(parse_qs(parts.query).get(name, ())), None)
    if location == "header":
        return request.header(name)
    return member(read_json(request.body).value, name)[1]
