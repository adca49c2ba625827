"""stubby4node: endpoints that compare a body as JSON, or hold its text against a regular expression."""

from __future__ import annotations

import json

from ..reference.pipeline import Reason
from .files import Files, as_json
from .json_text import text_pattern
from .material import FAR_EXPIRY, Json, Material
from .stubs import LANGUAGE_PARAMETER, Stub, any_company_pattern, media_type_pattern, stubs

_OTHER_METHODS = ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")


def files(material: Material, port: int) -> Files:
    """Return the endpoints; stubby takes the first that fits."""
    path = f"^{any_company_pattern(material)}$"
    typed = {"content-type": f"^{_in_any_case(media_type_pattern(material))}$"}
    listed = list(stubs(material))
    # Of a request without a body stubby compares all but the body: such must not reach the right logins.
    empty = typed | {"content-length": "^0?$", "transfer-encoding": "^$"}
    unreadable = [one for one in listed if one.reason is Reason.UNREADABLE]
    endpoints = [
        *(_endpoint(material, one, path, empty) for one in unreadable),
        *(_endpoint(material, one, path, typed) for one in listed),
        {"request": {"url": path, "method": material.method}, "response": {"status": 415}},
        {
            "request": {"url": path, "method": list(_OTHER_METHODS)},
            "response": {"status": 405, "headers": {"allow": material.method}},
        },
    ]
    return {"endpoints.json": as_json(endpoints)}


def _endpoint(material: Material, stub: Stub, path: str, headers: dict[str, str]) -> Json:
    request: Json = {"url": path, "method": material.method, "headers": headers}
    if stub.login is not None:
        request["url"] = f"^{material.path(stub.login.company)}$"
        request["json"] = json.dumps(material.request_of(stub.login), ensure_ascii=False)
    elif stub.schema is not None:
        request["post"] = text_pattern(stub.schema)
    if stub.language is not None:
        request["query"] = {LANGUAGE_PARAMETER: f"^{stub.language}$"}
    token = stub.login.token if stub.login is not None else ""
    return {
        "request": request,
        "response": {
            "status": 200,
            "headers": {
                "content-type": f"{material.media_type}; charset=utf-8",
                "cache-control": "no-store",
            },
            "body": json.dumps(stub.answer(material, token, FAR_EXPIRY), ensure_ascii=False),
        },
    }


def _in_any_case(pattern: str) -> str:
    r"""Return a pattern whose letters are of either case; what follows a backslash stays as it is."""
    made, escaped = [], False
    for one in pattern:
        made.append(f"[{one.lower()}{one.upper()}]" if one.isalpha() and not escaped else one)
        escaped = one == "\\" and not escaped
    return "".join(made)
